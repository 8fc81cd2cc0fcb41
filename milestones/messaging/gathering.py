"""One mail a week instead of single ones, for whoever wished for that: what was due by their day, gathered.

The row of the week and all its mail says are stored together, and its unique constraint makes it one: a crash
repeats and forgets nothing. What becomes due after their day is for the next; if Bosai stood still on that
day, it is made up once while the week lasts.
"""

import logging
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from milestones.messaging import weeks
from milestones.messaging.letters import Letter, letters_again
from milestones.messaging.noting import note, subject_key
from milestones.models import MessageWritten, WeeklyMail
from organisations.models import Organisation
from post import posting, wishes
from post.models import Delivery, Recipient
from post.recalling import WAITING, recall, reword

log = logging.getLogger(__name__)
MESSAGE, WEEK = Delivery.Purpose.MESSAGE, Delivery.Purpose.WEEK
PENDING = Delivery.State.PENDING


@dataclass(frozen=True, slots=True)
class Item:
    letter: Letter
    waiting: MessageWritten | None = None
    """What was to go by itself, until they wished for one mail a week."""


class Gathering:
    """What is due in one round to those who want one mail a week."""

    def __init__(self, organisation: Organisation, *, now: datetime) -> None:
        self.organisation, self.now = organisation, now
        self.items: dict[int, list[Item]] = defaultdict(list)
        """By recipient."""

    def take(self, letter: Letter, *, due_at: datetime, waiting: MessageWritten | None = None) -> None:
        """For this week's mail, if that is to be written now and its day has come when this was due."""
        recipient = letter.contact.recipient
        assert recipient is not None, "whoever is chosen has an address"
        recipient.organisation = self.organisation
        week = wishes.week_of(recipient, self.now)
        opened = wishes.opening(recipient, week)
        is_open = due_at <= opened <= self.now and (recipient.pk, week) not in self._had
        if is_open and not letter.missing():
            self.items[recipient.pk].append(Item(letter, waiting))

    def write(self, *, simulated: bool) -> int:
        """How many messages went into mails of the week."""
        self._take_what_waits()
        return sum(self._write(items, simulated=simulated) for items in self.items.values())

    @cached_property
    def _had(self) -> set[tuple[int, date]]:
        lately = WeeklyMail.objects.filter(week__gte=self.now.date() - timedelta(days=8))
        return set(lately.values_list("recipient_id", "week"))

    def _take_what_waits(self) -> None:
        rows = MessageWritten.objects.filter(
            delivery__state=PENDING,
            delivery__purpose=MESSAGE,
            delivery__recipient__wish=Recipient.Wish.WEEKLY,
        )
        found = {row.pk: row for row in rows}
        for pk, letter in letters_again(found.values(), organisation=self.organisation).items():
            self.take(letter, due_at=found[pk].written_at, waiting=found[pk])

    def _write(self, items: Sequence[Item], *, simulated: bool) -> int:
        try:
            with transaction.atomic():
                return self._posted(items, simulated=simulated)
        except IntegrityError:
            return 0  # another process wrote it a moment ago
        except Exception:
            log.exception("the mail of the week to recipient %s failed", items[0].letter.contact.recipient_id)
            return 0

    def _posted(self, items: Sequence[Item], *, simulated: bool) -> int:
        items = _still_waiting(items)
        if not items:
            return 0
        letters = [item.letter for item in items]
        recipient = letters[0].contact.recipient
        assert recipient is not None, "whoever is chosen has an address"
        organisation, now, csm = self.organisation, self.now, letters[0].csm
        week = wishes.week_of(recipient, now)
        row = WeeklyMail.objects.create(
            organisation=organisation, recipient=recipient, week=week, written_at=now
        )
        row.delivery = posting.post(
            organisation=organisation,
            purpose=WEEK,
            subject_key=f"{recipient.pk}:{week.isoformat()}",
            recipient=recipient,
            mail=weeks.draw(letters, organisation=organisation, now=now),
            now=now,
            from_name=csm.name if csm else "",
            reply_to=csm.email if csm else "",
            customer_id=weeks.customer_of(letters),
            links=weeks.links(letters, now=now),
            simulated=simulated,
        )
        row.save(update_fields=["delivery"])
        note([(item.letter, row.delivery) for item in items if not item.waiting], now=now)
        _move([item.waiting for item in items if item.waiting], row.delivery)
        return len(items)


def leave_out(
    rows: Collection[MessageWritten], *, why: str, organisation: Organisation, now: datetime
) -> None:
    """Take what is overtaken out of mails of the week that wait; a mail with nothing left does not go."""
    out = {row.pk for row in rows}
    for delivery_id in {row.delivery_id for row in rows}:
        with transaction.atomic():
            here = Delivery.objects.select_for_update().filter(pk=delivery_id, state__in=WAITING)
            delivery = here.first()
            if delivery is None:
                continue
            kept = MessageWritten.objects.filter(delivery=delivery).exclude(pk__in=out).order_by("pk")
            again = letters_again(kept, organisation=organisation)
            letters = [letter for letter in again.values() if not letter.missing()]
            if not letters:
                recall(purpose=WEEK, subject_keys=[delivery.subject_key], why=why)
                continue
            mail = weeks.draw(letters, organisation=organisation, now=now)
            reword(delivery, mail=mail, links=weeks.links(letters, now=now))
            MessageWritten.objects.filter(delivery=delivery, pk__in=out).update(delivery=None)


def _still_waiting(items: Sequence[Item]) -> list[Item]:
    """Without single mails that left a moment ago. The others cannot leave before this is stored."""
    ids = [item.waiting.delivery_id for item in items if item.waiting]
    locked = Delivery.objects.select_for_update().filter(pk__in=ids, state=PENDING)
    here = set(locked.values_list("pk", flat=True)) if ids else set()
    return [item for item in items if item.waiting is None or item.waiting.delivery_id in here]


def _move(rows: Collection[MessageWritten], delivery: Delivery) -> None:
    """Single mails that wait do not go: what they say is in this one."""
    if rows:
        keys = [subject_key(row.occasion, row.enrolment_id, row.milestone_key) for row in rows]
        recall(purpose=MESSAGE, subject_keys=keys, why=_("is in their one mail of the week"))
        MessageWritten.objects.filter(pk__in=[row.pk for row in rows]).update(delivery=delivery)
