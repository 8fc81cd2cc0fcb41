"""Pure: whether those who were treated by a day reached it more often afterwards. Asks no database.

A landmark comparison (Anderson, Cain and Gelber 1983, Journal of Clinical Oncology 1: 710–719): only who is
still on the way on day L is looked at, and who was treated is asked of the days up to L alone. So nobody is
credited for having lived long enough to be treated (immortal time). Compared is the cumulative incidence on
a later day, in which leaving competes (Aalen and Johansen); the interval is the percentile bootstrap (Efron
and Tibshirani 1993, chapter 13), each group drawn again by itself. A difference is no cause: nobody drew
lots.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from milestones.timelines import Observed

AGAIN, SEED = 400, 20260312
SHARE = 0.95
REACHED, LEFT, WAITING = range(3)
FEWEST, FEWEST_REACHED = 20, 10  # in each group, and reached in both together; below, nothing can be told


@dataclass(frozen=True, slots=True)
class Life:
    """One customer, in days from their start: until when they were seen, and how it ended then."""

    day: int
    has_reached: bool = False
    has_left: bool = False


@dataclass(frozen=True)
class Effect:
    """Two groups from the landmark on, as they were on day `until`."""

    at: int
    until: int
    treated: Observed
    others: Observed
    low: float | None = None
    high: float | None = None
    """The bounds of the difference; none where nothing can be told."""

    @property
    def treated_share(self) -> float:
        return share_by(self.treated, self.until - self.at)

    @property
    def others_share(self) -> float:
        return share_by(self.others, self.until - self.at)

    @property
    def difference(self) -> float:
        return self.treated_share - self.others_share

    @property
    def reached(self) -> int:
        """In both groups, by that day."""
        days = self.until - self.at
        return sum(n for one in (self.treated, self.others) for day, n in one.reached.items() if day <= days)

    @property
    def can_tell(self) -> bool:
        return (
            min(self.treated.n, self.others.n) >= FEWEST
            and self.reached >= FEWEST_REACHED
            and self.until > self.at
        )

    @property
    def is_more(self) -> bool:
        """More of the treated, and chance alone would hardly do it."""
        return self.low is not None and self.low > 0

    @property
    def is_less(self) -> bool:
        return self.high is not None and self.high < 0


def landmark(
    treated: Sequence[Life],
    others: Sequence[Life],
    *,
    at: int,
    until: int,
    again: int = AGAIN,
    seed: int = SEED,
) -> Effect:
    """Of those who were still on the way on day `at`, by day `until` or as long as both groups were seen.

    Whoever calls this has sorted them by what was so on day `at`, never later.
    """
    groups = (_from(treated, at), _from(others, at))
    until = min(until, *(at + seen for one in groups if (seen := _seen_until(one)) is not None), until)
    found = Effect(at, until, *groups)
    if not found.can_tell:
        return found
    low, high = _interval(groups, until - at, again, Random(seed))  # noqa: S311 - draws for an interval, no secret
    return Effect(at, until, *groups, low=low, high=high)


def _seen_until(observed: Observed) -> int | None:
    """The last day of which something is known; None: it ended for everybody, so all later days are known."""
    last = max(observed.days, default=None)
    return last if last is not None and observed.waiting[last] else None


def _from(lives: Sequence[Life], at: int) -> Observed:
    """Days count from the landmark on."""
    observed = Observed()
    for life in lives:
        if life.day <= at:
            continue
        where = observed.reached if life.has_reached else observed.left if life.has_left else observed.waiting
        where[life.day - at] += 1
    return observed


def share_by(observed: Observed, day: int) -> float:
    """The share that has reached it by a day: `timelines.incidence` without its variance."""
    return _share(_kinds(observed, day), observed.n)


def _kinds(observed: Observed, day: int) -> list[tuple[int, int, int]]:
    """What happened by that day: on which day, how it ended, to how many."""
    counts = (observed.reached, observed.left, observed.waiting)
    days = (one for one in observed.days if one <= day)
    return [(one, how, counts[how][one]) for one in days for how in range(3) if counts[how][one]]


def _share(kinds: Iterable[tuple[int, int, int]], n: int) -> float:
    """Of `n` customers, to some of whom these things happened, in order of the days."""
    staying, share, at_risk = 1.0, 0.0, n
    today, gone, began = -1, 0, n
    for day, how, count in kinds:
        if day != today:
            staying *= 1 - gone / began if began else 1.0
            today, gone, began = day, 0, at_risk
        if how == REACHED and began:
            share += staying * count / began
        gone += count if how != WAITING else 0
        at_risk -= count
    return round(share, 12)  # what floating point adds


def _interval(groups: Sequence[Observed], day: int, again: int, dice: Random) -> tuple[float, float]:
    first, second = (_shares_again(one, day, again, dice) for one in groups)
    found = sorted(a - b for a, b in zip(first, second, strict=True))
    return quantile_of(found, (1 - SHARE) / 2), quantile_of(found, (1 + SHARE) / 2)


def quantile_of(ordered: Sequence[float], share: float) -> float:
    """Between the two nearest, as far as the share lies between them."""
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def _shares_again(observed: Observed, day: int, again: int, dice: Random) -> list[float]:
    """The share by that day, of so many groups of the same size drawn from this one with putting back.

    What happened on which day is drawn as numbers of customers, so a large group takes no longer.
    """
    kinds, n = _kinds(observed, day), observed.n
    return [_share(_drawn(kinds, n, dice), n) for _time in range(again)]


def _drawn(kinds: Sequence[tuple[int, int, int]], n: int, dice: Random) -> Iterator[tuple[int, int, int]]:
    """A multinomial draw, one binomial draw after the other; the rest were seen longer."""
    wanted, among = n, n
    for day, how, count in kinds:
        drawn = dice.binomialvariate(wanted, count / among) if wanted else 0
        wanted, among = wanted - drawn, among - count
        yield day, how, drawn
