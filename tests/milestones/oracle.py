"""The slow oracle: what must be achieved, worked out row by row. No SQL, no cleverness."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from customers.models import Reading, SupportCase
from milestones.models import Achievement, Claim, Enrolment, Milestone, Verdict
from tests.milestones.oracle_kinds import Evidence, when_met

Truth = dict[tuple[int, str], tuple[datetime, datetime | None, int | None]]


def truth() -> Truth:
    """(enrolment, milestone key) → (achieved at, verified at, days) for all that is achieved."""
    found: Truth = {}
    readings = _grouped(Reading.objects.filter(is_standing=True), "customer_id")
    claims = _grouped(Claim.objects.filter(withdrawn_at=None), "enrolment_id", "milestone_key")
    verdicts = _grouped(Verdict.objects.filter(withdrawn_at=None), "enrolment_id", "milestone_key")
    cases = list(SupportCase.objects.filter(retracted_by=None))
    enrolments = Enrolment.objects.select_related("organisation")
    for enrolment in enrolments.prefetch_related("version__milestones__criteria"):
        for milestone in enrolment.version.milestones.all():
            place = (enrolment.pk, milestone.key)
            said = sorted(verdict.at for verdict in verdicts[place] if verdict.kind == "confirmed")
            evidence = Evidence(enrolment, readings[enrolment.customer_id,], claims[place], said, cases)
            answer = _judge(evidence, milestone, verdicts[place])
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
    evidence: Evidence, milestone: Milestone, verdicts: list[Verdict]
) -> tuple[datetime, datetime | None, int | None] | None:
    enrolment = evidence.enrolment
    contests = [v for v in verdicts if v.kind == "contested"]
    if not enrolment.is_judged or any(contest.settled_at is None for contest in contests):
        return None
    met = [when_met(criterion, evidence) for criterion in milestone.criteria.all()]
    times = sorted(at for at in met if at)
    needed = {"all": len(met), "any": 1, "at_least": milestone.needed}[milestone.join]
    if not times or len(times) < needed:
        return None
    achieved = times[needed - 1]
    settled = max((contest.settled_at for contest in contests), default=None)
    if settled and settled > achieved:
        achieved = settled
    verified = settled or (evidence.confirmations[0] if evidence.confirmations else None)
    days = None
    if enrolment.started_on:
        days = (achieved.astimezone(enrolment.organisation.tzinfo).date() - enrolment.started_on).days
    return achieved, verified, days
