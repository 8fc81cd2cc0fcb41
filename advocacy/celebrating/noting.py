"""A celebration's events, one at a time or many at once, and what other systems hear of it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from advocacy.models import Celebration
from milestones.announcing import milestone_facts
from organisations.models import Event, Organisation, User
from post.webhooks import Fact, tell


def note(verb: str, celebration: Celebration, *, now: datetime, by: User | None = None, **data: Any) -> Event:
    """The event, not yet stored. Give the celebration with its enrolment loaded."""
    return Event(
        organisation_id=celebration.organisation_id,
        at=now,
        recorded_at=now,
        actor=by,
        verb=verb,
        subject_type=Celebration._meta.label_lower,
        subject_id=celebration.pk,
        customer_id=celebration.enrolment.customer_id,
        data={"milestone_id": celebration.milestone_id, **data},
    )


def announce(rows: Sequence[Celebration], organisation: Organisation, *, now: datetime) -> None:
    """They are in the post; whom they go to is not told."""

    def facts() -> Iterable[Fact]:
        for row in rows:
            customer = row.enrolment.customer
            data = {
                "celebration_id": row.pk,
                "achievement_id": row.achievement_id,
                "customer": {"id": customer.pk, "key": customer.key},
                "milestone": milestone_facts(row.milestone, journey=row.enrolment.journey.slug),
                "enrolment_id": row.enrolment_id,
            }
            yield Fact(row.pk, now, data, customer.pk)

    if rows:
        tell(organisation=organisation, kind="celebration.posted", facts=facts, now=now)
