"""The slow oracle: what must be achieved, worked out row by row. No SQL, no cleverness."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from customers.models import Reading
from milestones.models import Achievement, Claim, Criterion, Enrolment, Milestone, Verdict

HOLDS = {
    "gte": lambda value, threshold: value >= threshold,
    "gt": lambda value, threshold: value > threshold,
    "lte": lambda value, threshold: value <= threshold,
    "lt": lambda value, threshold: value < threshold,
}
Truth = dict[tuple[int, str], tuple[datetime, datetime | None, int | None]]


def truth() -> Truth:
    """(enrolment, milestone key) → (achieved at, verified at, days) for all that is achieved."""
    found: Truth = {}
    readings = _grouped(Reading.objects.filter(is_standing=True), "customer_id")
    claims = _grouped(Claim.objects.filter(withdrawn_at=None), "enrolment_id", "milestone_key")
    verdicts = _grouped(Verdict.objects.filter(withdrawn_at=None), "enrolment_id", "milestone_key")
    enrolments = Enrolment.objects.select_related("organisation")
    for enrolment in enrolments.prefetch_related("version__milestones__criteria"):
        for milestone in enrolment.version.milestones.all():
            place = (enrolment.pk, milestone.key)
            answer = _judge(
                enrolment, milestone, readings[enrolment.customer_id,], claims[place], verdicts[place]
            )
            if answer:
                found[place] = answer
    return found


def stored() -> Truth:
    """The same, as the judge keeps it."""
    return {
        (row.enrolment_id, row.milestone_key): (row.achieved_at, row.verified_at, row.days)
        for row in Achievement.objects.standing()
    }


def _grouped(rows: Iterable[Any], *names: str) -> dict[tuple[Any, ...], list[Any]]:
    groups = defaultdict(list)
    for row in rows:
        groups[tuple(getattr(row, name) for name in names)].append(row)
    return groups


def _judge(
    enrolment: Enrolment,
    milestone: Milestone,
    readings: list[Reading],
    claims: list[Claim],
    verdicts: list[Verdict],
) -> tuple[datetime, datetime | None, int | None] | None:
    contests = [v for v in verdicts if v.kind == "contested"]
    confirmations = sorted(v.at for v in verdicts if v.kind == "confirmed")
    if not enrolment.is_judged or any(contest.settled_at is None for contest in contests):
        return None
    met = [
        _met(criterion, enrolment, readings, claims, confirmations) for criterion in milestone.criteria.all()
    ]
    times = [at for at in met if at]
    if not times or (milestone.join == "all" and len(times) < len(met)):
        return None
    achieved = max(times) if milestone.join == "all" else min(times)
    settled = max((contest.settled_at for contest in contests), default=None)
    if settled and settled > achieved:
        achieved = settled
    verified = settled or (confirmations[0] if confirmations else None)
    days = None
    if enrolment.started_on:
        days = (achieved.astimezone(enrolment.organisation.tzinfo).date() - enrolment.started_on).days
    return achieved, verified, days


def _met(
    criterion: Criterion,
    enrolment: Enrolment,
    readings: list[Reading],
    claims: list[Claim],
    confirmations: list[datetime],
) -> datetime | None:
    if criterion.kind == "claim":
        return min((claim.reached_at for claim in claims), default=None)
    if criterion.kind == "confirmation":
        return confirmations[0] if confirmations else None
    return min(
        (
            reading.at
            for reading in readings
            if reading.metric_id == criterion.metric_id
            and (enrolment.started_at is None or reading.at >= enrolment.started_at)
            and HOLDS[criterion.operator](reading.value, criterion.threshold)
        ),
        default=None,
    )
