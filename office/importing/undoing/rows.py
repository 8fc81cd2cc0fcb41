"""The rows an import made or changed, chunk by chunk: which go back, which are left whole, and why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models
from django.utils.translation import gettext as _

from office.importing.jobs import KINDS
from office.importing.kinds.tracing import Taken, Traced, Undo
from office.models import ImportTrace

CHUNK = 1000


@dataclass
class Batch:
    """Some rows of one table."""

    rows: dict[int, models.Model]
    before: dict[int, Mapping[str, Any] | None]
    why_left: dict[int, str] = field(default_factory=dict)

    @property
    def made(self) -> list[models.Model]:
        """Rows to withdraw."""
        return [row for row in self._going if self.before[row.pk] is None]

    @property
    def changed(self) -> list[models.Model]:
        """Rows to restore."""
        return [row for row in self._going if self.before[row.pk] is not None]

    @property
    def _going(self) -> list[models.Model]:
        return [row for pk, row in self.rows.items() if pk not in self.why_left]

    @property
    def counts(self) -> dict[str, int]:
        return {"withdrawn": len(self.made), "restored": len(self.changed), "left": len(self.why_left)}


def tables(undo: Undo) -> list[Traced | Taken]:
    """What this kind of import writes to; the last written first."""
    return [each(undo) for each in KINDS[undo.import_.kind].undoes]


def batches(traced: Traced, *, locked: bool) -> Iterator[Batch]:
    """All rows of a table that the import touched, some at a time, by id."""
    undo = traced.undo
    traces = ImportTrace.objects.filter(of=undo.import_, model=traced.label())
    if undo.part is not None:
        traces = traces.filter(part=undo.part)
    last = 0
    while ids := list(
        traces.filter(row__gt=last).order_by("row").values_list("row", flat=True).distinct()[:CHUNK]
    ):
        yield _batch(traced, traces.filter(row__in=ids).order_by("row", "id"), ids, locked=locked)
        last = ids[-1]


def _batch(
    traced: Traced, traces: models.QuerySet[ImportTrace], ids: Sequence[int], *, locked: bool
) -> Batch:
    """A row touched twice goes back to before the first time, if it is as the last time left it."""
    before: dict[int, Mapping[str, Any] | None] = {}
    after: dict[int, str] = {}
    for trace in traces:
        before.setdefault(trace.row, trace.before)
        after[trace.row] = trace.after
    stored = traced.model._default_manager.filter(pk__in=ids).order_by("pk")
    if traced.related:
        stored = stored.select_related(*traced.related)
    if connection.vendor == "postgresql":
        in_sql = traced.mark_in_sql(traced.model._meta.db_table)
        stored = stored.annotate(mark=models.Func(template=in_sql, output_field=models.TextField()))
    rows = {row.pk: row for row in (stored.select_for_update(of=("self",)) if locked else stored)}
    why = {pk: _("it is no longer there") for pk in ids if pk not in rows}
    why |= {
        pk: _("it was changed since")
        for pk, row in rows.items()
        if after[pk] not in (getattr(row, "mark", None), traced.mark(row))
    }
    untouched = [row for pk, row in rows.items() if pk not in why]
    return Batch(rows, before, why | traced.in_the_way(untouched, before))
