"""Pure: when somebody is free. Hours of the clock on the wall become real moments, also when clocks change.

An hour that a day has twice is worked twice as long as the wall says; one that is skipped is not there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

STEP = 5  # minutes: calls begin on these


@dataclass(frozen=True, slots=True)
class Stretch:
    """From a moment to a later one, both in UTC."""

    begins: datetime
    ends: datetime

    @property
    def minutes(self) -> int:
        return int((self.ends - self.begins).total_seconds() // 60)


def moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """In UTC: a time the wall skips is as long after midnight as it says; of two the earlier."""
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def free(
    day: date, begins: time, ends: time, zone: ZoneInfo, *, taken: Iterable[Stretch], since: datetime
) -> list[Stretch]:
    """What is left of the working hours of a day: without what is taken, and from `since` on."""
    start = max(moment(day, begins, zone), rounded_up(since.astimezone(UTC)))
    left = [Stretch(start, moment(day, ends, zone))]
    for one in taken:
        left = [part for stretch in left for part in _without(stretch, one)]
    return [stretch for stretch in left if stretch.minutes >= STEP]


def _without(stretch: Stretch, taken: Stretch) -> Sequence[Stretch]:
    if taken.ends <= stretch.begins or stretch.ends <= taken.begins:
        return [stretch]
    before = Stretch(stretch.begins, taken.begins)
    after = Stretch(rounded_up(taken.ends), stretch.ends)
    return [part for part in (before, after) if part.begins < part.ends]


def first_fit(stretches: Sequence[Stretch], minutes: int) -> tuple[Stretch, list[Stretch]] | None:
    """The earliest so many minutes in a row, and what is free then. None when there is no such stretch."""
    for place, one in enumerate(stretches):
        if one.minutes >= minutes:
            found = Stretch(one.begins, one.begins + timedelta(minutes=minutes))
            rest = _without(one, found)
            return found, [*stretches[:place], *rest, *stretches[place + 1 :]]
    return None


def rounded_up(at: datetime) -> datetime:
    """To the next step of the clock, in UTC."""
    past = timedelta(minutes=at.minute % STEP, seconds=at.second, microseconds=at.microsecond)
    return at if not past else at - past + timedelta(minutes=STEP)
