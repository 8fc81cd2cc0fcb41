"""After a yes: it was done, and they are thanked."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from advocacy.models import Favour
from advocacy.recruiting import letters
from advocacy.recruiting.faults import NotPossible, WordsMissing
from advocacy.recruiting.noting import note
from organisations.models import User

LONG = 2000
Kind, State = Favour.Kind, Favour.State


def finish(*, favour: Favour, result: str, by: User, now: datetime) -> Favour:
    """They did it; what came of it. Raises WordsMissing, NotPossible (they have not said yes)."""
    result = result.strip()[:LONG]
    if not result:
        raise WordsMissing("result", _("Say what came of it: whom they spoke with, where it can be read."))
    with transaction.atomic():
        row = _locked(favour)
        if row.state in (State.DONE, State.THANKED):
            return row
        if row.state != State.ACCEPTED or row.kind == Kind.INVITATION:
            raise NotPossible(_("Only what they said yes to can be done."))
        row.state, row.result, row.done_at, row.done_by = State.DONE, result, now, by
        row.save(update_fields=["state", "result", "done_at", "done_by"])
        note(row, "favour_done", by=by, now=now)
    return row


def thank(*, favour: Favour, thanks: str, by: User, now: datetime, simulated: bool = False) -> Favour:
    """Thank them by mail, in these words. Once. Raises WordsMissing, NotPossible (it is not done)."""
    thanks = thanks.strip()[:LONG]
    if not thanks:
        raise WordsMissing("thanks", _("Write a sentence of thanks: it goes to them as it stands."))
    with transaction.atomic():
        row = _locked(favour)
        if row.state == State.THANKED:
            return row
        if row.state != State.DONE:
            raise NotPossible(_("Thank them when it is done."))
        row.state, row.thanks, row.thanked_at, row.thanked_by = State.THANKED, thanks, now, by
        row.save(update_fields=["state", "thanks", "thanked_at", "thanked_by"])
        letters.post_thanks(row, now=now, simulated=simulated)
        note(row, "favour_thanked", by=by, now=now)
    return row


def _locked(favour: Favour) -> Favour:
    row: Favour = Favour.objects.with_people().select_for_update(of=("self",)).get(pk=favour.pk)
    return row
