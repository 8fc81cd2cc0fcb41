"""Calls that came due: raised once for each customer and day, accepted into the calendar, or skipped."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db import transaction

from coaching import scheduling
from coaching.alone import alone_with
from coaching.models import Occurrence, Touchpoint
from coaching.planning.faults import NoRoom, NoWhy
from coaching.planning.rooms import rooms_of, zone_of
from coaching.stretches import Stretch, first_fit
from customers.models import Customer
from organisations.models import Membership, Organisation, User


@dataclass(frozen=True, slots=True)
class Due:
    """With whom a call is due on which day, and what the rule of that day says of it."""

    customer: Customer
    due_on: date
    every_days: int
    minutes: int
    channel: str
    counts_from: datetime


@dataclass(frozen=True, slots=True)
class Pick:
    """A due call, and when it shall be."""

    due: Due
    starts_at: datetime
    purpose: str = ""


def raise_due(*, organisation: Organisation, dues: Sequence[Due], now: datetime) -> int:
    """Write down what is due by today; how many were not yet. Two at once write it once."""
    today = now.astimezone(organisation.tzinfo).date()
    rows = {(due.customer.pk, due.due_on): due for due in dues if due.due_on <= today}
    with transaction.atomic():
        known = set(
            Occurrence.objects.filter(customer__in=[pk for pk, _day in rows]).values_list(
                "customer_id", "due_on"
            )
        )
        new = [_row(organisation, due, now) for place, due in rows.items() if place not in known]
        Occurrence.objects.bulk_create(new, ignore_conflicts=True, batch_size=500)
    return len(new)


def accept(
    *, organisation: Organisation, owner: User, picks: Sequence[Pick], by: User, now: datetime
) -> list[Touchpoint]:
    """Plan all of these calls for one coach, or none: raises NoRoom, scheduling.CallInPast."""
    with transaction.atomic():
        members = Membership.objects.select_for_update().filter(organisation=organisation, user=owner)
        members.get(ended_at=None)  # one at a time fills these days
        _fit(organisation, owner, picks, now)
        return [_plan(organisation, owner, pick, by, now) for pick in picks]


def skip(*, organisation: Organisation, due: Due, why: str, by: User, now: datetime) -> Occurrence:
    """This time there is no call, for a reason; the next is due as if there had been one today.

    Raises NoWhy. One that is skipped already stays as it is.
    """
    if not why.strip():
        raise NoWhy
    with transaction.atomic():
        alone_with(due.customer)
        occurrence = _kept(organisation, due, now)
        if occurrence.skipped_at is None:
            occurrence.skipped_at, occurrence.skipped_by, occurrence.skipped_why = now, by, why.strip()
            occurrence.skipped_on = now.astimezone(organisation.tzinfo).date()
            occurrence.save()
            organisation.log(
                "occurrence_skipped", by=by, now=now, subject=occurrence, customer_id=due.customer.pk
            )
    return occurrence


def bring_back(*, occurrence: Occurrence, by: User, now: datetime) -> None:
    """It is due after all. One that is not skipped stays as it is."""
    with transaction.atomic():
        alone_with(occurrence.customer)
        row = Occurrence.objects.select_related("organisation").get(pk=occurrence.pk)
        if row.skipped_at is not None:
            row.skipped_at = row.skipped_on = row.skipped_by = None
            row.skipped_why = ""
            row.save()
            row.organisation.log(
                "occurrence_returned", by=by, now=now, subject=row, customer_id=row.customer_id
            )


def _fit(organisation: Organisation, owner: User, picks: Sequence[Pick], now: datetime) -> None:
    """Each has its minutes on its day, and is in nobody's way. Raises NoRoom."""
    zone = zone_of(owner, organisation)
    days = sorted({pick.starts_at.astimezone(zone).date() for pick in picks})
    if not days:
        return
    every = [days[0] + timedelta(days=n) for n in range((days[-1] - days[0]).days + 1)]
    rooms = {room.day: room for room in rooms_of(owner, every, organisation=organisation, now=now)}
    left = {day: room.left for day, room in rooms.items()}
    stretches = {day: list(room.stretches) for day, room in rooms.items()}
    for pick in sorted(picks, key=lambda one: one.starts_at):
        day = pick.starts_at.astimezone(zone).date()
        left[day] -= pick.due.minutes
        rest = _taken(stretches[day], pick)
        if left[day] < 0 or rest is None:
            raise NoRoom(pick.due.customer, day)
        stretches[day] = rest


def _taken(stretches: Sequence[Stretch], pick: Pick) -> list[Stretch] | None:
    """What is free afterwards; None when it is not free at that time."""
    begins = pick.starts_at.astimezone(UTC)
    for place, one in enumerate(stretches):
        if one.begins <= begins < one.ends:
            found = first_fit([Stretch(begins, one.ends)], pick.due.minutes)
            if found is None:
                return None
            before = [Stretch(one.begins, begins)] if one.begins < begins else []
            return [*stretches[:place], *before, *found[1], *stretches[place + 1 :]]
    return None


def _plan(organisation: Organisation, owner: User, pick: Pick, by: User, now: datetime) -> Touchpoint:
    due = pick.due
    planned = scheduling.plan(
        organisation=organisation,
        customer=due.customer,
        owner=owner,
        due_at=pick.starts_at,
        by=by,
        now=now,
        purpose=pick.purpose,
        terms=scheduling.Terms(minutes=due.minutes),
    )
    occurrence = _kept(organisation, due, now)
    occurrence.touchpoint = planned
    occurrence.save(update_fields=["touchpoint"])
    return planned


def _kept(organisation: Organisation, due: Due, now: datetime) -> Occurrence:
    """The row of this customer and day, made when nobody raised it yet."""
    made = _row(organisation, due, now)
    Occurrence.objects.bulk_create([made], ignore_conflicts=True)
    row: Occurrence = Occurrence.objects.get(customer=due.customer, due_on=due.due_on)
    return row


def _row(organisation: Organisation, due: Due, now: datetime) -> Occurrence:
    return Occurrence(
        organisation=organisation,
        customer=due.customer,
        due_on=due.due_on,
        every_days=due.every_days,
        minutes=due.minutes,
        channel=due.channel,
        counts_from=due.counts_from,
        raised_at=now,
        raised_on=now.astimezone(organisation.tzinfo).date(),
    )
