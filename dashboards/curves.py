"""Timelines as they are drawn: how far the axis reaches, which lines there are, what stands beside them."""

from collections.abc import Sequence
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dashboards.figures.timelines import Timeline, thinned
from milestones.models import Baseline
from milestones.timelines import Quantile, Step, at_risk_on
from ui.curves import Curve, CurvePoint, tick_days

FEW = 0.05  # of those who set out; with fewer still on the way a curve is mostly chance, and the axis ends


def drawn(timeline: Timeline, baseline: Baseline | None = None) -> Curve:
    """The share that has reached it by each day, how it stood then, and as if nobody had left."""
    ends = horizon(timeline)
    base = _frozen_points(baseline, timeline.milestone.key) if baseline else []
    return Curve(
        _points(timeline.curve),
        horizon=ends,
        ends=timeline.last_day,
        target=timeline.milestone.target_days,
        median=timeline.half.day,
        median_words=_median_words(timeline.half),
        n=timeline.n,
        base=base,
        base_label=_("Baseline of %(day)s") % {"day": date_format(baseline.on, "j F Y")} if baseline else "",
        other=_points(timeline.of_those_staying) if timeline.left else (),
        at_risk={day: at_risk_on(timeline.curve, day) for day in tick_days(ends)},
    )


def small(timeline: Timeline) -> Curve:
    return Curve(
        _points(timeline.curve),
        horizon=horizon(timeline),
        ends=timeline.last_day,
        target=timeline.milestone.target_days,
        n=timeline.n,
    )


def horizon(timeline: Timeline) -> int:
    """The last day with enough still on the way; later only for the median and for the target."""
    least = max(2, round(FEW * timeline.n))
    seen = max((step.day for step in timeline.curve if step.at_risk >= least), default=0)
    wanted = [seen, timeline.half.day or 0]
    target = timeline.milestone.target_days or 0
    return max(1, *wanted, target if target <= 2 * max(wanted) else 0)


def _points(curve: Sequence[Step]) -> list[CurvePoint]:
    """With bounds everywhere, so that the band has no holes: at the end the last ones that were known."""
    points, low = [], 0.0
    for step in thinned(curve):
        low = step.low if step.low is not None else (low if step.share > 0 else 0.0)
        high = step.high if step.high is not None else step.share
        points.append(CurvePoint(step.day, step.share, low, high, step.at_risk))
    return points


def _frozen_points(baseline: Baseline, key: str) -> list[CurvePoint]:
    timeline: dict[str, Any] | None = next(
        (row.timeline for row in baseline.rates.all() if row.milestone_key == key), None
    )
    return [CurvePoint(day, share) for day, share, _low, _high in timeline["points"]] if timeline else []


def _median_words(half: Quantile) -> str:
    if half.day is None:
        return ""
    if half.low is None or half.high is None:
        return _("Half by day %(day)d") % {"day": half.day}
    words = {"day": half.day, "low": half.low, "high": half.high}
    return _("Half by day %(day)d (%(low)d to %(high)d)") % words
