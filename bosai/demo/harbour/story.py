"""How a customer's journey goes: when each milestone shows, is told, is answered. Pure: no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from random import Random

from bosai.demo.harbour.calendar import Calendar, workday
from bosai.demo.harbour.cast import Row

CONFIRMATION_TAKES = 6  # days from the data to the customer's yes
LEAST_APART = 9  # days between two milestones


class Answer(Enum):
    """What the customer says when asked."""

    YES = "yes"
    NOTHING = "nothing"
    MENDED = "not yet, and yes some weeks later"
    NO = "not yet"


@dataclass(frozen=True)
class Step:
    """A milestone of a journey as far as a story needs it."""

    key: str
    target_days: int
    metric: str
    is_claimed: bool
    needs_yes: bool


@dataclass(frozen=True)
class Reach:
    """How one milestone goes. What lies after today has not happened yet."""

    step: Step
    shown_on: date | None
    """The first day with data that meets it; None: no metric, or never."""
    told_at: datetime | None
    """When the CSM claims it, or asks the customer whether it is so."""
    answer: Answer = Answer.NOTHING
    answered_at: datetime | None = None

    @property
    def mended_at(self) -> datetime | None:
        """When somebody who said "not yet" says yes after all."""
        if self.answer is not Answer.MENDED or self.answered_at is None:
            return None
        return self.answered_at + timedelta(days=7 + self.answered_at.day % 7, hours=2)


@dataclass(frozen=True)
class Story:
    row: Row
    began_on: date
    ends_on: date | None
    reaches: tuple[Reach, ...]

    def at(self, day: date) -> int:
        """How many milestones have shown or been told by then: where the conversation stands."""
        return sum(1 for reach in self.reaches if (shown := _when(reach)) is not None and shown <= day)


def _when(reach: Reach) -> date | None:
    return reach.told_at.date() if reach.told_at else reach.shown_on


def tell(
    row: Row,
    steps: Sequence[Step],
    calendar: Calendar,
    *,
    began: int,
    last: Reach | None = None,
    answers: Mapping[str, Answer] | None = None,
) -> Story:
    """A customer's story on a journey that began so many days ago.

    `last` is how the milestone they are at goes, when that is known; those before it are fitted in. `answers`
    are known ones, by milestone.
    """
    dice = row.dice(steps[0].key)
    began_on = calendar.day(began)
    days = _days(row, steps, dice)
    place = next((n for n, step in enumerate(steps) if last and step == last.step), len(steps))
    if last is not None and place:
        days = _fitted(days[:place], before=((_when(last) or calendar.today) - began_on).days)
    reaches = [
        _reach(step, began_on, day, calendar, dice, (answers or {}).get(step.key))
        for step, day in zip(steps, days, strict=False)
    ]
    if row.stuck:
        reaches = reaches[: row.stuck - 1]
    ends_on = calendar.day(row.left) if row.left else None
    return Story(row, began_on, ends_on, (*reaches[:place], *([last] if last else [])))


def _days(row: Row, steps: Sequence[Step], dice: Random) -> list[float]:
    """Days from the start to each milestone, in order."""
    days: list[float] = []
    for step in steps:
        day = step.target_days * row.pace * dice.lognormvariate(0, 0.1)
        days.append(max(day, days[-1] + LEAST_APART if days else CONFIRMATION_TAKES + 2))
    return days


def _fitted(days: list[float], *, before: int) -> list[float]:
    """The same steps, in less time if need be, the last one well before that day."""
    room = max(before - 2 * CONFIRMATION_TAKES, 1)
    return [day * min(1.0, room / days[-1]) for day in days]


def _reach(
    step: Step, began_on: date, day: float, calendar: Calendar, dice: Random, known: Answer | None
) -> Reach:
    shown_on = None
    told_on = began_on + timedelta(days=round(day))
    if step.metric:
        shown_on = calendar.tick_on_or_after(began_on + timedelta(days=round(day) - CONFIRMATION_TAKES))
        told_on = shown_on + timedelta(days=dice.randint(0, 2))
    if not (step.is_claimed or step.needs_yes):
        return Reach(step, shown_on, None)
    told_at = calendar.at(workday(told_on), dice.choice((9, 10, 11, 14, 15)), dice.randint(0, 59))
    answer = known or _answer(step, dice)
    after = timedelta(days=dice.choice((0, 0, 1, 1, 2, 3, 4)), hours=dice.uniform(1, 6))
    answered_at = None if answer is Answer.NOTHING else told_at + after
    return Reach(step, shown_on, told_at, answer, answered_at)


def _answer(step: Step, dice: Random) -> Answer:
    """Who is needed answers nearly always; a claim alone is confirmed by two of three."""
    chance = dice.random()
    if step.needs_yes:
        return Answer.YES if chance < 0.9 else Answer.MENDED
    if chance < 0.6:
        return Answer.YES
    return Answer.MENDED if chance < 0.66 else Answer.NOTHING
