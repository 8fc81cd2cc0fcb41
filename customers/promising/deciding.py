"""What becomes of a promise: an outcome, new words with the customer, a no with its reason, kept or not."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from customers import defining
from customers.models import Contact, Outcome, Promise
from customers.promising.faults import Incomplete, NotPossible
from customers.promising.tracking import Kind, decide, holding
from customers.promising.writing import check
from organisations.models import User

State = Promise.State


def into_outcome(
    *, promise: Promise, by: User | None, now: datetime, words: str = "", outcome: Outcome | None = None
) -> Promise:
    """It becomes an outcome of the customer: this one, or a new draft for them to put into their words.

    Raises NotPossible, Incomplete.
    """
    with holding(promise) as row:
        if not (row.is_undecided or row.state == State.RENEGOTIATED):
            raise NotPossible(_("This promise is “%(state)s” already.") % {"state": row.get_state_display()})
        if outcome is not None and (outcome.customer_id != row.customer_id or not outcome.is_standing):
            raise Incomplete("outcome", _("Choose an outcome this customer still wants."))
        outcome = outcome or _drafted(row, words.strip() or row.words, by, now)
        decide(row, Kind.OUTCOME, {"state": State.OUTCOME, "outcome": outcome}, by=by, now=now)
    return row


def renegotiate(
    *,
    promise: Promise,
    words: str,
    due_on: date | None,
    by: User | None,
    now: datetime,
    contact: Contact | None = None,
    why: str = "",
) -> Promise:
    """Other words or another day, agreed with the customer. What stood before is kept as its edition.

    Raises NotPossible, Incomplete.
    """
    values: dict[str, Any] = {"words": words.strip(), "due_on": due_on}
    with holding(promise) as row:
        _check_unsettled(row)
        if values == {"words": row.words, "due_on": row.due_on}:
            raise Incomplete("words", _("Nothing is different. Change the words or the day."))
        if contact is not None and contact.customer_id != row.customer_id:
            raise Incomplete("contact", _("Name a person at this customer."))
        if row.outcome_id is None:
            values["state"] = State.RENEGOTIATED
        decide(row, Kind.RENEGOTIATED, values, by=by, now=now, why=why.strip(), contact=contact)
        check(row)
    return row


def decline(*, promise: Promise, why: str, by: User | None, now: datetime) -> Promise:
    """We will not do it, and say why. Raises Incomplete without a reason, NotPossible."""
    if not why.strip():
        raise Incomplete("why", _("Say why it is declined, as the customer was told."))
    with holding(promise) as row:
        _check_unsettled(row)
        decide(row, Kind.DECLINED, {"state": State.DECLINED}, by=by, now=now, why=why.strip())
    return row


def settle(
    *, promise: Promise, is_kept: bool, on: date | None, by: User | None, now: datetime, why: str = ""
) -> Promise:
    """It was kept on a day, or clearly was not. Raises NotPossible, Incomplete."""
    with holding(promise) as row:
        if not row.is_agreed:
            raise NotPossible(
                _("Decide first: make it an outcome, or renegotiate it. Then say whether it was kept.")
            )
        today = now.astimezone(row.customer.organisation.tzinfo).date()
        if on is not None and on > today:
            raise Incomplete("on", _("This day is still to come."))
        if not is_kept and not why.strip():
            raise Incomplete("why", _("Say why it was not kept: sales learns from it."))
        state, kind = (State.KEPT, Kind.KEPT) if is_kept else (State.NOT_KEPT, Kind.NOT_KEPT)
        decide(row, kind, {"state": state, "settled_on": on or today}, by=by, now=now, why=why.strip())
    return row


def reopen(*, promise: Promise, by: User | None, now: datetime, why: str = "") -> Promise:
    """Whatever was decided is open again. An outcome it became stays, and knows nothing of it any more."""
    with holding(promise) as row:
        if not row.is_undecided:
            values = {"state": State.UNDECIDED, "outcome": None, "settled_on": None}
            decide(row, Kind.REOPENED, values, by=by, now=now, why=why.strip())
    return row


def _check_unsettled(promise: Promise) -> None:
    if not (promise.is_undecided or promise.is_agreed):
        raise NotPossible(
            _("This promise is “%(state)s”. Open it again first.") % {"state": promise.get_state_display()}
        )


def _drafted(promise: Promise, words: str, by: User | None, now: datetime) -> Outcome:
    where = ", ".join(part for part in (promise.who, promise.said_in) if part)
    values: dict[str, Any] = {"words": words, "target_on": promise.due_on, "said_on": promise.promised_on}
    values["said_by"] = (_("promised by %(who)s") % {"who": where} if where else _("promised in the sale"))[
        :200
    ]
    try:
        return defining.add(customer=promise.customer, values=values, by=by, now=now)
    except defining.Incomplete as refused:
        raise Incomplete("words", str(refused)) from refused
