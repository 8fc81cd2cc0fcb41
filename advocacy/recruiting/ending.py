"""An advocate speaks for us no more; or does again, by their own word."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from advocacy.models import Advocate
from advocacy.recruiting.faults import NotPossible
from advocacy.recruiting.noting import note
from organisations.models import User

State = Advocate.State


def end(*, advocate: Advocate, by: User, now: datetime) -> Advocate:
    """Nothing more is asked of them. What they promised stays in the ledger. Ending again changes nothing."""
    with transaction.atomic():
        row = _locked(advocate)
        if row.state == State.ENDED:
            return row
        row.state, row.ended_at = State.ENDED, now
        row.save(update_fields=["state", "ended_at"])
        note(row, "advocate_ended", by=by, now=now)
    return row


def take_back(*, advocate: Advocate, by: User, now: datetime) -> Advocate:
    """Ended by mistake: they speak for us as before. Raises NotPossible unless they once said yes."""
    with transaction.atomic():
        row = _locked(advocate)
        if row.state == State.WILLING:
            return row
        if row.state != State.ENDED or row.answered_at is None:
            raise NotPossible(_("They have not said yes. Invite them."))
        row.state, row.ended_at = State.WILLING, None
        row.save(update_fields=["state", "ended_at"])
        note(row, "advocate_returned", by=by, now=now)
    return row


def _locked(advocate: Advocate) -> Advocate:
    row: Advocate = Advocate.objects.with_people().select_for_update(of=("self",)).get(pk=advocate.pk)
    return row
