"""A proposal for the week of one coach: what fits, when, and what is left out and why. Stores nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coaching.models import CadenceRule, Touchpoint
from coaching.packing import Item, pack
from coaching.planning import Room, rooms_of
from coaching.stretches import Stretch, first_fit
from customers.models import Customer
from dashboards.week.needs import Need, needs_of
from organisations.models import Organisation, User

LEAD = timedelta(minutes=30)  # nothing is proposed so soon: a person reads it first

type Pins = Mapping[int, date | None]
"""What a person decided: on which day a customer's call shall be; None: not this week."""


@dataclass(frozen=True)
class Line:
    """One proposed call."""

    need: Need
    day: date
    starts_at: datetime
    is_moved: bool


@dataclass(frozen=True)
class LeftOut:
    need: Need
    why: str


@dataclass
class Day:
    """One day of the week, with what stands there already and what is proposed."""

    room: Room
    lines: list[Line] = field(default_factory=list)
    stretches: list[Stretch] = field(default_factory=list)
    left: int = 0

    @property
    def day(self) -> date:
        return self.room.day

    @property
    def proposed(self) -> int:
        return sum(line.need.due.minutes for line in self.lines)

    @property
    def is_shown(self) -> bool:
        """A day that is over or off, and on which nothing stands, says nothing."""
        is_empty = not self.room.planned and not self.lines
        return not is_empty or (not self.room.is_over and (self.room.minutes > 0 or self.day.weekday() < 5))

    @property
    def rows(self) -> list[tuple[Touchpoint | None, Line | None]]:
        """What stands there and what is proposed, by the clock."""
        timed: list[tuple[datetime, int, Touchpoint | None, Line | None]] = [
            (one.due_at, one.pk, one, None) for one in self.room.planned
        ]
        timed += [(one.starts_at, one.need.customer.pk, None, one) for one in self.lines]
        return [(planned, line) for _at, _pk, planned, line in sorted(timed, key=lambda row: row[:2])]

    def put(self, need: Need, *, is_moved: bool = False) -> bool:
        """At its earliest. False: it does not fit."""
        found = first_fit(self.stretches, need.due.minutes) if self.left >= need.due.minutes else None
        if found is None:
            return False
        at, self.stretches = found
        self.left -= need.due.minutes
        self.lines.append(Line(need, self.day, at.begins, is_moved))
        return True


@dataclass(frozen=True)
class Week:
    """What is shown of it. `days` are the seven of the week, those that are over included."""

    coach: User
    days: list[Day]
    left_out: list[LeftOut]
    has_rules: bool
    possible: int
    """What could be worth most in the minutes that are left, at the very most."""

    @property
    def lines(self) -> list[Line]:
        return [line for day in self.days for line in day.lines]

    @property
    def worth(self) -> int:
        return sum(line.need.worth for line in self.lines)

    @property
    def proposed(self) -> int:
        return sum(day.proposed for day in self.days)

    @property
    def planned(self) -> int:
        return sum(day.room.planned_minutes for day in self.days)

    @property
    def minutes(self) -> int:
        return sum(day.room.minutes for day in self.days)

    @property
    def left(self) -> int:
        return sum(day.left for day in self.days)

    @property
    def open_days(self) -> list[Day]:
        """Those on which calls may be."""
        return [day for day in self.days if day.room.stretches]

    @property
    def is_best(self) -> bool:
        return self.worth >= self.possible


def propose(
    *,
    organisation: Organisation,
    coach: User,
    monday: date,
    now: datetime,
    pins: Pins | None = None,
) -> Week:
    """The week that begins on that Monday, on the coach's own clock."""
    pins = pins or {}
    dates = [monday + timedelta(days=n) for n in range(7)]
    rooms = rooms_of(coach, dates, organisation=organisation, now=now, since=now + LEAD)
    days = [Day(room, [], list(room.stretches), room.left) for room in rooms]
    own = Customer.objects.owned_by(coach)
    needs = needs_of(own, organisation=organisation, until=dates[-1], now=now)
    left_out = _pinned(days, [need for need in needs if need.customer.pk in pins], pins)
    rest = [need for need in needs if need.customer.pk not in pins]
    possible = sum(line.need.worth for day in days for line in day.lines)
    possible += _fill(days, rest)
    placed = {line.need.customer.pk for day in days for line in day.lines}
    left_out += [LeftOut(need, _why_not(need, days)) for need in rest if need.customer.pk not in placed]
    for day in days:
        day.lines.sort(key=lambda line: line.starts_at)
    return Week(coach, days, left_out, CadenceRule.objects.exists(), possible)


def _pinned(days: Sequence[Day], needs: Sequence[Need], pins: Pins) -> list[LeftOut]:
    by_date, left_out = {day.day: day for day in days}, []
    for need in needs:
        wanted = pins[need.customer.pk]
        day = by_date.get(wanted) if wanted else None
        if day is None:
            left_out.append(LeftOut(need, _("You left it out of this week.")))
        elif not day.put(need, is_moved=True):
            words = _("There is no room for %(minutes)d minutes on the day you chose: %(left)d are left.")
            left_out.append(LeftOut(need, words % {"minutes": need.due.minutes, "left": day.left}))
    return left_out


def _fill(days: Sequence[Day], needs: Sequence[Need]) -> int:
    """Put in what is worth most together; what could be possible at most."""
    by_key = {need.customer.pk: need for need in needs}
    items = [Item(pk, need.due.minutes, need.worth) for pk, need in by_key.items()]
    packing = pack(items, [day.left for day in days])
    places = _in_order(packing.place_of, by_key)
    homeless = []
    for place, day in enumerate(days):
        here = [need for need in needs if places.get(need.customer.pk) == place]
        homeless += [need for need in sorted(here, key=lambda one: -one.due.minutes) if not day.put(need)]
    rest = [need for need in needs if need.customer.pk not in places]
    for need in [*homeless, *rest]:  # minutes in a row may lie elsewhere
        any(day.put(need) for day in days)
    return packing.bound


def _in_order(places: Mapping[int, int], needs: Mapping[int, Need]) -> dict[int, int]:
    """Among calls of the same length, what is worth most comes first in the week."""
    found: dict[int, int] = {}
    for minutes in {needs[key].due.minutes for key in places}:
        same = [key for key in places if needs[key].due.minutes == minutes]
        slots = sorted(places[key] for key in same)
        first = sorted(same, key=lambda key: (-needs[key].worth, needs[key].due.due_on, key))
        found |= dict(zip(first, slots, strict=True))
    return found


def _why_not(need: Need, days: Sequence[Day]) -> str:
    minutes = need.due.minutes
    if not any(day.room.stretches for day in days):
        return _("There are no minutes for planned calls left this week.")
    if minutes > max(day.room.left for day in days):
        words = ngettext(
            "It takes %(n)d minute; no day of this week has so many left.",
            "It takes %(n)d minutes; no day of this week has so many left.",
            minutes,
        )
        return words % {"n": minutes}
    if any(day.left >= minutes for day in days):
        return _("There are enough minutes, but not in a row: planned calls stand between.")
    words = _("Other calls count more together in these minutes; this one counts %(worth)d and takes %(n)d.")
    return words % {"worth": need.worth, "n": minutes}
