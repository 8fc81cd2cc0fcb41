"""A celebration's events, one at a time or many at once."""

from datetime import datetime
from typing import Any

from advocacy.models import Celebration
from organisations.models import Event, User


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
