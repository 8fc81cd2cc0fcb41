"""Pure: how long it takes to reach a milestone, estimated from counts of each day. Asks no database.

Who has not reached it yet is still on the way and counts as long as they have been seen; who left first
cannot reach it any more. Without anybody who left, the estimate is Kaplan and Meier's.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import erfc, exp, log, pi, sqrt

Z95 = 1.959963984540054
HALF, THREE_QUARTERS, NINE_TENTHS = 0.5, 0.75, 0.9
NEARLY = 1e-9  # what floating point adds and takes away


@dataclass
class Observed:
    """Customers by the day, counted from their start, on which each was seen last, and what was so then."""

    reached: Counter[int] = field(default_factory=Counter)
    left: Counter[int] = field(default_factory=Counter)
    """Left before they reached it."""
    waiting: Counter[int] = field(default_factory=Counter)
    """Still on the way, as far as is known."""

    @property
    def n(self) -> int:
        return self.reached.total() + self.left.total() + self.waiting.total()

    @property
    def days(self) -> list[int]:
        counts = (self.reached, self.left, self.waiting)
        return sorted({day for one in counts for day, n in one.items() if n})

    def staying(self) -> "Observed":
        """As if who left had only been lost from sight."""
        return Observed(self.reached, Counter(), self.waiting + self.left)


@dataclass(frozen=True, slots=True)
class Step:
    """One day on which somebody was seen last. `share` have reached it by then, of all who set out."""

    day: int
    at_risk: int
    """Still on the way when the day began."""
    reached: int
    left: int
    waiting: int
    share: float
    variance: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Quantile:
    """The first day by which that share has reached it, and the 95 % interval. None: not reached so far."""

    share: float
    day: int | None
    low: int | None
    high: int | None


def incidence(observed: Observed) -> list[Step]:
    """Cumulative incidence of reaching it where leaving competes, with the variance of the delta method.

    Aalen and Johansen (1978), Scandinavian Journal of Statistics 5: 141–150; the variance as in Marubini and
    Valsecchi (1995), Analysing Survival Data from Clinical Trials, chapter 10. Who reaches it on a day does
    so before others leave on it. Without leaving: 1 − Kaplan–Meier (1958) with Greenwood's variance (1926).
    """
    at_risk, staying, share = observed.n, 1.0, 0.0
    spent, spent_share, spent_square = 0.0, 0.0, 0.0  # sums of d/(n(n−d)), times F, times F²
    own, cross, cross_share = 0.0, 0.0, 0.0
    steps = []
    for day in observed.days:
        reached, left, waiting = observed.reached[day], observed.left[day], observed.waiting[day]
        gone = reached + left
        share += staying * reached / at_risk
        own += staying**2 * reached * (at_risk - reached) / at_risk**3
        covariance = staying * reached / at_risk**2
        cross, cross_share = cross + covariance, cross_share + covariance * share
        if gone < at_risk:
            part = gone / (at_risk * (at_risk - gone))
            spent, spent_share = spent + part, spent_share + part * share
            spent_square += part * share**2
        variance = share**2 * spent - 2 * share * spent_share + spent_square
        variance = max(0.0, variance + own - 2 * (share * cross - cross_share))
        steps.append(Step(day, at_risk, reached, left, waiting, share, variance, *_bounds(share, variance)))
        staying *= 1 - gone / at_risk
        at_risk -= gone + waiting
    return steps


def kaplan_meier(observed: Observed) -> list[Step]:
    """The share that would have reached it if nobody left: 1 − Kaplan–Meier, who left being censored."""
    return incidence(observed.staying())


def _bounds(share: float, variance: float) -> tuple[float | None, float | None]:
    """The 95 % interval, symmetric for log(−log(1 − share)); none where nobody or everybody has reached it.

    Kalbfleisch and Prentice (2002), The Statistical Analysis of Failure Time Data, section 1.4.
    """
    if not NEARLY < share < 1 - NEARLY or variance <= 0:
        return None, None
    rest = 1 - share
    spread = Z95 * sqrt(variance) / (rest * -log(rest))
    return 1 - rest ** exp(-spread), 1 - rest ** exp(spread)


def quantile(steps: list[Step], share: float) -> Quantile:
    """The first day by which that share has reached it; its interval is where the curve's bounds cross it.

    Brookmeyer and Crowley (1982), Biometrics 38: 29–41, with the bounds above. The median is the first day on
    which at most half have not reached it.
    """
    goal = share - NEARLY

    def first(values: list[float | None]) -> int | None:
        pairs = zip(steps, values, strict=True)
        return next((step.day for step, value in pairs if value is not None and value >= goal), None)

    day = first([step.share for step in steps])
    low = first([step.high if step.high is not None else step.share for step in steps])
    return Quantile(share, day, low, first([step.low for step in steps]))


def at_risk_on(steps: list[Step], day: float) -> int:
    """How many were still on the way when that day began."""
    return next((step.at_risk for step in steps if step.day >= day), 0)


@dataclass(frozen=True, slots=True)
class LogRank:
    """Whether groups reach it equally fast, and how often (`p`) chance alone does at least as much."""

    statistic: float
    freedom: int
    p: float


def log_rank(groups: list[Observed]) -> LogRank | None:
    """Mantel's and Cox's test that all groups reach it at the same rate while they are on the way.

    Mantel (1966), Cancer Chemotherapy Reports 50: 163–170; Kalbfleisch and Prentice (2002), section 1.5. Who
    left is on the way no longer. None when there is nothing to compare.
    """
    size = len(groups)
    at_risk = [group.n for group in groups]
    excess = [0.0] * size
    variances = [[0.0] * size for _ in range(size)]
    for day in sorted(set().union(*(group.days for group in groups))):
        reached, whole = sum(group.reached[day] for group in groups), sum(at_risk)
        spread = reached * (whole - reached) / (whole - 1) if whole > 1 else 0.0
        for i, group in enumerate(groups):
            share = at_risk[i] / whole
            excess[i] += group.reached[day] - reached * share
            for j in range(size):
                variances[i][j] += spread * share * ((i == j) - at_risk[j] / whole)
        for i, group in enumerate(groups):
            at_risk[i] -= group.reached[day] + group.left[day] + group.waiting[day]
    statistic, freedom = _quadratic_form(excess[:-1], [row[:-1] for row in variances[:-1]])
    return LogRank(statistic, freedom, chance(statistic, freedom)) if freedom else None


def _quadratic_form(values: list[float], matrix: list[list[float]]) -> tuple[float, int]:
    """v′ M⁻¹ v of a covariance matrix, over the part of it that varies; and the rank of that part."""
    rows = [[*row, value] for row, value in zip(matrix, values, strict=True)]
    total, rank = 0.0, 0
    while rows:
        place = max(range(len(rows)), key=lambda i: rows[i][i])
        pivot = rows[place][place]
        if pivot <= NEARLY:
            break
        chosen = rows.pop(place)
        total, rank = total + chosen[-1] ** 2 / pivot, rank + 1
        for row in rows:
            factor = row[place] / pivot
            row[:] = [value - factor * other for value, other in zip(row, chosen, strict=True)]
            del row[place]
    return total, rank


def chance(statistic: float, freedom: int) -> float:
    """How often chi-squared with so many degrees of freedom is larger: Abramowitz and Stegun, 26.4.4–5."""
    half = max(0.0, statistic) / 2
    if freedom % 2:
        total, term = erfc(sqrt(half)), sqrt(half / pi) * 2
        for i in range(1, (freedom - 1) // 2 + 1):
            total, term = total + exp(-half) * term, term * half / (i + 0.5)
        return total
    total, term = 0.0, 1.0
    for i in range(1, freedom // 2 + 1):
        total, term = total + term, term * half / i
    return exp(-half) * total


def holm(chances: Mapping[str, float]) -> dict[str, float]:
    """Each chance, raised for how many are looked at: Holm (1979), Scandinavian Journal of Statistics 6."""
    raised, highest = {}, 0.0
    for place, name in enumerate(sorted(chances, key=lambda name: chances[name])):
        highest = max(highest, min(1.0, chances[name] * (len(chances) - place)))
        raised[name] = highest
    return raised
