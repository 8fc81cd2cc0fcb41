"""Rows out of an outline, and an outline out of rows."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from customers.models import Metric
from milestones.models import Criterion, JourneyVersion, Milestone
from milestones.models.wording import FIELDS
from milestones.outlines import (
    CriterionOutline,
    MetricOutline,
    MilestoneOutline,
    Outline,
    number,
    plain,
    whole_number,
)
from organisations.models import Organisation


def outline_of(version: JourneyVersion) -> Outline:
    """What a version says: a draft as it was typed, a published one from its rows."""
    if version.outline is not None:
        return Outline.from_dict(version.outline["journey"])
    rows = version.milestones.prefetch_related("criteria__metric").order_by("position")
    milestones = tuple(_milestone_outline(row, place) for place, row in enumerate(rows, start=1))
    metrics = {one.metric.key: one.metric for row in rows for one in row.criteria.all() if one.metric}
    return Outline(
        name=version.journey.name,
        purpose=version.journey.purpose,
        metrics=tuple(_metric_outline(metric) for metric in metrics.values()),
        milestones=milestones,
    )


def _metric_outline(row: Metric) -> MetricOutline:
    return MetricOutline(row.key, row.name, row.unit, row.lower_is_better)


def _milestone_outline(row: Milestone, handle: int) -> MilestoneOutline:
    return MilestoneOutline(
        handle=handle,
        key=row.key,
        name=row.name,
        meaning=row.meaning,
        stage=row.stage,
        target_days=plain(row.target_days),
        celebrate=row.celebrate,
        hold_hours=plain(row.hold_hours),
        join=row.join,
        needed=plain(row.needed),
        criteria=tuple(_criterion_outline(one) for one in row.criteria.all()),
        coaching=row.coaching,
    )


def _criterion_outline(row: Criterion) -> CriterionOutline:
    return CriterionOutline(
        kind=row.kind,
        metric=row.metric.key if row.metric else "",
        operator=row.operator,
        threshold=plain(row.threshold),
        way=row.way,
        days=plain(row.days),
        holds_days=plain(row.holds_days),
        answers=plain(row.answers),
        scale_low=plain(row.scale_low),
        scale_high=plain(row.scale_high),
        urgency=row.urgency,
    )


def known_metrics(outline: Outline) -> dict[str, MetricOutline]:
    """By key, every metric the organisation has, and those the outline proposes besides."""
    proposed = {one.key: one for one in outline.metrics}
    return proposed | {row.key: _metric_outline(row) for row in Metric.objects.all()}


def with_used_metrics(outline: Outline, *, known: Mapping[str, Metric]) -> Outline:
    """With the metrics its criteria name and no others, each as the organisation knows it if it does."""
    proposed = {one.key: one for one in outline.metrics}
    proposed |= {key: _metric_outline(row) for key, row in known.items()}
    keys = dict.fromkeys(one.metric for milestone in outline.milestones for one in milestone.criteria)
    return replace(outline, metrics=tuple(proposed[key] for key in keys if key in proposed))


def notes_on_metrics(outline: Outline, *, known: Mapping[str, Metric]) -> tuple[str, ...]:
    """For people: which metrics of a file are not taken, or not as it says them."""
    used = {one.metric for milestone in outline.milestones for one in milestone.criteria}
    notes = []
    for one in outline.metrics:
        row = known.get(one.key)
        if one.key not in used:
            notes.append(
                _("The metric “%(key)s” is used by no criterion and was left out.") % {"key": one.key}
            )
        elif row and (row.name, row.unit, row.lower_is_better) != (one.name, one.unit, one.lower_is_better):
            words = {"key": one.key, "name": f"{row.name} {row.unit}".strip()}
            notes.append(_("The metric “%(key)s” is known here as “%(name)s” and stays so.") % words)
    return tuple(notes)


def write_rows(version: JourneyVersion, outline: Outline) -> None:
    """The rows of a version that has nothing missing."""
    version.milestones.all().delete()
    metrics = _metrics_made(version.organisation, outline)
    place = {"organisation": version.organisation}
    rows = Milestone.objects.bulk_create(
        Milestone(
            **place,
            version=version,
            position=position,
            key=one.key,
            name=one.name,
            meaning=one.meaning,
            stage=one.stage,
            target_days=whole_number(one.target_days),
            celebrate=one.celebrate,
            hold_hours=whole_number(one.hold_hours) or 0,
            join=one.join,
            needed=whole_number(one.needed) if one.join == Milestone.Join.AT_LEAST else None,
            coaching=one.coaching,
        )
        for position, one in enumerate(outline.milestones, start=1)
    )
    Criterion.objects.bulk_create(
        Criterion(
            **place,
            milestone=row,
            position=position,
            kind=one.kind,
            **criterion_values(one, metrics),
        )
        for row, milestone in zip(rows, outline.milestones, strict=True)
        for position, one in enumerate(milestone.criteria, start=1)
    )


def criterion_values(one: CriterionOutline, metrics: Mapping[str, Metric]) -> dict[str, Any]:
    """The columns of a criterion that has nothing missing; a kind has its own fields and no others."""
    readers: dict[str, Callable[[str], Any]] = {
        "metric": metrics.get,
        "threshold": number,
        "scale_low": number,
        "scale_high": number,
        "days": whole_number,
        "holds_days": whole_number,
        "answers": whole_number,
    }
    values = {name: getattr(one, name) for name in FIELDS[one.kind]}
    return {name: readers[name](typed) if name in readers else typed for name, typed in values.items()}


def _metrics_made(organisation: Organisation, outline: Outline) -> dict[str, Metric]:
    """The organisation's metrics by key, those made that the outline needs and nobody had."""
    metrics = {one.key: one for one in Metric.objects.all()}
    for one in with_used_metrics(outline, known=metrics).metrics:
        if one.key not in metrics:
            metrics[one.key] = Metric.objects.create(
                organisation=organisation,
                key=one.key,
                name=one.name or one.key,
                unit=one.unit,
                lower_is_better=one.lower_is_better,
            )
    return metrics
