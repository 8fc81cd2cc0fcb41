"""The second phase: what was staged is compared once more and stored, in one transaction.

On SQLite more than 100,000 rows go in parts, each a transaction of its own and recorded on the import.
Killed in the middle, the transaction never happened and the next process begins it again.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import batched
from typing import NamedTuple

from django.db import IntegrityError, connection
from django.db.models import Count, Max
from django.utils.translation import gettext as _

from office.importing.announcing import announce
from office.importing.jobs import job_of, kind_of
from office.importing.kinds.base import Job, Kind, Row
from office.importing.kinds.window import Window
from office.importing.leasing import holding
from office.importing.mapping import Mapping
from office.importing.rows import Values, by_name
from office.importing.sniffing import Layout
from office.importing.staging import note
from office.models import Import, ImportRow
from organisations.models import Organisation

CHUNK = 10_000  # rows looked at together
BY_ROW = 2000  # of those that have to be looked at one by one
LARGEST_PART = 100_000  # rows in one transaction on SQLite, where everybody else waits for it
MOST_COLLISIONS = 3

type Clock = Callable[[], datetime]


class NowRefused(Exception):
    """A row that was good when it was checked no longer is; nothing of this transaction stays."""


class Stage(NamedTuple):
    """What the check kept of a row."""

    pk: int
    line: int
    data: Values
    end: str


def apply(organisation: Organisation, import_: Import, *, clock: Clock) -> None:
    """Store everything, or nothing of the part at work. Raises LeaseLost."""
    collisions = 0
    while import_.state == Import.State.APPLYING:
        try:
            with holding(organisation, import_):
                import_.refresh_from_db(fields=["parts", "rows_applied"])
                _apply_part(organisation, import_, clock)
        except NowRefused as refused:
            _refuse(organisation, import_, str(refused), now=clock())
        except IntegrityError:
            # Somebody stored the same a moment ago. Compared again, it is seen.
            import_.state = Import.State.APPLYING
            collisions += 1
            if collisions > MOST_COLLISIONS:
                raise


def _apply_part(organisation: Organisation, import_: Import, clock: Clock) -> None:
    now = clock()
    kind = kind_of(import_, _job(organisation, import_, now))
    largest = LARGEST_PART if _goes_in_parts(import_) else None
    line = import_.parts[-1]["to_line"] if import_.parts else 0
    count = 0
    while largest is None or count < largest:
        size = CHUNK if largest is None else min(CHUNK, largest - count)
        found = import_.rows.to_apply().filter(line__gt=line)[:size].aggregate(to=Max("line"), n=Count("pk"))
        if not found["n"]:
            break
        _store(import_, kind, Window(line, found["to"]))
        line, count = found["to"], count + found["n"]
    kind.finish()
    import_.rows_applied += count
    import_.is_traced = True
    if largest and count:
        part = {"to_line": line, "rows": count, "applied_at": now.isoformat()}
        import_.parts = [*import_.parts, part]
    if largest is None or count < largest:
        _end(organisation, import_, now=clock())
    import_.save(update_fields=["rows_applied", "parts", "is_traced", "state", "counts", "finished_at"])


def _job(organisation: Organisation, import_: Import, now: datetime) -> Job:
    mapping = Mapping.from_json(import_.mapping, kind=import_.kind)
    columns = mapping.columns or by_name(import_.kind, Layout.from_json(import_.layout).columns)
    return job_of(organisation, import_, columns, now=now, part=len(import_.parts))


def _goes_in_parts(import_: Import) -> bool:
    return connection.vendor == "sqlite" and import_.good_count > LARGEST_PART


def _store(import_: Import, kind: Kind, window: Window) -> None:
    """What the kind cannot store at once goes row by row."""
    rows = import_.rows.to_apply()
    left = kind.store_plain(window)
    if left is None:
        left = list(rows.filter(line__gt=window.after, line__lte=window.to).values_list("pk", flat=True))
    for some in batched(left, BY_ROW):
        stage = rows.filter(pk__in=some).values_list("pk", "line", "data", "end")
        _store_by_row(import_, kind, [Stage(*row) for row in stage])


def _store_by_row(import_: Import, kind: Kind, stage: Sequence[Stage]) -> None:
    """Compare with what is stored by now, and store what differs."""
    rows = [Row(each.line, each.data) for each in stage]
    kind.compare(rows)
    otherwise = []
    for row, each in zip(rows, stage, strict=True):
        if row.end != each.end:
            differs = ImportRow(pk=each.pk)
            note(differs, row.end, column=row.column, value=row.value, reason=row.reason)
            otherwise.append(differs)
    refused = [row for row in rows if not row.is_good]
    if refused and not import_.is_partial:
        raise NowRefused(
            _("Line %(line)s was good when it was checked and is not any more: %(column)s %(reason)s.")
            % {"line": refused[0].line, "column": refused[0].column, "reason": refused[0].reason}
        )
    kind.store([row for row in rows if row.is_good])
    ImportRow.objects.bulk_update(otherwise, ["end", "column", "value", "reason"], batch_size=500)


def _end(organisation: Organisation, import_: Import, *, now: datetime) -> None:
    ends = import_.rows.values_list("end").annotate(rows=Count("pk")).order_by()
    import_.counts = dict(Counter(dict(ends)))
    import_.state, import_.finished_at = Import.State.APPLIED, now
    organisation.log("import_applied", by=import_.made_by, now=now, subject=import_, counts=import_.counts)
    announce(organisation, import_, now=now)


def _refuse(organisation: Organisation, import_: Import, why: str, *, now: datetime) -> None:
    with holding(organisation, import_):
        import_.refresh_from_db()
        if import_.parts:
            why += " " + _("The rows up to line %s are stored.") % import_.parts[-1]["to_line"]
        import_.state = Import.State.FAILED if import_.parts else Import.State.REFUSED
        import_.state_why, import_.finished_at = why, now
        import_.save(update_fields=["state", "state_why", "finished_at"])
        organisation.log(
            "import_refused", by=import_.made_by, now=now, subject=import_, counts=import_.counts
        )
        announce(organisation, import_, now=now)
