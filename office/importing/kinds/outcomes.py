"""The first outcome of customers, as files of customers bring it: three columns, one row of its own."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from customers.defining.revising import MEANING, OF_IMPORTS, revision_of, settle_objections
from customers.models import Customer, Outcome, OutcomeRevision
from office.importing.kinds.base import Happened, Job
from office.importing.kinds.traced import TracedOutcomes

OUTCOME = OF_IMPORTS
type Brought = Sequence[tuple[int, Mapping[str, Any]]]
"""Customer ids, and what the file says of each."""


def first_outcomes(customers: Iterable[Customer]) -> dict[int, Outcome]:
    """What counts most, by customer, in one query."""
    rows = Outcome.objects.standing().filter(customer__in=[each.pk for each in customers])
    return {row.customer_id: row for row in rows.order_by("-position", "-id")}


def outcome_as_file(outcome: Outcome | None) -> dict[str, str]:
    """An outcome as a file of customers writes it."""
    if outcome is None:
        return dict.fromkeys(OUTCOME, "")
    values = {name: getattr(outcome, field) for name, field in OUTCOME.items()}
    return values | {"outcome_on": outcome.said_on.isoformat() if outcome.said_on else ""}


class Outcomes:
    """Stores what the rows of a file say of outcomes, after their customers."""

    def __init__(self, job: Job) -> None:
        self.job = job

    def store(self, new: Brought, changed: Brought) -> None:
        said = {pk: given for pk, values in (*new, *changed) if (given := _fields(values))}
        if not said:
            return
        known = self._held([pk for pk, _values in changed if pk in said])
        made = [self._made(pk, given) for pk, given in said.items() if pk not in known]
        self._make([row for row in made if _says_something(row)])
        self._change([(row, said[pk]) for pk, row in known.items()])

    def _held(self, customer_ids: Sequence[int]) -> dict[int, Outcome]:
        rows = Outcome.objects.standing().filter(customer__in=customer_ids).select_for_update()
        return {row.customer_id: row for row in rows.order_by("-position", "-id")}

    def _made(self, customer_id: int, given: Mapping[str, Any]) -> Outcome:
        return Outcome(
            organisation_id=self.job.organisation.pk,
            customer_id=customer_id,
            created_at=self.job.now,
            created_by=self.job.by,
            **given,
        )

    def _make(self, rows: Sequence[Outcome]) -> None:
        Outcome.objects.bulk_create(rows, batch_size=1000)
        self.job.trace(TracedOutcomes, rows)
        self.job.log(Happened("outcome_added", Outcome, row.pk, row.customer_id, {}) for row in rows)

    def _change(self, rows: Sequence[tuple[Outcome, Mapping[str, Any]]]) -> None:
        before = {row.pk: TracedOutcomes.image(row) for row, _given in rows}
        revisions, changed, happened = [], [], []
        for row, given in rows:
            fields = [name for name, value in given.items() if getattr(row, name) != value]
            if not fields:
                continue
            is_other = any(name in MEANING for name in fields)
            if is_other and row.confirmed_at is not None:
                given = {**given, "confirmed_at": None, "confirmed_by": None}
            revisions.append(self._revision(row, [*given.keys() & {*fields, "confirmed_at", "confirmed_by"}]))
            for name, value in given.items():
                setattr(row, name, value)
            row.edition += 1
            changed.append(row)
            happened.append(
                Happened("outcome_edited", Outcome, row.pk, row.customer_id, {"fields": sorted(fields)})
            )
            if is_other:
                settle_objections(row, now=self.job.now)
        OutcomeRevision.objects.bulk_create(revisions, batch_size=1000)
        fields_of_all = [*OUTCOME.values(), "confirmed_at", "confirmed_by", "edition"]
        Outcome.objects.bulk_update(changed, fields_of_all, batch_size=500)
        self.job.trace(TracedOutcomes, changed, before)
        self.job.log(happened)

    def _revision(self, row: Outcome, changing: Iterable[str]) -> OutcomeRevision:
        job = self.job
        return revision_of(row, changing, now=job.now, by=job.by, import_id=job.import_id or None)


def _fields(values: Mapping[str, Any]) -> dict[str, Any]:
    """The file's columns as fields of an outcome."""
    given = {field: values[name] for name, field in OUTCOME.items() if name in values}
    if "said_on" in given:
        given["said_on"] = date.fromisoformat(given["said_on"]) if given["said_on"] else None
    return given


def _says_something(outcome: Outcome) -> bool:
    return bool(outcome.words or outcome.said_by or outcome.said_on)
