"""Estimates of time against reference implementations, on generated and on public data."""

import csv
import math
import random
import warnings
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import CensoredData, chi2, ecdf, logrank

from milestones.timelines import (
    HALF,
    Observed,
    at_risk_on,
    chance,
    holm,
    incidence,
    kaplan_meier,
    log_rank,
    quantile,
)

pytestmark = pytest.mark.once
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
CLOSE = 1e-6
REACHED, LEFT, WAITING = 1, 2, 0


@dataclass(frozen=True)
class People:
    """Each customer's last day and what was so then, as the references want them."""

    days: list[int]
    ends: list[int]

    @property
    def observed(self) -> Observed:
        kinds = [
            Counter(day for day, end in zip(self.days, self.ends, strict=True) if end == kind)
            for kind in (REACHED, LEFT, WAITING)
        ]
        return Observed(*kinds)

    def split(self, *kinds: int) -> CensoredData:
        """Of scipy: days of those who ended so, and of those censored."""
        at = [day for day, end in zip(self.days, self.ends, strict=True) if end in kinds]
        other = [day for day, end in zip(self.days, self.ends, strict=True) if end not in kinds]
        return CensoredData(uncensored=at, right=other)


def made(seed: int, n: int, longest: int, weights: tuple[int, int, int]) -> People:
    rng = random.Random(seed)
    ends = rng.choices((REACHED, LEFT, WAITING), weights, k=n)
    return People([rng.randint(0, longest) for _ in range(n)], ends)


def learners() -> dict[str, People]:
    """The public courses: passed an assessment; unregistered before; else seen until the last day."""
    folder, last = SHARED / "learning-journeys", 270

    def rows(name: str) -> list[dict[str, str]]:
        with (folder / f"{name}.csv").open(newline="") as file:
            return list(csv.DictReader(file))

    passed: dict[tuple[str, str], int] = {}
    for row in rows("milestone_results"):
        if row["is_banked"] == "FALSE" and row["score"] and float(row["score"]) >= 40:
            passed[row["id_assessment"], row["id_student"]] = int(row["date_submitted"])
    found = {}
    for assessment in rows("milestones"):
        days, ends = [], []
        for row in rows("registrations"):
            if row["code_module"] != assessment["code_module"] or not row["date_registration"]:
                continue
            start = int(row["date_registration"])
            reached = passed.get((assessment["id_assessment"], row["id_student"]))
            left = int(row["date_unregistration"]) if row["date_unregistration"] else None
            if reached is not None and (left is None or reached <= left):
                days.append(max(0, reached - start)), ends.append(REACHED)
            else:
                days.append(max(0, (last if left is None else left) - start))
                ends.append(WAITING if left is None else LEFT)
        found[f"{assessment['code_module']} {assessment['id_assessment']}"] = People(days, ends)
    return found


GENERATED = {
    "ties": made(1, 300, 12, (5, 0, 3)),
    "few": made(2, 5, 9, (1, 0, 1)),
    "long": made(3, 2000, 900, (4, 0, 6)),
    "everybody": made(4, 40, 30, (1, 0, 0)),
    "some left": made(5, 400, 60, (5, 3, 2)),
    "most left": made(6, 90, 30, (1, 8, 1)),
    "left and nobody waits": made(7, 120, 25, (3, 2, 0)),
    "one": People([4], [REACHED]),
}
PUBLIC = learners() if SHARED.exists() else {}
ALL = GENERATED | PUBLIC


def bounds_of(survival):
    """The reference's interval. It warns that there is none before the first and after the last."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return survival.confidence_interval(method="log-log")


def same(ours: float | None, theirs: float) -> bool:
    return math.isnan(theirs) if ours is None else abs(ours - theirs) < CLOSE


@pytest.mark.parametrize("people", ALL.values(), ids=ALL)
def test_it_is_kaplan_and_meiers_with_greenwoods_variance(people: People) -> None:
    steps = kaplan_meier(people.observed)
    survival = ecdf(people.split(REACHED)).sf
    interval = bounds_of(survival)
    assert [step.day for step in steps] == survival.quantiles.tolist()
    greenwood = 0.0
    for i, step in enumerate(steps):
        rest = survival.probabilities[i]
        assert abs(step.share - (1 - rest)) < CLOSE
        if step.at_risk > step.reached:
            greenwood += step.reached / (step.at_risk * (step.at_risk - step.reached))
            assert abs(step.variance - rest**2 * greenwood) < CLOSE
        if 0 < step.share < 1 - CLOSE:  # scipy gives the bound itself where nothing varies
            assert same(step.low, 1 - interval.high.probabilities[i])
            assert same(step.high, 1 - interval.low.probabilities[i])


@pytest.mark.parametrize("people", ALL.values(), ids=ALL)
def test_its_incidence_is_that_of_customers_weighted_for_who_was_lost_from_sight(people: People) -> None:
    """Aalen–Johansen is the share weighted by the inverse of staying in sight (Satten and Datta, 2001)."""
    days, ends = np.array(people.days, float), np.array(people.ends)
    in_sight = ecdf(_censoring(people)).sf
    for step in incidence(people.observed):
        at = days[(ends == REACHED) & (days <= step.day)]
        expected = (1 / in_sight.evaluate(at)).sum() / len(days) if len(at) else 0.0
        assert abs(step.share - expected) < CLOSE


def _censoring(people: People) -> CensoredData:
    """Being lost from sight as the event. It comes after what else happens on its day."""
    lost = [day + 0.5 for day, end in zip(people.days, people.ends, strict=True) if end == WAITING]
    other = [day for day, end in zip(people.days, people.ends, strict=True) if end != WAITING]
    return CensoredData(uncensored=lost, right=other)


FEW = {name: people for name, people in ALL.items() if len(people.days) <= 400}


@pytest.mark.parametrize("people", FEW.values(), ids=FEW)
def test_the_variance_of_its_incidence_is_the_sum_of_every_customers_influence(people: People) -> None:
    """The infinitesimal jackknife, by small changes of how much each kind of customer weighs."""
    days, ends = np.array(people.days), np.array(people.ends)
    kinds, counts = np.unique(np.stack([days, ends]), axis=1, return_counts=True)
    steps = incidence(people.observed)
    chosen = [steps[round(i * (len(steps) - 1) / 4)] for i in range(5)]
    small, total = 1e-4, np.zeros(5)
    for i in range(kinds.shape[1]):
        ups, downs = counts.astype(float), counts.astype(float)
        ups[i], downs[i] = counts[i] + small, counts[i] - small
        influence = (_weighted(kinds, ups, chosen) - _weighted(kinds, downs, chosen)) / (2 * small)
        total += counts[i] * influence**2
    assert [step.variance for step in chosen] == pytest.approx(total.tolist(), abs=CLOSE)


def _weighted(kinds: np.ndarray, weights: np.ndarray, chosen: list) -> np.ndarray:
    """The incidence of customers that weigh so much, straight from its definition."""
    days, place = np.unique(kinds[0], return_inverse=True)
    at_risk = np.bincount(place, weights)[::-1].cumsum()[::-1]
    reached = np.bincount(place, weights * (kinds[1] == REACHED))
    staying = np.cumprod(1 - np.bincount(place, weights * (kinds[1] != WAITING)) / at_risk)
    share = np.cumsum(np.concatenate([[1.0], staying[:-1]]) * reached / at_risk)
    return share[np.searchsorted(days, [step.day for step in chosen])]


def test_it_is_the_plain_share_where_nobody_waits() -> None:
    people = GENERATED["left and nobody waits"]
    for step in incidence(people.observed):
        plain = sum(d <= step.day and e == REACHED for d, e in zip(people.days, people.ends, strict=True))
        n = len(people.days)
        assert step.share == pytest.approx(plain / n, abs=CLOSE)
        assert step.variance == pytest.approx(plain * (n - plain) / n**3, abs=CLOSE)


def test_nobody_there_and_nobody_who_reached_it() -> None:
    assert incidence(Observed()) == []
    assert quantile([], HALF).day is None
    waiting = incidence(Observed(waiting=Counter({10: 4, 20: 5}), left=Counter({3: 2})))
    assert [(step.share, step.variance, step.low, step.high) for step in waiting] == [(0, 0, None, None)] * 3
    assert (quantile(waiting, HALF).day, quantile(waiting, HALF).low) == (None, None)
    assert [at_risk_on(waiting, day) for day in (0, 3, 4, 10, 11, 21)] == [11, 11, 9, 9, 5, 0]


@pytest.mark.parametrize("share", [0.5, 0.75, 0.9])
@pytest.mark.parametrize("people", ALL.values(), ids=ALL)
def test_its_quantiles_are_where_the_curve_and_its_bounds_cross(people: People, share: float) -> None:
    survival = ecdf(people.split(REACHED)).sf
    interval = bounds_of(survival)
    found = quantile(kaplan_meier(people.observed), share)

    def first(curve) -> int | None:
        below = [day for day, rest in zip(curve.quantiles, curve.probabilities, strict=True)
                 if rest <= 1 - share + 1e-9]  # fmt: skip
        return int(below[0]) if below else None

    assert (found.day, found.high) == (first(survival), first(interval.high))
    low = first(interval.low)
    assert found.low == (found.day if low is None and found.day is not None else low)


def test_half_is_reached_when_exactly_half_have() -> None:
    steps = kaplan_meier(Observed(Counter({3: 1, 7: 1, 9: 1}), waiting=Counter({20: 3})))
    assert quantile(steps, HALF).day == 9


@pytest.mark.skipif(not SHARED.exists(), reason="the public data does not lie beside this checkout")
def test_telco_customers_on_a_monthly_contract_with_internet_stay_as_long_as_published() -> None:
    """The whole public set has a median of 34 months; the rows that lie here have one of their own."""
    with (SHARED / "telco-customers" / "telco_customers.csv").open(newline="") as file:
        rows = [
            (int(row["tenure"]), row["churn"] == "Yes")
            for row in csv.DictReader(file)
            if row["contract"] == "Month-to-month" and row["internet_service"] != "No"
        ]
    rest, median = 1.0, None
    for month in sorted({tenure for tenure, _ in rows}):
        at_risk = sum(tenure >= month for tenure, _ in rows)
        rest *= 1 - sum(tenure == month and churned for tenure, churned in rows) / at_risk
        if median is None and rest <= 0.5:
            median = month
    observed = Observed(
        Counter(tenure for tenure, churned in rows if churned),
        waiting=Counter(tenure for tenure, churned in rows if not churned),
    )
    found = quantile(kaplan_meier(observed), HALF)
    assert found.day == median
    assert found.low <= 34 <= found.high


@pytest.mark.parametrize("seed", range(8))
def test_two_groups_are_compared_as_the_reference_does(seed: int) -> None:
    first, second = made(seed, 80, 40, (3, 1, 1)), made(seed + 50, 60, 60, (2, 1, 2))
    reference = logrank(first.split(REACHED), second.split(REACHED))
    ours = log_rank([first.observed, second.observed])
    assert ours.statistic == pytest.approx(reference.statistic**2, abs=CLOSE)
    assert ours.p == pytest.approx(reference.pvalue, abs=CLOSE)
    assert log_rank([second.observed, first.observed]).p == pytest.approx(ours.p, abs=CLOSE)


def test_several_groups_are_compared_as_published() -> None:
    """As with two, whatever is added that nobody was watched in; and as solving the equations says."""
    groups = [made(seed, 50, 30, (3, 1, 2)).observed for seed in range(4)]
    ours = log_rank(groups)
    excess, variances = _by_matrices(groups)
    statistic = float(excess @ np.linalg.pinv(variances) @ excess)
    assert ours.freedom == 3
    assert ours.statistic == pytest.approx(statistic, abs=CLOSE)
    assert ours.p == pytest.approx(chi2.sf(statistic, 3), abs=CLOSE)
    assert log_rank([*groups[:2], Observed()]).p == pytest.approx(log_rank(groups[:2]).p, abs=CLOSE)


def _by_matrices(groups: list[Observed]) -> tuple[np.ndarray, np.ndarray]:
    excess, variances = np.zeros(len(groups)), np.zeros((len(groups), len(groups)))
    for day in range(31):
        at_risk = np.array([
            sum(n for counts in (g.reached, g.left, g.waiting) for d, n in counts.items() if d >= day)
            for g in groups
        ], float)  # fmt: skip
        reached = np.array([g.reached[day] for g in groups], float)
        whole, d = at_risk.sum(), reached.sum()
        share = at_risk / whole
        excess += reached - d * share
        variances += d * (whole - d) / (whole - 1) * (np.diag(share) - np.outer(share, share))
    return excess, variances


def test_there_is_nothing_to_compare_where_nobody_reached_it_or_all_are_in_one_group() -> None:
    waiting = Observed(waiting=Counter({5: 9}))
    assert log_rank([waiting, waiting]) is None
    assert log_rank([made(1, 30, 9, (1, 0, 1)).observed]) is None
    assert log_rank([]) is None


@pytest.mark.parametrize("freedom", range(1, 13))
def test_chance_is_chi_squareds(freedom: int) -> None:
    for statistic in (0, 0.01, 1, 3.84, 12, 40, 200):
        assert chance(statistic, freedom) == pytest.approx(chi2.sf(statistic, freedom), rel=1e-9, abs=1e-15)


def test_chances_are_raised_for_how_many_are_looked_at() -> None:
    assert holm({"a": 0.01, "b": 0.04, "c": 0.03}) == pytest.approx({"a": 0.03, "c": 0.06, "b": 0.06})
    assert holm({"a": 0.8, "b": 0.9}) == {"a": 1, "b": 1}
    assert holm({}) == {}
