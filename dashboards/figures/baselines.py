"""Baselines: the same figures as everywhere, frozen on a day, and set beside what they are now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from dashboards.figures.counting import Figures, MilestoneFigures, figures
from dashboards.figures.rates import rate, wilson
from dashboards.figures.timelines import DEFINITIONS, Estimate, Timeline, timelines
from dashboards.figures.wishes import Wish
from milestones import baselining
from milestones.baselining import Frozen
from milestones.models import Baseline, BaselineRate, Journey
from organisations.models import Organisation, User
from ui.figures import Rate

RATE_DEFINITIONS = {
    "achieved": _(
        "the criteria are met and no contest is open, of all who had set out; 95 % Wilson interval"
    ),
    "on_time": _("achieved by the target date, of those whose target date had passed or who were on time"),
    "median_days": _("from the start to the day it was achieved, of those who achieved it"),
}


@dataclass(frozen=True)
class Measured:
    """What a baseline of a day would hold."""

    enrolled: int
    brought_in: int
    rates: Sequence[Frozen]


def measure(organisation: Organisation, journey: Journey, on: date) -> Measured:
    wish = Wish(organisation, journey, on)
    found, times = figures(wish), timelines(wish)
    rates = [_frozen(row, times.of(row.milestone.key)) for row in found.milestones]
    return Measured(found.enrolled, wish.achievements().filter(is_history=True).count(), rates)


def _frozen(row: MilestoneFigures, timeline: Timeline | None) -> Frozen:
    low, high = wilson(row.achieved, row.enrolled) or (None, None)
    return Frozen(
        milestone_key=row.milestone.key,
        name=row.milestone.name,
        position=row.milestone.position,
        achieved=row.achieved,
        of=row.enrolled,
        low=low,
        high=high,
        on_time=row.on_time,
        due=row.due,
        median_days=row.median_days,
        median_n=row.median_n,
        timeline=timeline.to_freeze() if timeline else None,
    )


def freeze(
    *, organisation: Organisation, journey: Journey, on: date, by: User | None, now: datetime
) -> Baseline:
    """Raises milestones.baselining.NotFrozen."""
    measured = measure(organisation, journey, on)
    return baselining.freeze(
        organisation=organisation,
        journey=journey,
        on=on,
        rates=measured.rates,
        enrolled=measured.enrolled,
        brought_in=measured.brought_in,
        definitions={name: str(words) for name, words in (RATE_DEFINITIONS | DEFINITIONS).items()},
        by=by,
        now=now,
    )


@dataclass(frozen=True)
class Beside:
    """One milestone then and now. `now` is none when no published edition has it any more."""

    then: BaselineRate
    now: MilestoneFigures | None
    time: Estimate | None
    """How long it takes by now."""

    @property
    def then_rate(self) -> Rate:
        return Rate(self.then.achieved, self.then.of, self.then.low, self.then.high)

    @property
    def now_rate(self) -> Rate | None:
        return rate(self.now.achieved, self.now.enrolled) if self.now else None


@dataclass(frozen=True)
class Comparison:
    """The newest baseline of a journey beside figures of all its customers."""

    baseline: Baseline
    rows: Sequence[Beside]


def compare(found: Figures, times: Mapping[str, Estimate]) -> Comparison | None:
    """None without a baseline, and for figures of a part of the customers: those are not comparable.

    `times` says by milestone key how long it takes.
    """
    baseline = newest(found.wish.journey)
    if baseline is None or not is_of_everybody(found.wish):
        return None
    now = {row.milestone.key: row for row in found.milestones}
    beside = [
        Beside(row, now.get(row.milestone_key), times.get(row.milestone_key)) for row in baseline.rates.all()
    ]
    return Comparison(baseline, beside)


def newest(journey: Journey) -> Baseline | None:
    """The one that counts: the last that was frozen."""
    rows = Baseline.objects.newest_first().filter(journey=journey)
    return rows.select_related("frozen_by", "journey").prefetch_related("rates").first()


def every(journey: Journey) -> list[Baseline]:
    rows = Baseline.objects.newest_first().filter(journey=journey)
    return list(rows.select_related("frozen_by", "journey").prefetch_related("rates"))


def is_of_everybody(wish: Wish) -> bool:
    of_all = wish.segment is None and wish.owner is None and wish.since is None
    return of_all and not wish.with_variants


def as_json(baseline: Baseline) -> dict[str, Any]:
    """For scripts."""
    names = [field.name for field in fields(Frozen)]
    return {
        "journey": baseline.journey.slug,
        "on": baseline.on.isoformat(),
        "frozen_at": baseline.frozen_at.isoformat(timespec="seconds"),
        "frozen_by": baseline.frozen_by.name if baseline.frozen_by else None,
        "enrolled": baseline.enrolled,
        "brought_in": baseline.brought_in,
        "definitions": baseline.definitions,
        "milestones": [{name: getattr(row, name) for name in names} for row in baseline.rates.all()],
    }
