"""How a wording changes: each change keeps what stood there before, one writer for each customer at a time.

Nothing here decides who may change what; nothing is ever overwritten without its revision.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db import models, transaction

from customers.models import Contact, Customer, Outcome, OutcomeReply, OutcomeRevision
from organisations.models import User

MEANING = ("words", "metric", "baseline", "baseline_on", "target", "target_on", "required", "experience")
"""What the customer says is right, or not."""
WORDING = (*MEANING, "said_by", "contact", "said_on")
OF_IMPORTS = {"outcome": "words", "outcome_by": "said_by", "outcome_on": "said_on"}
"""What the columns of a file are called → the field of the first outcome that they write."""


@contextmanager
def holding(customer: Customer, *, now: datetime) -> Iterator[Customer]:
    """Wait for whoever is at these outcomes. What a person changes of the first one, imports keep."""
    with transaction.atomic():
        rows = Customer.objects.select_for_update(of=("self",)).select_related("organisation")
        row = rows.get(pk=customer.pk)
        before = _as_files_have_it(row)
        yield row
        after = _as_files_have_it(row)
        changed = [name for name, value in after.items() if before[name] != value]
        if changed:
            row.edited |= dict.fromkeys(changed, now.isoformat())
            row.save(update_fields=["edited"])


def _as_files_have_it(customer: Customer) -> dict[str, Any]:
    first = Outcome.objects.standing().filter(customer=customer).in_order().first()
    return {name: getattr(first, field) if first else "" for name, field in OF_IMPORTS.items()}


def fresh(outcome: Outcome) -> Outcome:
    """The row as it is now that its customer is held."""
    return Outcome.objects.select_related("metric", "contact").get(pk=outcome.pk)


def revise(
    outcome: Outcome,
    values: Mapping[str, Any],
    *,
    now: datetime,
    by: User | None = None,
    contact: Contact | None = None,
    import_id: int | None = None,
) -> list[str]:
    """Write the values that differ as the next edition and keep how they were. The names of what changed."""
    changed = [name for name, value in values.items() if _held(outcome, name) != _key(value)]
    if not changed:
        return []
    revision_of(outcome, changed, now=now, by=by, contact=contact, import_id=import_id).save(
        force_insert=True
    )
    for name in changed:
        setattr(outcome, name, values[name])
    outcome.edition += 1
    outcome.save(update_fields=[*changed, "edition"])
    return changed


def revision_of(
    outcome: Outcome,
    changing: Iterable[str],
    *,
    now: datetime,
    by: User | None = None,
    contact: Contact | None = None,
    import_id: int | None = None,
) -> OutcomeRevision:
    """How the fields that are about to change read until now. Not stored yet."""
    return OutcomeRevision(
        organisation_id=outcome.organisation_id,
        outcome=outcome,
        edition=outcome.edition,
        was={name: _plain(_held(outcome, name)) for name in changing},
        at=now,
        by=by,
        contact=contact,
        import_id=import_id,
    )


def as_it_was(was: Mapping[str, Any]) -> dict[str, Any]:
    """A revision's fields as `revise` takes them. Rows that are gone since are none."""
    return {name: _restored(name, value) for name, value in was.items()}


def settle_objections(outcome: Outcome, *, now: datetime) -> None:
    """Whoever said "it is wrong" was heard: the wording is another one now."""
    objections = OutcomeReply.objects.open_objections().filter(outcome=outcome)
    objections.update(settled_at=now)


def _restored(name: str, value: Any) -> Any:
    field: Any = Outcome._meta.get_field(name)
    if value is None:
        return None
    if isinstance(field, models.ForeignKey):
        return field.related_model._default_manager.filter(pk=value).first()
    return field.to_python(value)


def _held(outcome: Outcome, name: str) -> Any:
    """The value on the row; of another row its id."""
    field: Any = Outcome._meta.get_field(name)
    return getattr(outcome, field.attname)


def _key(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value
