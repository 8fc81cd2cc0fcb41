"""After how many days something asks for somebody, as a manager sets it."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from customers.models import Attention
from organisations.models import Organisation, User

SET = ("promise_days", "silent_days")


def set_days(*, organisation: Organisation, values: Mapping[str, int], by: User, now: datetime) -> Attention:
    """Write the days that differ, and log which. The same again changes nothing."""
    with transaction.atomic():
        row, _made = Attention.objects.select_for_update().get_or_create(
            organisation=organisation, defaults={"saved_at": now, "saved_by": by}
        )
        changed = [name for name in SET if name in values and getattr(row, name) != values[name]]
        if changed:
            for name in changed:
                setattr(row, name, values[name])
            row.saved_at, row.saved_by = now, by
            row.save()
            organisation.log("attention_set", by=by, now=now, subject=row, fields=changed)
    return row
