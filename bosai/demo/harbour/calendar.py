"""Days and moments of the simulated months, counted back from now."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

MONTHS_BEGAN = 548  # days ago
WEEK = 7
MEASURED_AT, DATA_ARRIVES = 5, time(6, 10)
CALLS_FROM, CALLS_UNTIL = time(9), time(14)  # when today's first call may be


@dataclass(frozen=True)
class Calendar:
    now: datetime
    zone: ZoneInfo

    @cached_property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def day(self, days_ago: int) -> date:
        return self.today - timedelta(days=days_ago)

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        """That time of that day where the organisation is, in UTC."""
        return datetime.combine(day, time(hour, minute), tzinfo=self.zone).astimezone(UTC)

    def ago(self, days: int, hour: int, minute: int = 0) -> datetime:
        return self.at(self.day(days), hour, minute)

    @cached_property
    def ticks(self) -> list[date]:
        """The days on which data arrives: once a week, the last time this morning or yesterday's."""
        local = self.now.astimezone(self.zone)
        last = self.today if local.time() > DATA_ARRIVES else self.day(1)
        weeks = MONTHS_BEGAN // WEEK
        return [last - timedelta(days=WEEK * n) for n in range(weeks, -1, -1)]

    def tick_on_or_after(self, day: date) -> date:
        """The first day with data from this one on; also one that lies ahead."""
        behind = (day - self.ticks[-1]).days
        return self.ticks[-1] + timedelta(days=-(-behind // WEEK) * WEEK)

    def measured_at(self, day: date) -> datetime:
        """When the data of a day was so: early, and the same day for readers everywhere in Europe."""
        return self.at(day, MEASURED_AT)

    def ticks_ago(self, n: int) -> date:
        return self.ticks[-1 - n]

    @cached_property
    def first_call(self) -> datetime:
        """When today's calls begin: about now, within the hours of a working day."""
        local = self.now.astimezone(self.zone)
        quarter = local.replace(minute=local.minute - local.minute % 15, second=0, microsecond=0)
        begins = datetime.combine(self.today, CALLS_FROM, tzinfo=self.zone)
        ends = datetime.combine(self.today, CALLS_UNTIL, tzinfo=self.zone)
        return min(max(quarter, begins), ends).astimezone(UTC)


def workday(day: date) -> date:
    """This day, or the Monday after when it is at a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= 5 else 0)


def workday_before(day: date) -> date:
    """This day, or the Friday before when it is at a weekend."""
    return day - timedelta(days=max(0, day.weekday() - 4))
