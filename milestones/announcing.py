"""What happens to milestones, for other systems that want to hear it: ids and times, no names of people."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import batched
from typing import Any

from milestones.models import Achievement, Milestone, Verdict
from organisations.models import Organisation
from post.webhooks import Fact, tell
from post.webhooks.telling import moment

AT_ONCE = 500
# Reasons that we give ourselves; what a person wrote is not told.
OWN_WORDS = {"contested", "evidence gone", "answer taken back", "import undone"}
VERDICTS = {
    "outcome_confirmed": "outcome.verified",
    "outcome_contested": "outcome.contested",
    "verdict_undone": "outcome.taken_back",
}


def achieved(organisation: Organisation, ids: Sequence[int], *, now: datetime) -> None:
    """What was brought in as history is passed over."""
    tell(
        organisation=organisation,
        kind="milestone.achieved",
        facts=lambda: _facts(ids, "achieved_at"),
        now=now,
    )


def withdrawn(organisation: Organisation, ids: Sequence[int], *, now: datetime) -> None:
    """None, most of the time."""
    if not ids:
        return
    tell(
        organisation=organisation,
        kind="milestone.withdrawn",
        facts=lambda: _facts(ids, "withdrawn_at"),
        now=now,
    )


def answered(verdict: Verdict, verb: str, *, now: datetime) -> None:
    """The customer confirmed, contested, or took that back."""
    enrolment = verdict.enrolment

    def facts() -> Iterable[Fact]:
        data = {
            "verdict_id": verdict.pk,
            "customer": {"id": enrolment.customer_id, "key": enrolment.customer.key},
            "milestone": milestone_facts(verdict.milestone, journey=enrolment.journey.slug),
            "enrolment_id": enrolment.pk,
            "contact_id": verdict.contact_id,
            "answered_at": moment(verdict.at),
        }
        return [Fact(verdict.pk, now, data, enrolment.customer_id)]

    tell(organisation=enrolment.organisation, kind=VERDICTS[verb], facts=facts, now=now)


def milestone_facts(milestone: Milestone, *, journey: str) -> dict[str, Any]:
    return {"id": milestone.pk, "key": milestone.key, "name": milestone.name, "journey": journey}


def _facts(ids: Sequence[int], timed_by: str) -> Iterator[Fact]:
    rows = Achievement.objects.select_related("milestone", "enrolment__customer", "enrolment__journey")
    for part in batched(ids, AT_ONCE):
        for row in rows.filter(pk__in=part, is_history=False).order_by("pk"):
            customer = row.enrolment.customer
            data = {
                "achievement_id": row.pk,
                "customer": {"id": customer.pk, "key": customer.key},
                "milestone": milestone_facts(row.milestone, journey=row.enrolment.journey.slug),
                "enrolment_id": row.enrolment_id,
                "achieved_at": moment(row.achieved_at),
                "recorded_at": moment(row.recorded_at),
                "days": row.days,
            }
            if row.withdrawn_at is not None:
                why = row.withdrawn_why
                data["withdrawn_why"] = why if why in OWN_WORDS else "ended"
            yield Fact(row.pk, getattr(row, timed_by), data, customer.pk)
