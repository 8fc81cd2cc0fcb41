"""Events about growth: ids alone."""

from datetime import datetime
from typing import Any

from advocacy.models import Expansion
from organisations.models import User


def note(row: Expansion, verb: str, *, now: datetime, by: User | None, **data: Any) -> None:
    row.organisation.log(verb, by=by, now=now, subject=row, customer_id=row.customer_id, **data)
