"""Customers by their key; segments by name, owners by e-mail address. Their first outcome goes along."""

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import Any

from django.db import connection
from django.utils.text import slugify
from django.utils.translation import gettext as _

from customers.models import Customer, Outcome, Segment
from office.importing.kinds import plain_customers
from office.importing.kinds.base import End, Happened, Job, Kind, Row, customers_by_key, settle
from office.importing.kinds.outcomes import OUTCOME, Outcomes, first_outcomes, outcome_as_file
from office.importing.kinds.traced import TracedCustomers, TracedOutcomes
from office.importing.kinds.tracing import withdrawn_rows
from office.importing.kinds.window import Window
from office.importing.rows import Values
from office.importing.targets import FIELDS
from organisations.access import colleagues
from organisations.inserting import insert

FIELDS_OF_ALL = tuple(field.attname for field in Customer._meta.concrete_fields if not field.primary_key)
PLAIN = ("name", "about", "use_case")
BACK = "archived"  # among the changes of a row that an undo took out: the file brings it back


class Customers(Kind):
    undoes = (TracedOutcomes, TracedCustomers)

    def __init__(self, job: Job) -> None:
        super().__init__(job)
        here = colleagues(job.organisation, who_write=True).values_list("email", "pk")
        self.owners = {email.casefold(): pk for email, pk in here}
        self.outcomes: dict[int, Outcome] = {}  # the first one, by customer
        self.segments: dict[str, int] = {
            name.casefold(): pk for name, pk in Segment.objects.values_list("name", "pk")
        }
        self.segment_names: dict[int | None, str] = dict(Segment.objects.values_list("pk", "name"))
        self.owner_names: dict[int | None, str] = {pk: email for email, pk in self.owners.items()}

    def identity(self, values: Values) -> Sequence[object]:
        return (values["key"],)

    def compare(self, rows: Sequence[Row]) -> None:
        found = {customer.key: customer for customer in customers_by_key([row.values["key"] for row in rows])}
        archived = [customer.pk for customer in found.values() if customer.archived_at]
        back = withdrawn_rows(Customer, archived) if archived else {}
        self.outcomes = first_outcomes(found.values()) if _names_outcome(rows) else {}
        for row in rows:
            owner = row.values.get("owner")
            if owner is not None and owner.casefold() not in self.owners:
                row.refuse(self.job.named("owner"), owner, _("nobody here who may write has this address"))
                continue
            row.found = found.get(row.values["key"])
            if row.found is None:
                self._compare_new(row)
            else:
                differs = self._differing(row)
                if row.found.archived_at and back.get(row.found.pk) == row.found.archived_at:
                    differs[BACK] = (_("yes"), _("no"))
                settle(row, edited=row.found.edited, job=self.job, differing=differs)

    def _compare_new(self, row: Row) -> None:
        if "name" in row.values:
            row.end = End.NEW
        else:
            row.refuse(self.job.named("name"), "", _("a new customer needs a name"))

    def _differing(self, row: Row) -> dict[str, tuple[Any, Any]]:
        """Target → (stored, in the file), both as the file writes them."""
        stored = self._as_file(row.found)
        return {
            name: (stored.get(name, ""), value)
            for name, value in row.values.items()
            if name != "key" and not _same(name, stored.get(name, ""), value)
        }

    def _as_file(self, customer: Customer) -> dict[str, Any]:
        values = {name: getattr(customer, name) for name in PLAIN}
        values["segment"] = self.segment_names.get(customer.segment_id, "")
        values["owner"] = self.owner_names.get(customer.owner_id, "")
        values |= outcome_as_file(self.outcomes.get(customer.pk))
        return values | {FIELDS + name: value for name, value in customer.fields.items()}

    def store(self, rows: Sequence[Row]) -> None:
        self._make_segments(rows)
        new = [row for row in rows if row.end == End.NEW]
        changed = [row for row in rows if row.found is not None and row.changes]
        made = [self._made(row) for row in new]
        insert(Customer, FIELDS_OF_ALL, [[getattr(each, name) for name in FIELDS_OF_ALL] for each in made])
        self._take_afresh(changed)
        before = {row.found.pk: TracedCustomers.image(row.found) for row in changed}
        for row in changed:
            self._write(row.found, row.changes)
        Customer.objects.bulk_create(
            [row.found for row in changed],
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=[*PLAIN, "segment", "owner", "fields", "edited", "archived_at"],
        )
        ids = dict(customers_by_key([row.values["key"] for row in new]).values_list("key", "pk"))
        for each in made:
            each.pk = ids[each.key]
        self.job.trace(TracedCustomers, [*made, *(row.found for row in changed)], before)
        Outcomes(self.job).store(
            [(ids[row.values["key"]], row.values) for row in new],
            [(row.found.pk, row.changes) for row in changed],
        )
        self.job.log(Happened("customer_created", Customer, pk, pk, {}) for pk in ids.values())
        self.job.log(event for row in changed for event in self._changed(row))

    def store_plain(self, window: Window) -> Sequence[int] | None:
        if connection.vendor != "postgresql":
            return None
        return plain_customers.store(self.job, window, self.segments, self.owners)

    def _take_afresh(self, rows: Sequence[Row]) -> None:
        """Lock what is about to be written. What a person wrote since it was compared stays."""
        locked = Customer.objects.select_for_update().in_bulk([row.found.pk for row in rows])
        for row in rows:
            before, row.found = row.found, locked[row.found.pk]
            row.changes = {
                name: value
                for name, value in row.changes.items()
                if row.found.edited.get(name) == before.edited.get(name)
            }

    def _make_segments(self, rows: Sequence[Row]) -> None:
        for row in rows:
            name = row.values.get("segment")
            if name and row.end != End.UNCHANGED and name.casefold() not in self.segments:
                segment = Segment.objects.create(
                    organisation=self.job.organisation, slug=_free_slug(name), name=name
                )
                self.segments[name.casefold()] = segment.pk
                self.segment_names[segment.pk] = name

    def _made(self, row: Row) -> Customer:
        customer = Customer(
            organisation_id=self.job.organisation.pk, key=row.values["key"], created_at=self.job.now
        )
        self._write(customer, row.values)
        return customer

    def _write(self, customer: Customer, values: dict[str, Any]) -> None:
        for name, value in values.items():
            if name in PLAIN:
                setattr(customer, name, value)
            elif name == "segment":
                customer.segment_id = self.segments[value.casefold()]
            elif name == "owner":
                customer.owner_id = self.owners[value.casefold()]
            elif name == BACK:
                customer.archived_at = None
            elif name.startswith(FIELDS):
                customer.fields[name.removeprefix(FIELDS)] = value
            customer.edited.pop(name, None)  # the file's value was taken: nobody's edit stands here now

    def _changed(self, row: Row) -> Iterator[Happened]:
        pk = row.found.pk
        if "owner" in row.changes:
            yield Happened("owner_changed", Customer, pk, pk, {"owner_id": row.found.owner_id})
        if BACK in row.changes:
            yield Happened("customer_restored", Customer, pk, pk, {})
        if fields := sorted(row.changes.keys() - {"owner", BACK, *OUTCOME}):
            yield Happened("customer_edited", Customer, pk, pk, {"fields": fields})


def _names_outcome(rows: Sequence[Row]) -> bool:
    return any(not OUTCOME.keys().isdisjoint(row.values) for row in rows)


def _same(name: str, stored: object, value: object) -> bool:
    if name in ("owner", "segment"):
        return str(stored).casefold() == str(value).casefold()
    return stored == value


def _free_slug(name: str) -> str:
    """The name as a slug; with a piece of its hash when that is taken, or says nothing."""
    slug = slugify(name)[:60]
    if slug and not Segment.objects.filter(slug=slug).exists():
        return slug
    mark = blake2b(name.encode(), digest_size=4).hexdigest()
    return f"{slug[:50]}-{mark}".lstrip("-")
