"""The event of a claim, a question or an answer."""

from datetime import datetime
from typing import Any

from milestones.models import Ask, Claim, Verdict
from organisations.models import User


def note(row: Ask | Claim | Verdict, verb: str, *, by: User | None, now: datetime, **data: Any) -> None:
    """Log what happened to this row, at its customer and its milestone."""
    enrolment = row.enrolment
    enrolment.organisation.log(
        verb,
        by=by,
        now=now,
        subject=row,
        customer_id=enrolment.customer_id,
        milestone_id=row.milestone_id,
        **data,
    )
