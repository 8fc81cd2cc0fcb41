"""What people make of a signal: dismissed with a reason, or pursued with a value and a next step."""

import re
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from advocacy.expanding.faults import Incomplete, NotPossible
from advocacy.expanding.noting import note
from advocacy.models import Expansion
from organisations.models import User

State = Expansion.State
CURRENCY = re.compile(r"^[A-Z]{3}$")
MOST = 10**15  # ten-thousandths
LONG = 300


def confirm(
    *,
    expansion: Expansion,
    next_step: str,
    next_on: date | None,
    by: User,
    now: datetime,
    amount_e4: int | None = None,
    currency: str = "",
) -> Expansion:
    """It is worth pursuing: somebody does something next, by a day. Said again, it is moved on.

    Raises Incomplete, NotPossible.
    """
    with transaction.atomic():
        row = _locked(expansion)
        if row.state not in (State.SIGNAL, State.CONFIRMED):
            raise NotPossible(_("It is over already: %(state)s.") % {"state": row.get_state_display()})
        is_new = row.state == State.SIGNAL
        _plan(row, next_step, next_on, amount_e4, currency)
        if is_new:
            row.state, row.decided_at, row.decided_by = State.CONFIRMED, now, by
        row.save()
        note(row, "expansion_confirmed" if is_new else "expansion_moved", by=by, now=now)
    return row


def dismiss(*, expansion: Expansion, why: str, by: User, now: datetime) -> Expansion:
    """Not this one, for a reason; this need gives no second signal. Raises Incomplete, NotPossible."""
    return _end(expansion, State.DISMISSED, why, "expansion_dismissed", by=by, now=now)


def lose(*, expansion: Expansion, why: str, by: User, now: datetime) -> Expansion:
    """Pursued, and it came to nothing. Raises Incomplete, NotPossible."""
    return _end(expansion, State.LOST, why, "expansion_lost", by=by, now=now)


def win(*, expansion: Expansion, amount_e4: int | None, currency: str, by: User, now: datetime) -> Expansion:
    """They grew, by so much. Said again, it is corrected. Raises Incomplete, NotPossible."""
    with transaction.atomic():
        row = _locked(expansion)
        if row.state not in (State.CONFIRMED, State.WON):
            raise NotPossible(_("Confirm the signal first; then it can be won."))
        _value(row, amount_e4, currency)
        is_new = row.state != State.WON
        if is_new:
            row.state, row.closed_at, row.closed_by = State.WON, now, by
        row.save()
        note(row, "expansion_won", by=by, now=now)
    return row


def _end(expansion: Expansion, state: str, why: str, verb: str, *, by: User, now: datetime) -> Expansion:
    why = why.strip()[:LONG]
    if not why:
        raise Incomplete("why", _("Say in a sentence why: it is read when the next signal comes."))
    with transaction.atomic():
        row = _locked(expansion)
        if row.state == state:
            return row
        wanted = State.SIGNAL if state == State.DISMISSED else State.CONFIRMED
        if row.state != wanted:
            raise NotPossible(
                _("Somebody decided meanwhile: %(state)s. That stands.") % {"state": row.get_state_display()}
            )
        row.state, row.why, row.closed_at, row.closed_by = state, why, now, by
        if state == State.DISMISSED:
            row.decided_at, row.decided_by = now, by
        row.save()
        note(row, verb, by=by, now=now)
    return row


def _locked(expansion: Expansion) -> Expansion:
    row: Expansion = Expansion.objects.with_people().select_for_update(of=("self",)).get(pk=expansion.pk)
    return row


def _plan(row: Expansion, next_step: str, next_on: date | None, amount_e4: int | None, currency: str) -> None:
    next_step = next_step.strip()
    if not next_step:
        raise Incomplete("next_step", _("Say what happens next: who does what."))
    if next_on is None:
        raise Incomplete("next_on", _("Say by which day: it comes back on Today then."))
    row.next_step, row.next_on = next_step[:200], next_on
    _value(row, amount_e4, currency)


def _value(row: Expansion, amount_e4: int | None, currency: str) -> None:
    currency = currency.strip().upper()
    if amount_e4 is None and currency:
        raise Incomplete("amount", _("An amount belongs to the currency; or leave both out."))
    if amount_e4 is not None and not CURRENCY.match(currency):
        raise Incomplete("currency", _("A currency has three letters, such as EUR."))
    if amount_e4 is not None and not 0 <= amount_e4 <= MOST:
        raise Incomplete("amount", _("An amount is not negative, and not larger than can be kept."))
    row.amount_e4, row.currency = amount_e4, currency
