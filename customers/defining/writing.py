"""What a member writes down of a customer's outcomes: added, edited, put in order, retired, wanted again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from customers.defining import letters
from customers.defining.faults import Incomplete, NotPossible
from customers.defining.revising import MEANING, WORDING, fresh, holding, revise, settle_objections
from customers.models import Customer, Outcome, OutcomeAsk
from organisations.models import User

LONG = 2000
MEASURED = ("baseline", "baseline_on", "target")


def add(*, customer: Customer, values: Mapping[str, Any], by: User | None, now: datetime) -> Outcome:
    """One more outcome, after those there are, from `WORDING` values. Raises Incomplete."""
    given = {name: values[name] for name in WORDING if name in values}
    with holding(customer, now=now) as row:
        last = Outcome.objects.standing().filter(customer=row).aggregate(last=Max("position"))["last"] or 0
        outcome = Outcome(organisation=row.organisation, customer=row, position=last + 1)
        outcome.created_at, outcome.created_by = now, by
        for name, value in given.items():
            setattr(outcome, name, value)
        _check(outcome)
        outcome.save(force_insert=True)
        _log(outcome, "outcome_added", by, now)
    return outcome


def edit(*, outcome: Outcome, values: Mapping[str, Any], by: User | None, now: datetime) -> Outcome:
    """Write the `WORDING` values that differ, as the next edition.

    Another meaning is no longer confirmed, and answers who said that it was wrong.

    Raises Incomplete, NotPossible.
    """
    given = {name: values[name] for name in WORDING if name in values}
    with holding(outcome.customer, now=now):
        row = fresh(outcome)
        _check_standing(row)
        if given.keys() & set(MEANING) and _differs(row, given):
            given |= {"confirmed_at": None, "confirmed_by": None}
        changed = [name for name in revise(row, given, now=now, by=by) if name in WORDING]
        _check(row)
        if changed:
            if set(changed) & set(MEANING):
                settle_objections(row, now=now)
            _log(row, "outcome_edited", by, now, fields=changed)
    return row


def write_first(
    *, customer: Customer, values: Mapping[str, Any], by: User | None, now: datetime
) -> Outcome | None:
    """What counts most, for whoever knows one outcome alone: written down, edited, or emptied.

    Raises Incomplete.
    """
    first = Outcome.objects.standing().filter(customer=customer).in_order().first()
    if first is None:
        is_something = any(value not in (None, "") for value in values.values())
        return add(customer=customer, values=values, by=by, now=now) if is_something else None
    row = edit(outcome=first, values=values, by=by, now=now)
    if not any(getattr(row, name) not in (None, "") for name in MEANING):
        retire(outcome=row, why=_("emptied"), by=by, now=now)
    return row


def move(*, outcome: Outcome, to: int, by: User | None, now: datetime) -> None:
    """To this place among those that stand, 1 being what counts most."""
    with holding(outcome.customer, now=now) as customer:
        row = fresh(outcome)
        _check_standing(row)
        rows = list(Outcome.objects.standing().filter(customer=customer).in_order())
        order = [each for each in rows if each.pk != row.pk]
        order.insert(max(0, to - 1), row)
        if [each.pk for each in order] == [each.pk for each in rows]:
            return
        for place, each in enumerate(order, start=1):
            each.position = place
        Outcome.objects.bulk_update(order, ["position"])
        _log(row, "outcomes_reordered", by, now)


def retire(*, outcome: Outcome, why: str, by: User | None, now: datetime) -> Outcome:
    """Reached, replaced or given up: nobody is asked about it any more. Raises Incomplete without reason."""
    why = why.strip()[:200]
    if not why:
        raise Incomplete("why", _("Say why: reached, replaced by another one, or no longer wanted."))
    with holding(outcome.customer, now=now):
        row = fresh(outcome)
        if row.is_standing:
            revise(row, {"retired_at": now, "retired_why": why}, now=now, by=by)
            take_questions_back(row, why=_("the outcome was retired"), now=now)
            settle_objections(row, now=now)
            _log(row, "outcome_retired", by, now, why=why)
    return row


def restore(*, outcome: Outcome, by: User | None, now: datetime) -> Outcome:
    """Wanted again, after those there are."""
    with holding(outcome.customer, now=now) as customer:
        row = fresh(outcome)
        if not row.is_standing:
            standing = Outcome.objects.standing().filter(customer=customer)
            row.position = (standing.aggregate(last=Max("position"))["last"] or 0) + 1
            row.save(update_fields=["position"])
            revise(row, {"retired_at": None, "retired_why": ""}, now=now, by=by)
            _log(row, "outcome_returned", by, now)
    return row


def take_questions_back(outcome: Outcome, *, why: str, now: datetime) -> None:
    for ask in OutcomeAsk.objects.filter(outcome=outcome, closed_at=None):
        ask.closed_at = now
        ask.save(update_fields=["closed_at"])
        letters.hold_back(ask, why=why)


def _differs(outcome: Outcome, given: Mapping[str, Any]) -> bool:
    return any(getattr(outcome, name) != given[name] for name in MEANING if name in given)


def _check_standing(outcome: Outcome) -> None:
    if not outcome.is_standing:
        raise NotPossible(_("This outcome is retired. Say that it is wanted again, then change it."))


def _check(outcome: Outcome) -> None:
    """Raises Incomplete unless it says something and its numbers belong to a metric."""
    if len(outcome.words) > LONG * 3:
        raise Incomplete("words", _("This is too long to be one outcome. Write several."))
    if outcome.metric is None and any(getattr(outcome, name) is not None for name in MEASURED):
        raise Incomplete("metric", _("Say which metric these numbers belong to."))
    if outcome.contact is not None and outcome.contact.customer_id != outcome.customer_id:
        raise Incomplete("contact", _("Name a person at this customer."))


def _log(outcome: Outcome, verb: str, by: User | None, now: datetime, **data: Any) -> None:
    customer = outcome.customer
    customer.organisation.log(verb, by=by, now=now, subject=outcome, customer_id=customer.pk, **data)
