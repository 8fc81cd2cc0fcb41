"""What is measured at each customer, and the files that come from the system they were in before.

Pure: no database. A value before its milestone's day never meets the threshold, one on or after it does.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bosai.demo.harbour.calendar import Calendar
from bosai.demo.orchard.cast import Grower

METRICS = ("booked-online", "calendars-in-use", "booked-online", "no-shows", "moved-by-themselves")
"""That of each milestone, in their order."""
MONTH = 28  # days
MONTHS = 2  # of readings before the first week


@dataclass
class Row:
    """A customer with the days of their story."""

    grower: Grower
    began_on: date
    ends_on: date | None
    reached_on: list[date]

    @property
    def outcome(self) -> list[object]:
        """In their words, who said so, and when."""
        return [self.grower.outcome, "sign-up form", self.began_on] if self.grower.outcome else ["", "", ""]

    def stands(self, day: date) -> bool:
        return self.began_on <= day and (self.ends_on is None or day < self.ends_on)

    def reached(self, day: date) -> int:
        return sum(1 for one in self.reached_on if one <= day)

    def value(self, metric: str, day: date) -> float:
        dice, reached = self.grower.dice(f"{metric}:{day.toordinal()}"), self.reached(day)
        if metric == "booked-online":
            if reached == 0:
                return 0.0
            return round(
                dice.uniform(34, 46) + 5 * reached if reached > 2 else dice.uniform(3, 16) * reached, 1
            )
        if metric == "calendars-in-use":
            return round(dice.uniform(80, 100) if reached > 1 else dice.uniform(15, 78))
        if metric == "no-shows":
            return round(dice.uniform(1.8, 5) if reached > 3 else dice.uniform(5.4, 13), 1)
        return round(dice.uniform(75, 93) if reached > 4 else dice.uniform(20, 73))

    def of_week(self, day: date) -> dict[str, float]:
        """What the milestone they are at goes by; at the end how much is booked online."""
        at = self.reached(day - timedelta(days=7))
        metric = METRICS[at] if at < len(METRICS) else "booked-online"
        return {metric: self.value(metric, day)}

    def before(self, day: date) -> Iterator[tuple[date, str]]:
        """What the system before knew: each milestone's day, and a value a month."""
        for metric, reached_on in zip(METRICS, self.reached_on, strict=False):
            if reached_on <= day and self.stands(reached_on):
                yield reached_on, metric
        for months in range(1, MONTHS + 1):
            on = day - timedelta(days=MONTH * months)
            if self.stands(on) and on not in self.reached_on:
                yield on, "booked-online"


def rows(growers: Iterable[Grower], targets: list[int], calendar: Calendar) -> list[Row]:
    return [
        Row(
            grower,
            calendar.day(grower.started),
            None if grower.left is None else calendar.day(grower.left),
            grower.reached_on(targets, calendar.today),
        )
        for grower in growers
    ]


def files(those: list[Row], *, journey: str) -> dict[str, bytes]:
    """Kind → file, in the order in which they go in."""
    return {
        "customers": _csv(
            "key,name,segment,owner,outcome,outcome_by,outcome_on",
            (
                [each.key, each.name, each.segment, each.owner.email, *row.outcome]
                for each, row in ((row.grower, row) for row in those)
            ),
        ),
        "contacts": _csv(
            "customer,name,address,primary",
            (
                [row.grower.key, person.name, person.address, "no" if n else "yes"]
                for row in those
                for n, person in enumerate(row.grower.people)
            ),
        ),
        "enrolments": _csv(
            "customer,journey,started_on", ([row.grower.key, journey, row.began_on] for row in those)
        ),
    }


def _csv(header: str, lines: Iterable[list[object]]) -> bytes:
    file = io.StringIO()
    csv.writer(file).writerows([header.split(","), *lines])
    return file.getvalue().encode()
