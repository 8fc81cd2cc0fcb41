"""What an import did to rows, kept so that it can be undone: how they were, and how it left them.

A kind names its tables in `Kind.undoes` and hands every row it made or changed to `Job.trace`. Undo compares
each row with how the import left it: untouched ones are restored or withdrawn, all others are left whole.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import blake2b
from typing import Any, ClassVar

from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from office.models import Import, ImportTrace
from organisations.models import Event, Organisation, User

# What rests on a row and does not keep it from being withdrawn, by table; of every other table any row does.
SPENT: dict[str, Q] = {
    "customers.latestreading": Q(),  # follows the readings
    "customers.reading": Q(is_standing=False),
    "customers.transaction": Q(is_standing=False),
    "customers.subscription": Q(retracted_by__isnull=False),
    "customers.supportcase": Q(retracted_by__isnull=False),
    "customers.promise": Q(retracted_by__isnull=False),
    "customers.contact": Q(left_on__isnull=False),
    "customers.outcome": Q(retired_why="import undone"),
    "customers.outcomerevision": Q(),  # how it was written before
    "milestones.enrolment": Q(ended_why="import undone"),
    "milestones.pastachievement": Q(retracted_by__isnull=False),
    "milestones.criterionprogress": Q(),  # these three follow the enrolment
    "milestones.achievement": Q(),
    "advocacy.celebration": Q(),
}


type Images = Mapping[int, Mapping[str, Any]]


@dataclass(frozen=True)
class Undo:
    """One undo at work: of which import, the whole or one part of it, by whom, and whom to judge after it."""

    organisation: Organisation
    import_: Import
    part: int | None
    by: User | None
    now: datetime
    to_judge: set[int] = field(default_factory=set)
    withdrawn: list[int] = field(default_factory=list)
    """Ids of achievements that were withdrawn on the way."""

    def log(self, verb: str, row: models.Model, customer_id: int, **data: Any) -> Event:
        """An event to be written."""
        return Event(
            organisation=self.organisation,
            at=self.now,
            recorded_at=self.now,
            actor=self.by,
            verb=verb,
            subject_type=row._meta.label_lower,
            subject_id=row.pk,
            customer_id=customer_id,
            data=data | {"undone_import_id": self.import_.pk},
        )


class Traced:
    """One table whose rows an import makes or changes. Subclasses name it, and the fields that come back."""

    model: ClassVar[type[models.Model]]
    fields: ClassVar[tuple[str, ...]]
    """Attribute names (owner_id). A difference in any of them since the import leaves the row whole."""
    related: ClassVar[tuple[str, ...]] = ()
    """What is read along with each row."""
    later: ClassVar[tuple[str, ...]] = ()
    """Texts that rows were given later. Empty ones are not marked: marks made before them hold on."""

    def __init__(self, undo: Undo) -> None:
        self.undo = undo

    @classmethod
    def label(cls) -> str:
        return cls.model._meta.label_lower

    @classmethod
    def image(cls, row: models.Model) -> dict[str, Any]:
        """The row's fields as JSON can hold them."""
        return {name: _plain(getattr(row, name)) for name in cls.fields}

    @classmethod
    def mark(cls, row: models.Model) -> str:
        """A short hash of the same."""
        said = {name: value for name, value in cls.image(row).items() if value or name not in cls.later}
        return blake2b(json.dumps(said, sort_keys=True).encode(), digest_size=16).hexdigest()

    @classmethod
    def mark_in_sql(cls, table: str) -> str:
        """The same for rows that one statement made; told apart from `mark` by comparing with both."""
        known: dict[str, Any] = {field.attname: field for field in cls.model._meta.concrete_fields}
        columns = ", ".join(f"{table}.{known[name].column}" for name in cls.fields if name not in cls.later)
        texts = (f"{table}.{known[name].column}" for name in cls.later)
        later = "".join(f" || CASE {text} WHEN '' THEN '' ELSE ROW({text})::text END" for text in texts)
        return f"left(encode(sha256(convert_to(ROW({columns})::text{later}, 'UTF8')), 'hex'), 32)"

    @classmethod
    def put_back(cls, row: models.Model, before: Mapping[str, Any]) -> None:
        """Write a before-image on the row, unsaved."""
        for name, value in before.items():
            column: Any = row._meta.get_field(name)
            setattr(row, name, column.to_python(value) if value is not None else None)

    @classmethod
    def customer_of(cls, row: models.Model) -> int | None:
        return getattr(row, "customer_id", None)

    def in_the_way(
        self, rows: Sequence[Any], before: Mapping[int, Mapping[str, Any] | None]
    ) -> dict[int, str]:
        """Why some of these untouched rows (by id) must be left whole all the same."""
        return self.in_use([row for row in rows if before[row.pk] is None])

    def in_use(self, rows: Sequence[Any]) -> dict[int, str]:
        """What rests on rows that the import made: "2 contacts, 1 call"."""
        ids, said = [row.pk for row in rows], dict[int, list[str]]()
        for relation in self.model._meta.related_objects if ids else ():
            other: Any = relation.related_model
            name, meta = relation.field.name, other._meta
            resting = other._default_manager.filter(**{f"{name}__in": ids})
            if (spent := SPENT.get(meta.label_lower)) is not None:
                resting = resting.exclude(spent) if spent else resting.none()
            for pk, count in resting.order_by().values_list(name).annotate(n=Count("pk")):
                word = meta.verbose_name if count == 1 else meta.verbose_name_plural
                said.setdefault(pk, []).append(f"{count} {word}")
        return {pk: _("something rests on it: %s") % ", ".join(words) for pk, words in said.items()}

    def restore(self, rows: Sequence[Any], were: Images) -> None:
        """Save rows on which their before-image was put back; `were` is how they stood until now."""
        self.model._default_manager.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=[self.model._meta.get_field(name).name for name in self.fields],
        )

    def withdraw(self, rows: Sequence[Any]) -> None:
        """Take out rows that the import made. Tables that have a state for it override this."""
        self.model._default_manager.filter(pk__in=[row.pk for row in rows]).delete()

    def finish(self) -> None:
        """After the last row."""


class Taken:
    """Rows that need no images, since each says which import it came with: taken back in one statement."""

    model: ClassVar[type[models.Model]]

    def __init__(self, undo: Undo) -> None:
        self.undo = undo

    @classmethod
    def label(cls) -> str:
        return cls.model._meta.label_lower

    def look(self) -> dict[str, int]:
        """How many would end how, and nothing written."""
        raise NotImplementedError

    def take_back(self) -> dict[str, int]:
        """Take them back; how many ended how."""
        raise NotImplementedError


def withdrawn_rows(model: type[models.Model], ids: Collection[int]) -> dict[int, datetime]:
    """Which of these rows an undo took out, and when: the same file brings them back."""
    traces = ImportTrace.objects.filter(model=model._meta.label_lower, row__in=ids, undone="withdrawn")
    return dict(traces.order_by("undone_at").values_list("row", "undone_at"))


def differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """The fields in which two images differ, but for the note of who edited what."""
    return sorted(name for name, value in one.items() if name != "edited" and other.get(name, value) != value)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else deepcopy(value)
