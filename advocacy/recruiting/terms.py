"""How much may be asked of one person, and what a referral's page says."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from advocacy.models import AskTerms
from organisations.models import Organisation, User

FIELDS = ("asks", "rest_days", "welcome", "reward_advocate", "reward_newcomer")


def save_terms(*, organisation: Organisation, values: Mapping[str, Any], by: User, now: datetime) -> AskTerms:
    """Write what differs from what stands, and log the names of it."""
    with transaction.atomic():
        row, _is_new = AskTerms.objects.select_for_update().get_or_create(organisation=organisation)
        changed = [name for name in FIELDS if name in values and getattr(row, name) != values[name]]
        for name in changed:
            setattr(row, name, values[name])
        if changed:
            row.save(update_fields=changed)
            organisation.log("ask_terms_changed", by=by, now=now, subject=row, fields=changed)
    return row
