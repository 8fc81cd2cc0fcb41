"""What every kind of import has in common: the job, its rows, and the four steps a kind takes."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Sequence
from collections.abc import Mapping as Mappings
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple

from django.db import models
from django.utils.translation import gettext as _

from customers.models import Customer, Subscription
from office.importing.kinds.tracing import Taken, Traced
from office.importing.kinds.window import Window
from office.importing.mapping import Column
from office.importing.rows import Values
from office.models import ImportRow, ImportTrace
from organisations.inserting import insert
from organisations.models import Event, Organisation, User
from organisations.sets import among

End = ImportRow.End
EVENT_FIELDS = (
    "organisation_id",
    "at",
    "recorded_at",
    "actor_id",
    "verb",
    "subject_type",
    "subject_id",
    "customer_id",
    "data",
)
TRACE_FIELDS = ("organisation_id", "of_id", "part", "model", "row", "customer_id", "before", "after")


@dataclass(frozen=True)
class Job:
    """One import at work: for whom, from where, by whom, and how its columns are mapped."""

    organisation: Organisation
    import_id: int
    """0: no import but events as they come; nothing is kept for an undo."""
    source: str
    columns: dict[str, Column]
    by: User | None
    now: datetime
    is_history: bool = False
    part: int = 0

    def named(self, target: str) -> str:
        """The file's own name for a target column."""
        column = self.columns.get(target)
        return (column and column.source) or target

    def takes_edited(self, target: str) -> bool:
        column = self.columns.get(target)
        return bool(column and column.takes_edited)

    def log(self, happened: Iterable["Happened"]) -> None:
        """Write events of this import, many at once."""
        actor_id = self.by.pk if self.by else None
        insert(
            Event,
            EVENT_FIELDS,
            [
                (
                    self.organisation.pk,
                    self.now,
                    self.now,
                    actor_id,
                    each.verb,
                    each.model._meta.label_lower,
                    each.subject_id,
                    each.customer_id,
                    each.data,
                )
                for each in happened
            ],
        )

    def trace(
        self,
        traced: type[Traced],
        rows: Iterable[models.Model],
        before: Mappings[int, dict[str, Any]] = MappingProxyType({}),
    ) -> None:
        """Keep what this import did to rows as they stand now: made, or changed where there is a before."""
        if not self.import_id:  # events that came in by themselves are no import: there is nothing to undo
            return
        label = traced.label()
        insert(
            ImportTrace,
            TRACE_FIELDS,
            [
                (
                    self.organisation.pk,
                    self.import_id,
                    self.part,
                    label,
                    row.pk,
                    traced.customer_of(row),
                    before.get(row.pk),
                    traced.mark(row),
                )
                for row in rows
            ],
        )


class Happened(NamedTuple):
    """An event to be logged. `data` holds no names and no addresses."""

    verb: str
    model: type[models.Model]
    subject_id: int
    customer_id: int
    data: dict[str, Any]


@dataclass(slots=True)
class Row:
    """One understood row on its way: its values, what it was compared with, and how it ends."""

    line: int
    values: Values
    identity: str = ""
    end: str = ""
    column: str = ""
    value: str = ""
    reason: str = ""
    found: Any = None
    changes: dict[str, Any] = field(default_factory=dict)

    def refuse(self, column: str, value: object, reason: str) -> None:
        self.end, self.column, self.value, self.reason = End.REFUSED, column, str(value), reason

    @property
    def is_good(self) -> bool:
        return self.end != End.REFUSED


@dataclass(frozen=True, slots=True)
class Said:
    """What a row says about something that other rows of its file may speak of too."""

    about: tuple[object, ...]
    says: object
    target: str
    reason: str  # why a later row that says otherwise is refused; %s is the earlier line


class Kind(ABC):
    """How the rows of one kind are told apart, compared with what is stored, and stored, set by set.

    What `store` makes or changes it hands to `job.trace`, table by table of `undoes`: that is all undo needs.
    A row changed is traced with its image from before: `before = {row.pk: Traced.image(row)}`.
    """

    undoes: ClassVar[tuple[type[Traced] | type[Taken], ...]] = ()

    def __init__(self, job: Job) -> None:
        self.job = job

    @abstractmethod
    def identity(self, values: Values) -> Sequence[object]:
        """What the row is about. Two rows of one file must not be about the same."""

    def says(self, values: Values) -> object:
        """What a row says of it: two rows that say the same are one."""
        return values

    @abstractmethod
    def compare(self, rows: Sequence[Row]) -> None:
        """Give each row its end. Changes nothing in the database."""

    @abstractmethod
    def store(self, rows: Sequence[Row]) -> None:
        """Store compared rows that are new or changed."""

    def store_plain(self, window: Window) -> Sequence[int] | None:
        """Store at once what of these staged rows is plainly new; the ids of those that need a look.

        None: all of them do. The rows it leaves out are stored, or as the check found them.
        """
        return None

    def said(self, row: Row) -> Iterable[Said]:
        """What must not be contradicted by another row of the same file."""
        return ()

    def finish(self) -> None:  # noqa: B027
        """After the last row of the transaction."""

    def find_customers(self, rows: Sequence[Row], *, ids_only: bool = False) -> dict[str, Customer]:
        """Customers by what the rows name them by; rows that name an unknown one are refused.

        `ids_only`: nothing else of them is read.
        """
        named = {row.values["customer"] for row in rows}
        column = self.job.columns.get("customer")
        if column and column.by == "subscription":
            found, unknown = self._by_subscription(named), _("no subscription from here has this id")
        else:
            known = customers_by_key(named)
            found = {each.key: each for each in (known.only("key") if ids_only else known)}
            unknown = _("no customer has this key")
        for row in rows:
            if row.values["customer"] not in found:
                row.refuse(self.job.named("customer"), row.values["customer"], unknown)
        return found

    def _by_subscription(self, ids: Collection[str]) -> dict[str, Customer]:
        """Whose subscriptions these are, of the same source."""
        standing = Subscription.objects.standing().filter(source=self.job.source, external_id__in=among(ids))
        return {each.external_id: each.customer for each in standing.select_related("customer")}


def customers_by_key(keys: Collection[str]) -> models.QuerySet[Customer]:
    return Customer.objects.filter(key__in=among(keys))


def settle(row: Row, *, edited: dict[str, Any], job: Job, differing: dict[str, tuple[Any, Any]]) -> None:
    """Changed, unchanged or kept, from what differs: target → (stored, in the file).

    A field that a person edited stays as it is, unless the mapping says to take the file's.
    """
    kept = {name for name in differing if name in edited and not job.takes_edited(name)}
    row.changes = {name: new for name, (__, new) in differing.items() if name not in kept}
    if kept:
        row.end = End.KEPT
        row.column = ", ".join(sorted(kept))
        row.value = ", ".join(str(differing[name][1]) for name in sorted(kept))
        row.reason = _("a person wrote “%s” here, which stays") % ", ".join(
            str(differing[name][0]) for name in sorted(kept)
        )
    elif row.changes:
        row.end = End.CHANGED
        row.column = ", ".join(row.changes)
        row.reason = "; ".join(
            _("“%(old)s” becomes “%(new)s”") % {"old": differing[name][0], "new": new}
            for name, new in row.changes.items()
        )
    else:
        row.end = End.UNCHANGED
