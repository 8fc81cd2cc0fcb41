"""A promise is written down at hand-over, and a slip of the pen is corrected."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from customers.models import Customer, Promise
from customers.promising.faults import Incomplete
from customers.promising.tracking import Kind, decide, holding, log
from organisations.models import User

WRITTEN = ("words", "message", "seller", "member", "said_in", "promised_on", "due_on")
"""What is written down of a promise."""


def write_down(*, customer: Customer, values: Mapping[str, Any], by: User | None, now: datetime) -> Promise:
    """One more promise, from `WRITTEN` values. It waits for a decision. Raises Incomplete."""
    promise = Promise(organisation_id=customer.organisation_id, customer=customer)
    promise.recorded_at, promise.recorded_by = now, by
    for name in WRITTEN:
        if name in values:
            setattr(promise, name, values[name])
    check(promise)
    with transaction.atomic():
        promise.save(force_insert=True)
        log(promise, "promise_written", by, now)
    return promise


def correct(*, promise: Promise, values: Mapping[str, Any], by: User | None, now: datetime) -> Promise:
    """Write the `WRITTEN` values that differ: what was written down wrong. Raises Incomplete, NotPossible."""
    given = {name: values[name] for name in WRITTEN if name in values}
    with holding(promise) as row:
        if any(getattr(row, name) != value for name, value in given.items()):
            decide(row, Kind.CORRECTED, given, by=by, now=now)
        check(row)
    return row


def check(promise: Promise) -> None:
    """Raises Incomplete unless it says something, and its days follow each other."""
    if not promise.words.strip():
        raise Incomplete("words", _("Write down what was promised, as it was said."))
    if promise.promised_on and promise.due_on and promise.due_on < promise.promised_on:
        raise Incomplete("due_on", _("This lies before the day it was promised."))
