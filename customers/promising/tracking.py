"""Hold one promise, change it, and add the decision that says so."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from customers.models import Contact, Promise, PromiseDecision
from customers.promising.faults import NotPossible
from organisations.models import User

Kind = PromiseDecision.Kind
type Values = Mapping[str, Any]


@contextmanager
def holding(promise: Promise) -> Iterator[Promise]:
    """The promise as it is now; whoever else decides waits. Raises NotPossible when it was undone."""
    with transaction.atomic():
        rows = Promise.objects.select_for_update(of=("self",)).select_related(
            "customer__organisation", "member", "outcome"
        )
        row = rows.get(pk=promise.pk)
        if row.retracted_by is not None:
            raise NotPossible(_("The import that brought this promise was undone. Write it down anew."))
        yield row


def decide(
    promise: Promise,
    kind: str,
    values: Values,
    *,
    by: User | None,
    now: datetime,
    why: str = "",
    contact: Contact | None = None,
) -> PromiseDecision:
    """Write what differs, keep how it read, and log it."""
    changed = [name for name, value in values.items() if _held(promise, name) != _key(value)]
    decision = PromiseDecision(organisation_id=promise.organisation_id, promise=promise, kind=kind, why=why)
    decision.was = {name: _plain(_held(promise, name)) for name in changed}
    decision.edition, decision.contact, decision.at, decision.by = promise.edition, contact, now, by
    decision.save(force_insert=True)
    for name in changed:
        setattr(promise, name, values[name])
    promise.edition += 1
    promise.save(update_fields=[*changed, "edition"])
    log(promise, f"promise_{kind}", by, now)
    return decision


def log(promise: Promise, verb: str, by: User | None, now: datetime) -> None:
    customer = promise.customer
    customer.organisation.log(verb, by=by, now=now, subject=promise, customer_id=customer.pk)


def _held(promise: Promise, name: str) -> Any:
    field: Any = Promise._meta.get_field(name)
    return getattr(promise, field.attname)


def _key(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value
