"""A journey's messages leave with its file and come in with one. That alone never writes to anybody."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from milestones.message_files import MessageSaid
from milestones.models import Journey, Message, Occasion
from milestones.outlines import Outline
from organisations.models import User


@dataclass(frozen=True, slots=True)
class Brought:
    """What came of the messages in a file."""

    taken: int = 0
    notes: tuple[str, ...] = ()
    """For people: what is switched off, and what stays as it was here."""


def messages_of(journey: Journey) -> list[MessageSaid]:
    """Every wording of its own, by milestone and in the order of the occasions."""
    order = list(Occasion)
    rows = sorted(
        Message.objects.filter(journey=journey),
        key=lambda row: (row.milestone_key, order.index(Occasion(row.occasion))),
    )
    return [_said(row) for row in rows]


def bring_in(
    *,
    journey: Journey,
    messages: Collection[MessageSaid],
    replace: bool = False,
    by: User | None,
    now: datetime,
) -> Brought:
    """Keep the wordings of a file where the journey has none of its own; others only with `replace`.

    A journey that writes already gets them switched off: nothing leaves that nobody here has looked at.
    """
    with transaction.atomic():
        rows = Message.objects.select_for_update().filter(journey=journey)
        own = {(row.milestone_key, row.occasion): row for row in rows}
        others = [one for one in messages if not _is_same(own.get((one.milestone_key, one.occasion)), one)]
        taken = [one for one in others if replace or (one.milestone_key, one.occasion) not in own]
        writes = journey.messages_since is not None
        for one in taken:
            _keep(journey, one, is_on=one.is_on and not writes, by=by, now=now)
        if taken:
            journey.organisation.log(
                "messages_brought_in",
                by=by,
                now=now,
                subject=journey,
                journey_id=journey.pk,
                count=len(taken),
            )
    is_off = writes and any(one.is_on for one in taken)
    return Brought(len(taken), tuple(_notes(len(taken), len(others) - len(taken), is_off=is_off)))


def follow_keys(*, journey: Journey, before: Outline, after: Outline) -> None:
    """A milestone that gets another key, before it was ever published, keeps its messages."""
    for one in after.milestones:
        was = before.milestone(one.handle)
        if was and was.key and one.key and was.key != one.key:
            rows = Message.objects.filter(journey=journey, milestone_key=was.key)
            taken = Message.objects.filter(journey=journey, milestone_key=one.key).values("occasion")
            rows.exclude(occasion__in=taken).update(milestone_key=one.key)


def _said(row: Message) -> MessageSaid:
    occasion = Occasion(row.occasion)
    said = (row.milestone_key, occasion, row.days, row.subject, row.body, row.is_on, row.asks_wording)
    return MessageSaid(*said)


def _is_same(row: Message | None, said: MessageSaid) -> bool:
    """Whether it reads alike and comes alike; whether it is on is for those to say who work here."""
    parts = ("days", "subject", "body", "asks_wording")
    return row is not None and all(getattr(row, part) == getattr(said, part) for part in parts)


def _keep(journey: Journey, said: MessageSaid, *, is_on: bool, by: User | None, now: datetime) -> None:
    Message.objects.update_or_create(
        organisation=journey.organisation,
        journey=journey,
        milestone_key=said.milestone_key,
        occasion=said.occasion,
        defaults={
            "is_on": is_on,
            "days": said.days,
            "subject": said.subject,
            "body": said.body,
            "asks_wording": said.asks_wording,
            "edited_at": now,
            "edited_by": by,
        },
    )


def _notes(taken: int, kept: int, *, is_off: bool) -> list[str]:
    notes = []
    if taken:
        words = ngettext("%(n)d message came in.", "%(n)d messages came in.", taken)
        notes.append(words % {"n": taken})
    if is_off:
        notes.append(_("They are switched off until somebody has read them: this journey writes already."))
    if kept:
        words = ngettext(
            "%(n)d message has other words here, which stay.",
            "%(n)d messages have other words here, which stay.",
            kept,
        )
        notes.append(words % {"n": kept})
    return notes
