"""A newcomer asks to be erased: who they are goes, that somebody came stays countable."""

from datetime import datetime

from django.db import transaction

from advocacy.models import Referral
from advocacy.referring.noting import note
from organisations.models import User

PERSONAL = ("name", "company", "address", "words")


def forget(*, referral: Referral, by: User, now: datetime) -> Referral:
    """Erase name, company, address and words, for good. Once more changes nothing."""
    with transaction.atomic():
        row: Referral = Referral.objects.with_people().select_for_update(of=("self",)).get(pk=referral.pk)
        if row.is_forgotten:
            return row
        for field in PERSONAL:
            setattr(row, field, "")
        row.forgotten_at = now
        row.save(update_fields=[*PERSONAL, "forgotten_at"])
        note(row, "referral_forgotten", by=by, now=now)
    return row
