"""Digests that are due, put in the post: each member's once for each day or week, for ever.

The row's unique constraint makes it one when two run at once. Nothing to say, no mail. All reading is done
before anything is written, so that no counting holds up whoever writes.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone, translation

from dashboards.digests import channels, daily, weekly
from dashboards.digests.periods import Turn, turn_of
from dashboards.digests.sections import page_url
from dashboards.today.scope import Scope
from organisations.models import Membership, Organisation, Role
from organisations.sweeping import in_each_organisation
from post import posting
from post.linking import UNSUBSCRIBE, UNSUBSCRIBE_DAYS, LinkSpec
from post.models import Delivery, Digest
from ui.mail import RenderedMail, render_mail
from ui.moments import full_day

log = logging.getLogger(__name__)
MADE_AT_ONCE = 20
LONGEST_DAYS = 7  # however long ago the last digest was, news are not older


def send_all(*, now: datetime) -> int:
    """The same in every organisation."""
    return in_each_organisation(
        lambda organisation, at_most: send_due(organisation=organisation, now=now, at_most=at_most),
        part=MADE_AT_ONCE,
        what="digests",
    )


def send_due(*, organisation: Organisation, now: datetime, at_most: int = MADE_AT_ONCE) -> int:
    """How many digests were made, those without a mail included. One that fails holds up no other."""
    made = 0
    local = now.astimezone(organisation.tzinfo)
    with translation.override(organisation.language), timezone.override(organisation.tzinfo):
        for rhythm in (Membership.Digest.DAILY, Membership.Digest.WEEKLY):
            turn = turn_of(rhythm, local)
            if turn is None:
                continue
            for member in _waiting(organisation, rhythm, turn)[: at_most - made]:
                member.organisation = organisation
                made += _tried(member, period=turn.period, now=local)
            made += channels.send_due(organisation, rhythm, turn, now=local)
    return made


def _waiting(organisation: Organisation, rhythm: str, turn: Turn) -> QuerySet[Membership]:
    """Who asked for it, works here, and has not had it."""
    had = Digest.objects.filter(membership=OuterRef("pk"))
    members = (
        Membership.objects.filter(organisation=organisation, ended_at=None, digest=rhythm)
        .filter(~Exists(had.filter(period=turn.period)), user__is_active=True)
        .select_related("user")
        .order_by("pk")
    )
    return members.filter(Exists(had.filter(period__regex=turn.alike))) if turn.is_late else members


def _tried(member: Membership, *, period: str, now: datetime) -> bool:
    try:
        write = _day if member.digest == Membership.Digest.DAILY else _week
        _keep(member, write(member, now), period=period, now=now)
    except IntegrityError:
        return False  # another process made it a moment ago
    except Exception:
        log.exception("the digest %s of member %s failed", period, member.pk)
        return False
    return True


@transaction.atomic
def _keep(member: Membership, mail: RenderedMail | None, *, period: str, now: datetime) -> None:
    organisation = member.organisation
    digest = Digest.objects.create(organisation=organisation, membership=member, period=period, made_at=now)
    if mail is None:
        return
    digest.delivery = posting.post(
        organisation=organisation,
        purpose=Delivery.Purpose.DIGEST,
        subject_key=f"digest:{member.pk}:{period}",
        recipient=posting.recipient_for(organisation=organisation, address=member.user.email),
        mail=mail,
        now=now,
        links=[LinkSpec(UNSUBSCRIBE, "digest", member.pk, UNSUBSCRIBE_DAYS)],
    )
    digest.save(update_fields=["delivery"])


def _since(member: Membership, now: datetime) -> datetime:
    last: Digest | None = member.digests.order_by("-made_at").first()
    return max(last.made_at if last else now - timedelta(days=1), now - timedelta(days=LONGEST_DAYS))


def _day(member: Membership, now: datetime) -> RenderedMail | None:
    """As their Today: a CSM's own customers, everybody's for who manages or reads."""
    person = member.user if member.role == Role.CSM else None
    scope = _scope(member, now, viewer=member.user, person=person)
    sections = daily.sections(scope, since=_since(member, now))
    if not sections:
        return None
    said = ", ".join(section.said for section in sections)
    more = {"sections": sections, "said": said, "page": page_url("dashboards:today", member.organisation)}
    return _rendered("dashboards/digest_day", member, now, more | {"day": full_day(scope.today)})


def _week(member: Membership, now: datetime) -> RenderedMail | None:
    week = weekly.week(_scope(member, now, viewer=None, person=None))
    if week.is_empty:
        return None
    more = {"week": week, "page": page_url("dashboards:milestones", member.organisation)}
    return _rendered("dashboards/digest_week", member, now, more)


def _scope(member: Membership, now: datetime, **whose: Any) -> Scope:
    return Scope(organisation=member.organisation, can_write=member.can_write, now=now, **whose)


def _rendered(template: str, member: Membership, now: datetime, more: dict[str, Any]) -> RenderedMail:
    organisation = member.organisation
    context = {
        "organisation": organisation,
        "user": member.user,
        "now": now,
        "own_mails": page_url("post:own_mails", organisation),
        "unsubscribe_url": UNSUBSCRIBE,
    }
    return render_mail(template, context | more, organisation.language)
