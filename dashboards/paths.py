"""The path each customer is on, for lists and pages: two queries whatever the number of customers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet

from customers.models import Outcome
from milestones.aiming import served_by
from milestones.models import Enrolment, Journey
from milestones.walking import Href, Path, Step, paths_of
from organisations.models import Organisation


def leading() -> QuerySet[Enrolment]:
    """Enrolments, the one that leads a customer's row first: open before ended, then the newest."""
    return Enrolment.objects.order_by(F("ended_at").desc(nulls_first=True), "-enrolled_at", "-id")


def leading_paths(
    customer_ids: Iterable[int],
    *,
    organisation: Organisation,
    now: datetime,
    journey: Journey | None = None,
    href: Href | None = None,
) -> dict[int, Path]:
    """By customer id, the path that leads; of one journey when given. Who has none is missing."""
    rows = leading().filter(customer__in=list(customer_ids)).select_related("journey")
    if journey:
        rows = rows.filter(journey=journey)
    leaders: dict[int, Enrolment] = {}
    for enrolment in rows:
        enrolment.organisation = organisation
        leaders.setdefault(enrolment.customer_id, enrolment)
    paths = paths_of(leaders.values(), now=now, href=href)
    return {customer_id: paths[enrolment.pk] for customer_id, enrolment in leaders.items()}


@dataclass(frozen=True)
class Serves:
    """One step of a journey, and the outcome of the customer that it serves."""

    step: Step
    outcome: Outcome


def serves_of(paths: Sequence[Path]) -> list[Serves]:
    """Which steps serve which outcome, in the journeys' order. One query."""
    served = served_by([path.enrolment for path in paths])
    return [
        Serves(step, served[path.enrolment.pk][step.key])
        for path in paths
        for step in path.steps
        if step.key in served.get(path.enrolment.pk, {})
    ]
