"""The first phase: a file becomes staged rows, each with its end, in chunks that are committed one by one.

Killed in the middle, it goes on after the last committed chunk. Nothing outside the import is touched.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from office.importing import files
from office.importing.announcing import announce
from office.importing.jobs import job_of, kind_of
from office.importing.kinds.base import End, Kind, Row
from office.importing.leasing import holding
from office.importing.mapping import Mapping, WrongMapping
from office.importing.records import Record, Records, WrongFile
from office.importing.rows import Refused, RowReader, Skipped
from office.importing.sniffing import Layout, find_layout
from office.importing.staging import Staged, stage, staged
from office.importing.workbooks import SheetRecords
from office.models import Import
from organisations import tenancy
from organisations.models import Organisation

CHUNK = 2000
MOST_ROWS = 5_000_000

type Clock = Callable[[], datetime]


def check(organisation: Organisation, import_: Import, *, clock: Clock) -> None:
    """Read to the end or until it is called off. Raises LeaseLost."""
    with tenancy.within(organisation):
        begin(organisation, import_, now=clock())
    try:
        reader, layout = _open(organisation, import_)
        with layout.open(files.path_of(import_)) as records:
            rows = _below_header(records, layout, import_.lines_read)
            while import_.state == Import.State.CHECKING:
                _check_chunk(organisation, import_, reader, records, rows, clock)
    except (WrongFile, WrongMapping) as wrong:
        _refuse_file(organisation, import_, str(wrong), now=clock())


def begin(organisation: Organisation, import_: Import, *, now: datetime) -> None:
    if import_.state == Import.State.WAITING:
        with holding(organisation, import_):
            import_.state = Import.State.CHECKING
            import_.checking_since = now
            import_.save(update_fields=["state", "checking_since"])


def _open(organisation: Organisation, import_: Import) -> tuple[RowReader, Layout]:
    """How the file reads: found once, then kept, so that going on means the same as going through."""
    mapping = Mapping.from_json(import_.mapping, kind=import_.kind)
    if import_.layout:
        layout = Layout.from_json(import_.layout)
    else:
        layout = find_layout(files.path_of(import_), mapping)
        with holding(organisation, import_):
            import_.layout = layout.as_json()
            import_.save(update_fields=["layout"])
    return RowReader(mapping, layout.columns, zone=organisation.tzinfo), layout


def _below_header(records: Records | SheetRecords, layout: Layout, lines_read: int) -> Iterator[Record]:
    done = max(layout.header_line, lines_read)
    return (record for record in records if record.line > done)


def _check_chunk(
    organisation: Organisation,
    import_: Import,
    reader: RowReader,
    records: Records | SheetRecords,
    rows: Iterator[Record],
    clock: Clock,
) -> None:
    """One transaction: read, understand, compare, stage, and say how far we are."""
    chunk = list(islice(rows, CHUNK))
    with holding(organisation, import_):
        import_.refresh_from_db(fields=["cancel_asked_at"])
        if import_.cancel_asked_at is not None:
            _call_off(import_, now=clock())
            return
        kind = kind_of(import_, job_of(organisation, import_, reader.columns, now=clock()))
        ends = _stage(import_, kind, reader, chunk)
        import_.counts = dict(Counter(import_.counts) + ends)
        import_.bytes_read = records.bytes_read
        if chunk:
            import_.lines_read = chunk[-1].last_line
        if import_.row_count > MOST_ROWS:
            raise WrongFile(_("The file has more than 5 million rows. Cut it into parts."))
        if len(chunk) < CHUNK:
            _end(organisation, import_, now=clock())
        import_.save(
            update_fields=[
                "state",
                "state_why",
                "counts",
                "bytes_read",
                "lines_read",
                "applying_since",
                "finished_at",
            ]
        )


def _stage(import_: Import, kind: Kind, reader: RowReader, chunk: list[Record]) -> Counter[str]:
    understood, rest = _understand(import_, reader, chunk)
    if understood:
        kind.compare(understood)
    return stage(import_, kind, understood, {record.line: record for record in chunk}, rest)


def _understand(import_: Import, reader: RowReader, chunk: list[Record]) -> tuple[list[Row], list[Staged]]:
    """Rows with values, and rows that end here: skipped by a rule, or refused."""
    understood, rest = [], []
    read = reader.read_all([record.cells for record in chunk], lines=[record.line for record in chunk])
    for record, found in zip(chunk, read, strict=True):
        if isinstance(found, Skipped):
            rest.append(staged(import_, record, End.SKIPPED, reason=str(found)))
        elif isinstance(found, Refused):
            said = staged(
                import_, record, End.REFUSED, column=found.column, value=found.value, reason=found.reason
            )
            rest.append(said)
        else:
            understood.append(Row(record.line, found))
    return understood, rest


def _end(organisation: Organisation, import_: Import, *, now: datetime) -> None:
    """What follows from the check: apply, wait for a person's yes, or refuse."""
    if not import_.row_count:
        raise WrongFile(_("The file has a header and no rows."))
    import_.bytes_read = import_.file_bytes
    refused = import_.counts.get("refused", 0)
    if not import_.apply_at_once:
        import_.state = Import.State.CHECKED
    elif refused and not import_.is_partial:
        import_.state, import_.finished_at = Import.State.REFUSED, now
        why = ngettext("%s row is refused", "%s rows are refused", refused) % refused
        import_.state_why = _("%s, so nothing is stored.") % why
        organisation.log(
            "import_refused", by=import_.made_by, now=now, subject=import_, counts=import_.counts
        )
        announce(organisation, import_, now=now)
    else:
        import_.state, import_.applying_since = Import.State.APPLYING, now


def _call_off(import_: Import, *, now: datetime) -> None:
    import_.rows.all().delete()
    import_.claims.all().delete()
    import_.state, import_.finished_at, import_.counts = Import.State.CANCELLED, now, {}
    import_.save(update_fields=["state", "finished_at", "counts"])


def _refuse_file(organisation: Organisation, import_: Import, why: str, *, now: datetime) -> None:
    with holding(organisation, import_):
        import_.rows.all().delete()
        import_.claims.all().delete()
        import_.state, import_.state_why, import_.finished_at = Import.State.REFUSED, why, now
        import_.counts, import_.bytes_read = {}, import_.file_bytes
        import_.save(update_fields=["state", "state_why", "finished_at", "counts", "bytes_read"])
        organisation.log("import_refused", by=import_.made_by, now=now, subject=import_, counts={})
        announce(organisation, import_, now=now)
