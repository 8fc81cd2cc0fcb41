"""Who would meet a journey that is not published: asked of the judge's own statements, nothing written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from customers.models import Customer, LatestReading, Metric, SupportCase
from milestones.checking.criteria import faults_of_criterion
from milestones.criteria.supposing import MOST, Meeting, Met, Supposed, suppose
from milestones.models import Criterion, Journey, Milestone
from milestones.models.wording import MEASURED
from milestones.outline_rows import criterion_values, known_metrics
from milestones.outlines import MetricOutline, MilestoneOutline, Outline, whole_number
from organisations.models import Organisation

LATELY = timedelta(days=365)
NOBODY = Met(0, 0, 0, ())


@dataclass(frozen=True)
class Previewed:
    """One milestone, and who of the customers looked at meets it today."""

    outline: MilestoneOutline
    sentences: tuple[str, ...]
    left_out: int
    """Criteria that are not whole yet."""
    unread: tuple[str, ...]
    """Metrics nobody has a reading of."""
    unheard: tuple[str, ...]
    """Urgencies that no support case bears, so that silence of them is cheap: perhaps misspelt."""
    is_measured: bool
    needs_words: bool
    met: Met
    newest: tuple[tuple[Customer, Meeting], ...]
    of: int

    @property
    def measured_share(self) -> float | None:
        return self.met.measured / self.of if self.of else None

    @property
    def whole_share(self) -> float | None:
        return self.met.whole / self.of if self.of else None

    @property
    def others(self) -> int:
        return self.met.measured - len(self.newest)


@dataclass(frozen=True)
class Preview:
    milestones: tuple[Previewed, ...]
    looked_at: int
    there_are: int
    """More than were looked at, where there are too many for a page."""


def preview(
    outline: Outline, *, organisation: Organisation, journey: Journey | None, now: datetime
) -> Preview:
    """Of the customers on this journey, or of all as if they had set out without a start."""
    metrics = {one.key: one for one in Metric.objects.all()}
    supposed = [_supposed(one, number, metrics) for number, one in enumerate(outline.milestones, start=1)]
    met = suppose(
        supposed, organisation=organisation, journey_id=journey.pk if journey else None, since=now - LATELY
    )
    who = journey.enrolments.open().filter(is_judged=True) if journey else Customer.objects.current()
    there_are = who.count()
    customers = Customer.objects.in_bulk(
        {each.customer_id for found in met.values() for each in found.newest}
    )
    words, unread = known_metrics(outline), _unread(outline, metrics)
    of = min(there_are, MOST)
    return Preview(
        tuple(
            _previewed(
                one, outline.milestones[place], met.get(one.number, NOBODY), customers, words, unread, of
            )
            for place, one in enumerate(supposed)
        ),
        of,
        there_are,
    )


def _supposed(one: MilestoneOutline, number: int, metrics: Mapping[str, Metric]) -> Supposed:
    known = {criterion.metric for criterion in one.criteria}
    criteria = [
        Criterion(kind=criterion.kind, **criterion_values(criterion, metrics))
        for criterion in one.criteria
        if not list(faults_of_criterion(criterion, known))
    ]
    milestone = Milestone(key=one.key, join=one.join, needed=whole_number(one.needed))
    return Supposed(number, milestone, criteria)


def _unread(outline: Outline, metrics: Mapping[str, Metric]) -> set[str]:
    asked = {one.metric for milestone in outline.milestones for one in milestone.criteria if one.metric}
    read = LatestReading.objects.filter(metric__key__in=asked).values_list("metric__key", flat=True)
    return asked - set(read.distinct())


def _unheard(supposed: Supposed) -> tuple[str, ...]:
    asked = dict.fromkeys(one.urgency for one in supposed.criteria if one.urgency)
    if not asked:
        return ()
    cases = SupportCase.objects.standing().filter(urgency__in=asked)
    heard = set(cases.values_list("urgency", flat=True).distinct())
    return tuple(each for each in asked if each not in heard)


def _previewed(
    supposed: Supposed,
    outline: MilestoneOutline,
    met: Met,
    customers: Mapping[int, Customer],
    metrics: Mapping[str, MetricOutline],
    unread: set[str],
    of: int,
) -> Previewed:
    asked = dict.fromkeys(one.metric for one in outline.criteria if one.metric in unread)
    kinds = {one.kind for one in supposed.criteria}
    return Previewed(
        outline=outline,
        sentences=tuple(one.sentence(metrics) for one in outline.criteria),
        left_out=len(outline.criteria) - len(supposed.criteria),
        unread=tuple(metrics[key].name or key for key in asked if key in metrics),
        unheard=_unheard(supposed),
        is_measured=bool(kinds & set(MEASURED)),
        needs_words=bool(kinds - set(MEASURED)),
        met=met,
        newest=tuple(
            (customers[each.customer_id], each) for each in met.newest if each.customer_id in customers
        ),
        of=of,
    )
