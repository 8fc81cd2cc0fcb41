"""Rows that their source tells apart by an id of its own: compared field by field with what came before."""

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple

from django.db import IntegrityError, models
from django.utils.translation import gettext as _

from customers.models import Customer
from office.importing.kinds.base import End, Happened, Kind, Row
from office.importing.kinds.tracing import Traced
from office.importing.rows import Values
from organisations.inserting import insert
from organisations.sets import among

NOTHING: Mapping[int, dict[str, Any]] = MappingProxyType({})


class Kept(NamedTuple):
    """Where a target column is kept, how its value is stored, and how a stored one reads in a file."""

    attribute: str
    store: Callable[[Any], Any] = lambda value: value
    read: Callable[[Any], Any] = lambda value: value


def moment(attribute: str) -> Kept:
    return Kept(attribute, datetime.fromisoformat, lambda at: at.astimezone(UTC).isoformat())


def day(attribute: str) -> Kept:
    return Kept(attribute, date.fromisoformat, date.isoformat)


class Sourced(Kind):
    """`customer` and `id` are always there; `KEPT` says what else a row is made of."""

    MODEL: ClassVar[type[models.Model]]
    KEPT: ClassVar[dict[str, Kept]]

    def identity(self, values: Values) -> Sequence[object]:
        return ("id", values["id"])

    @abstractmethod
    def makes_sense(self, row: Row, stored: Any) -> bool:
        """Refuse a row that contradicts itself, or what is stored of it."""

    def compare(self, rows: Sequence[Row]) -> None:
        customers = self.find_customers(rows)
        rows = [row for row in rows if row.is_good]
        known = self._known([row.values["id"] for row in rows])
        for row in rows:
            stored = known.get(row.values["id"])
            row.found = customers[row.values["customer"]], stored
            if not self.makes_sense(row, stored):
                continue
            if stored is None:
                row.end = End.NEW
            else:
                self._settle(row, *row.found)

    def _known(self, ids: Sequence[str]) -> dict[str, Any]:
        there = self.MODEL._default_manager.standing()  # type: ignore[attr-defined]
        found = there.filter(source=self.job.source, external_id__in=among(ids)).select_related("customer")
        return {each.external_id: each for each in found}

    def _settle(self, row: Row, customer: Customer, stored: Any) -> None:
        differing = {
            target: (self.words_of(target, before, row.values), self.words_of(target, value, row.values))
            for target, before, value in self._differing(row.values, stored)
        }
        if stored.customer_id != customer.pk:
            differing = {"customer": (stored.customer.key, customer.key), **differing}
        if not differing:
            row.end = End.UNCHANGED
            return
        row.end, row.changes = End.CHANGED, {name: row.values[name] for name in differing}
        row.column = ", ".join(self.job.named(name) for name in differing)
        words = _("“%(old)s” becomes “%(new)s”")
        row.reason = "; ".join(words % {"old": old, "new": new} for old, new in differing.values())

    def _differing(self, values: Values, stored: Any) -> list[tuple[str, Any, Any]]:
        """Target, what is stored, and what the file says."""
        found = []
        for target, kept in self.KEPT.items():
            if target in values:
                before = getattr(stored, kept.attribute)
                before = None if before is None else kept.read(before)
                if before != values[target]:
                    found.append((target, before, values[target]))
        return found

    def words_of(self, target: str, value: Any, values: Values) -> str:
        """A value for people to read."""
        if isinstance(value, float):
            return f"{value:g}"
        return "" if value is None else str(value)

    def store(self, rows: Sequence[Row]) -> None:
        fields = [field.attname for field in self.MODEL._meta.concrete_fields if not field.primary_key]
        made = [self.made(row) for row in rows if row.end == End.NEW]
        insert(self.MODEL, fields, [[getattr(each, name) for name in fields] for each in made])
        self._trace([each.external_id for each in made])
        if changed := [row for row in rows if row.end == End.CHANGED and row.changes]:
            self.change(changed)

    def made(self, row: Row) -> Any:
        """A row for the table, not yet stored."""
        return self.MODEL(
            organisation=self.job.organisation,
            customer=row.found[0],
            recorded_at=self.job.now,
            source=self.job.source,
            external_id=row.values["id"],
            import_id=self.job.import_id,
            **self.fields_of(row.values),
        )

    def fields_of(self, values: Values) -> dict[str, Any]:
        return {
            kept.attribute: kept.store(values[target])
            for target, kept in self.KEPT.items()
            if target in values
        }

    def change(self, rows: Sequence[Row]) -> None:
        """Write what differs over what is stored, and log it."""
        ids = [row.found[1].pk for row in rows]
        locked = self.MODEL._default_manager.filter(retracted_by=None).select_for_update().in_bulk(ids)
        if len(locked) < len(ids):
            raise IntegrityError("an undo took some of them back a moment ago")
        before = {pk: self._traced.image(row) for pk, row in locked.items()} if self._traced else {}
        for row in rows:
            stored: Any = locked[row.found[1].pk]
            stored.customer = row.found[0]
            for attribute, value in self.fields_of(row.changes).items():
                setattr(stored, attribute, value)
        written = ["customer", *(kept.attribute for kept in self.KEPT.values())]
        self.MODEL._default_manager.bulk_update(locked.values(), written, batch_size=500)
        self._trace([row.values["id"] for row in rows], before)
        self.job.log(self.happened(rows))

    @property
    def _traced(self) -> type[Traced] | None:
        """None where each row says which import brought it, and never changes."""
        return next((table for table in self.undoes if issubclass(table, Traced)), None)

    def _trace(self, ids: Sequence[str], before: Mapping[int, dict[str, Any]] = NOTHING) -> None:
        """Keep what undo needs of the rows with these ids, as they stand by now."""
        if self._traced and ids:
            self.job.trace(self._traced, self._known(ids).values(), before)

    def happened(self, rows: Sequence[Row]) -> Iterable[Happened]:
        """What of these changes the customer's timeline tells."""
        return ()
