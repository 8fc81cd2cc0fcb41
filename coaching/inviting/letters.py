"""The messages of an invitation, put in the post within the caller's transaction; a newer one replaces those
that wait.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from coaching.inviting import entries
from coaching.inviting.entries import Entry, Method, Person
from coaching.models import CallInvitation
from organisations.models import Organisation
from post import posting
from post.linking import UNSUBSCRIBE
from post.models import Delivery, Recipient
from post.recalling import recall
from ui.mail import RenderedMail, render_mail

HOLD = timedelta(minutes=2)
"""What was ticked by mistake can be taken back for so long, and nobody has heard of it."""
PURPOSE = Delivery.Purpose.APPOINTMENT
State = Delivery.State
MAY_HAVE_LEFT = (State.SENDING, State.SENT, State.UNCERTAIN, State.SIMULATED)


def request(invitation: CallInvitation, *, now: datetime) -> None:
    """Ask, or tell how it is now. The invitation says already what is to be told."""
    _recall(invitation, _("a newer one takes its place"))
    is_first = not left(invitation)
    if _was_posted(invitation):
        invitation.sequence += 1
    invitation.asked_in = invitation.sequence
    invitation.save()
    _post(invitation, Method.REQUEST, now=now, is_first=is_first)


def cancel(invitation: CallInvitation, *, now: datetime, is_told: bool) -> None:
    """Take it back: what waits does not leave; whoever may have the request hears that it is off."""
    _recall(invitation, invitation.get_ended_why_display())
    if is_told and left(invitation):
        invitation.sequence += 1
        invitation.save()
        _post(invitation, Method.CANCEL, now=now)


def left(invitation: CallInvitation) -> Collection[int]:
    """The sequences of the messages their reader may have."""
    rows = Delivery.objects.filter(purpose=PURPOSE, subject_key__in=invitation.keys())
    keys = set(rows.filter(state__in=MAY_HAVE_LEFT).values_list("subject_key", flat=True))
    return {n for n in range(invitation.sequence + 1) if invitation.key(n) in keys}


def hold_back(invitation: CallInvitation) -> None:
    """What waits does not leave."""
    _recall(invitation, _("the call is on again"))


def _was_posted(invitation: CallInvitation) -> bool:
    return Delivery.objects.filter(purpose=PURPOSE, subject_key__in=invitation.keys()).exists()


def _recall(invitation: CallInvitation, why: str) -> None:
    recall(purpose=PURPOSE, subject_keys=invitation.keys(), why=why)


def _post(invitation: CallInvitation, method: Method, *, now: datetime, is_first: bool = False) -> None:
    recipient, touchpoint = invitation.recipient, invitation.touchpoint
    if recipient is None:
        return
    organisation = recipient.organisation = touchpoint.organisation
    with timezone.override(recipient.tzinfo()), translation.override(_language(recipient, organisation)):
        entry = _entry(invitation, recipient, organisation)
        about = {"is_first": is_first, "now": now}
        mail = _mail(invitation, recipient, entry, method, about)
        posting.post(
            organisation=organisation,
            purpose=PURPOSE,
            subject_key=invitation.key(invitation.sequence),
            recipient=recipient,
            mail=mail,
            now=now,
            due_at=now + HOLD,
            from_name=touchpoint.owner.name,
            reply_to=touchpoint.owner.email,
            customer_id=touchpoint.customer_id,
            calendar=entries.written(entry, method, now=now),
        )


def _entry(invitation: CallInvitation, recipient: Recipient, organisation: Organisation) -> Entry:
    csm = invitation.touchpoint.owner
    said = {"csm": csm.name, "organisation": organisation.name}
    return Entry(
        uid=invitation.uid,
        sequence=invitation.sequence,
        starts_at=invitation.starts_at,
        minutes=invitation.minutes,
        title=_("Call with %(csm)s, %(organisation)s") % said,
        about=_("Your answer goes to %(csm)s, %(address)s, by mail.")
        % {"csm": csm.name, "address": invitation.organizer},
        place=invitation.place,
        organizer=Person(csm.name, invitation.organizer),
        reader=Person(invitation.contact.name, recipient.address),
    )


def _mail(
    invitation: CallInvitation, recipient: Recipient, entry: Entry, method: Method, about: dict[str, Any]
) -> RenderedMail:
    organisation = recipient.organisation
    context: dict[str, Any] = {
        "organisation": organisation,
        "recipient": recipient,
        "unsubscribe_url": UNSUBSCRIBE,
        "invitation": invitation,
        "contact": invitation.contact,
        "customer": invitation.touchpoint.customer,
        "csm": invitation.touchpoint.owner,
        "ends_at": entry.starts_at + timedelta(minutes=entry.minutes),
        "zone": recipient.tzinfo().key,
        "place_is_link": entry.place.startswith("https://") and " " not in entry.place,
        **about,
    }
    template = "coaching/call_request" if method is Method.REQUEST else "coaching/call_off"
    return render_mail(template, context, _language(recipient, organisation))


def _language(recipient: Recipient, organisation: Organisation) -> str:
    return recipient.language or organisation.language
