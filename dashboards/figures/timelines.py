"""Timelines of a journey: per milestone the days from the start, per step the days from the one before."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext_lazy as _

from dashboards.figures import steps, timing
from dashboards.figures.wishes import Wish
from milestones.models import Milestone
from milestones.timelines import (
    HALF,
    NINE_TENTHS,
    THREE_QUARTERS,
    Observed,
    Quantile,
    Step,
    incidence,
    kaplan_meier,
    quantile,
)

FEWEST, FEWEST_REACHED = 30, 10  # below, nothing is proposed, called slowest or said of how long it takes
DRAWN_FROM = 10  # customers; below, no curve is drawn
THINNED = 0.01
AALEN_JOHANSEN, KAPLAN_MEIER = "aalen-johansen", "kaplan-meier"

DEFINITIONS = {
    "n": _("customers with a start date who had set out by the last day that counts"),
    "reached": _("the milestone was achieved, before they left if they did; contested is not reached"),
    "left": _("off the journey, or left altogether, before they reached it: they cannot reach it any more"),
    "on_the_way": _("not reached so far; each counts for as many days as they have been seen (censored)"),
    "share": _(
        "the share of all who set out that has reached it by a day: Aalen–Johansen, in which leaving "
        "competes with reaching it; 1 − Kaplan–Meier where nobody left"
    ),
    "interval": _("95 %, Greenwood’s variance by the delta method, symmetric for log(−log(1 − share))"),
    "median": _("the first day by which at least half have reached it; likewise for 75 and 90 of 100"),
    "days": _("days from the start on which the clock ran: those in a pause are left out"),
    "step": _("days from the milestone before to this one, of those who had reached the one before"),
}


@dataclass(frozen=True)
class Estimate:
    """What was seen of some customers, and what it says about the time it takes."""

    observed: Observed

    @cached_property
    def curve(self) -> list[Step]:
        return incidence(self.observed)

    @cached_property
    def of_those_staying(self) -> list[Step]:
        """As if who left had only been lost from sight."""
        return kaplan_meier(self.observed)

    @property
    def n(self) -> int:
        return self.observed.n

    @property
    def reached(self) -> int:
        return self.observed.reached.total()

    @property
    def left(self) -> int:
        return self.observed.left.total()

    @property
    def on_the_way(self) -> int:
        return self.observed.waiting.total()

    @property
    def share(self) -> float:
        """Estimated to have reached it by the last day that was seen."""
        return self.curve[-1].share if self.curve else 0.0

    @property
    def last_day(self) -> int:
        return self.curve[-1].day if self.curve else 0

    @cached_property
    def half(self) -> Quantile:
        return quantile(self.curve, HALF)

    @cached_property
    def three_quarters(self) -> Quantile:
        return quantile(self.curve, THREE_QUARTERS)

    @cached_property
    def nine_tenths(self) -> Quantile:
        return quantile(self.curve, NINE_TENTHS)

    @property
    def quantiles(self) -> list[Quantile]:
        return [self.half, self.three_quarters, self.nine_tenths]

    @cached_property
    def quantiles_of_those_staying(self) -> list[Quantile]:
        return [quantile(self.of_those_staying, one.share) for one in self.quantiles]

    @property
    def is_enough(self) -> bool:
        """Whether anything is said of how long it takes."""
        return self.n >= FEWEST and self.reached >= FEWEST_REACHED

    @property
    def is_drawn(self) -> bool:
        return self.n >= DRAWN_FROM

    def as_json(self) -> dict[str, Any]:
        return {
            "n": self.n,
            "reached": self.reached,
            "left": self.left,
            "on_the_way": self.on_the_way,
            "estimate": AALEN_JOHANSEN if self.left else KAPLAN_MEIER,
            **_quantiles_json(self.quantiles),
        }


def _quantiles_json(quantiles: Sequence[Quantile]) -> dict[str, Any]:
    names = {HALF: "median", THREE_QUARTERS: "p75", NINE_TENTHS: "p90"}
    return {names[one.share]: {"days": one.day, "low": one.low, "high": one.high} for one in quantiles}


@dataclass(frozen=True)
class Stride(Estimate):
    """One step of the journey; `since` is the milestone it begins with, none for the first."""

    milestone: Milestone
    since: Milestone | None
    before: int = 0
    """Had reached it before the step began, and so are not in it."""

    def as_json(self) -> dict[str, Any]:
        since = self.since.key if self.since else None
        return {"from": since, "reached_before": self.before, **super().as_json()}


@dataclass(frozen=True)
class Timeline(Estimate):
    """One milestone, from the customer's start."""

    milestone: Milestone
    stride: Stride | None

    @property
    def has_proposal(self) -> bool:
        """Whether a target can be proposed: enough customers, and three quarters of them reached it."""
        return self.is_enough and self.three_quarters.day is not None

    def to_freeze(self) -> dict[str, Any]:
        """What a baseline keeps of it, the curve in steps of one in a hundred."""
        points = [(one.day, one.share, one.low, one.high) for one in thinned(self.curve)]
        return {**super().as_json(), "last_day": self.last_day, "points": points}

    def as_json(self) -> dict[str, Any]:
        best = self.three_quarters
        proposal = {"days": best.day, "low": best.low, "high": best.high, "n": self.n, "share": best.share}
        return {
            "key": self.milestone.key,
            "name": self.milestone.name,
            "position": self.milestone.position,
            "target_days": self.milestone.target_days,
            **super().as_json(),
            "kaplan_meier": _quantiles_json(self.quantiles_of_those_staying),
            "proposal": proposal if self.has_proposal else None,
            "step": self.stride.as_json() if self.stride else None,
        }


@dataclass(frozen=True)
class Slowest:
    """The step that takes half of them longest. Not `is_certain`: `second` may take as long."""

    step: Stride
    second: Stride
    is_certain: bool


@dataclass(frozen=True)
class Timelines:
    wish: Wish
    milestones: list[Timeline]
    left_out: timing.LeftOut

    @property
    def strides(self) -> list[Stride]:
        return [one.stride for one in self.milestones if one.stride]

    @property
    def n(self) -> int:
        return max((one.n for one in self.milestones), default=0)

    @cached_property
    def slowest(self) -> Slowest | None:
        """None when fewer than two steps have enough customers to compare."""
        told = sorted((one for one in self.strides if one.is_enough), key=_slowness, reverse=True)
        if len(told) < 2:
            return None
        step, second = told[:2]
        low, high = step.half.low, second.half.high
        return Slowest(step, second, low is not None and high is not None and low > high)

    def of(self, key: str) -> Timeline | None:
        return next((one for one in self.milestones if one.milestone.key == key), None)

    def as_json(self) -> dict[str, Any]:
        wish, slowest = self.wish, self.slowest
        return {
            "organisation": wish.organisation.slug,
            "journey": wish.journey.slug,
            "as_of": wish.as_of.isoformat(),
            "left_out": asdict(self.left_out),
            "definitions": {name: str(words) for name, words in DEFINITIONS.items()},
            "milestones": [one.as_json() for one in self.milestones],
            "slowest_step": {
                "key": slowest.step.milestone.key,
                "second": slowest.second.milestone.key,
                "is_certain": slowest.is_certain,
            }
            if slowest
            else None,
        }


def _slowness(step: Stride) -> tuple[float, float]:
    """By the day half have done it; where that has not come, by how few have."""
    day = step.half.day
    return (float("inf") if day is None else day, -step.share)


def timelines(wish: Wish, *, key: str | None = None) -> Timelines:
    """Of every milestone of every published edition, the newest edition's first; or of one of them."""
    rows = {m.key: m for m in reversed(wish.milestones) if key is None or m.key == key}
    found = timing.observed(wish, keys=frozenset(rows))
    strides = _strides(wish, found) if key is None and rows else {}
    ordered = [rows[key] for key in dict.fromkeys(m.key for m in wish.milestones) if key in rows]
    lines = [Timeline(found.get(("", m.key), Observed()), m, strides.get(m.key)) for m in ordered]
    return Timelines(wish, lines, timing.left_out(wish))


def _strides(wish: Wish, found: dict[tuple[Any, str], Observed]) -> dict[str, Stride]:
    order = steps.newest_edition(wish)
    first = order[0]
    strides = {first.key: Stride(found.get(("", first.key), Observed()), first, None)}
    stretches = steps.stretches(wish)
    for since, milestone in pairwise(order):
        stretch = stretches[milestone.key]
        strides[milestone.key] = Stride(stretch.observed, milestone, since, stretch.before)
    return strides


def thinned(curve: Sequence[Step]) -> list[Step]:
    """Steps of at least one in a hundred, and the last: what an eye can tell apart."""
    kept: list[Step] = []
    for step in curve:
        if step.share - (kept[-1].share if kept else 0.0) >= THINNED or (step.reached and not kept):
            kept.append(step)
    last = next((step for step in reversed(curve) if step.reached), None)
    return kept if last is None or last in kept[-1:] else [*kept, last]


def curve_json(curve: Sequence[Step]) -> list[dict[str, Any]]:
    """Every day on which something was seen, for scripts."""
    names = ("day", "at_risk", "reached", "left", "waiting", "share", "variance", "low", "high")
    return [{name: getattr(step, name) for name in names} for step in curve]
