"""Events of favours and advocates: ids alone."""

from datetime import datetime
from typing import Any

from advocacy.models import Advocate, Favour
from organisations.models import User


def note(row: Favour | Advocate, verb: str, *, now: datetime, by: User | None = None, **data: Any) -> None:
    """Give it with its contact loaded."""
    about = {"contact_id": row.contact_id, **data}
    if isinstance(row, Favour):
        about["kind"] = row.kind
    customer_id = row.contact.customer_id
    row.organisation.log(verb, by=by, now=now, subject=row, customer_id=customer_id, **about)
