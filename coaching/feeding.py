"""A member's planned calls for their calendar program, at a secret address that they make and end themselves.

The address is shown once, when it is made; only its hash is kept. It opens one person's planned calls and
nothing else, for as long as they work here and coach. Reading it writes nothing.
"""

import secrets
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from coaching.calendars import Appointment, Listing
from coaching.inviting.lengths import USUAL_MINUTES
from coaching.inviting.naming import uid_of
from coaching.models import CalendarFeed, Touchpoint
from organisations.access import colleagues
from organisations.models import Organisation, User


def make(*, organisation: Organisation, by: User, now: datetime) -> str:
    """One's own address, whole. It cannot be shown again, and the one before opens nothing any more."""
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        feed, is_first = CalendarFeed.objects.update_or_create(
            organisation=organisation, user=by, defaults={"token_hash": _hash(token), "made_at": now}
        )
        verb = "calendar_made" if is_first else "calendar_renewed"
        organisation.log(verb, by=by, now=now, subject=feed)
    return settings.BOSAI_URL + reverse("coaching:calendar_feed", args=[organisation.slug, token])


def switch_off(*, organisation: Organisation, user: User, by: User, now: datetime) -> bool:
    """Their address opens nothing any more. False when they had none."""
    with transaction.atomic():
        feed = CalendarFeed.objects.select_for_update().filter(user=user).first()
        if feed is None:
            return False
        organisation.log("calendar_off", by=by, now=now, subject=feed)
        feed.delete()
    return True


def whose(token: str, *, organisation: Organisation) -> User | None:
    """Whose calls it opens; None for any other text, and when they no longer coach here."""
    coaches = colleagues(organisation, who_write=True).filter(is_active=True)
    feeds = CalendarFeed.objects.filter(token_hash=_hash(token), user__in=coaches)
    feed = feeds.select_related("user").first()
    return feed.user if feed else None


def listing_of(user: User, *, organisation: Organisation) -> Listing:
    """Every call this person has planned, in the organisation's language."""
    planned = Touchpoint.objects.planned().filter(owner=user).soonest_first().with_usual_minutes()
    with override(organisation.language):
        return Listing(
            name=_("Calls at %(organisation)s") % {"organisation": organisation.name},
            zone=organisation.zone,
            appointments=tuple(_appointment(one, organisation) for one in planned),
        )


def _appointment(planned: Touchpoint, organisation: Organisation) -> Appointment:
    form = reverse("coaching:call_new", args=[organisation.slug, planned.customer_id])
    return Appointment(
        uid=uid_of(planned),
        starts_at=planned.due_at,
        minutes=planned.minutes or planned.usual_minutes or USUAL_MINUTES,
        title=_("Call with %(customer)s") % {"customer": planned.customer.name},
        about=planned.purpose,
        place=planned.place,
        url=settings.BOSAI_URL + form,
    )


def _hash(token: str) -> str:
    return sha256(token.encode(errors="replace")).hexdigest()
