"""Begin an import, match its columns, ask for it to be applied, or call it off. Runs nothing itself."""

from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from office.importing import files
from office.importing.guessing import Content, as_chosen, contents, propose
from office.importing.leasing import offer
from office.importing.mapping import FILE_OPTIONS, Mapping
from office.importing.records import WrongFile
from office.importing.sniffing import Layout, find_layout
from office.importing.workbooks import sheets_of
from office.models import Import
from organisations.models import Organisation, User

SAMPLES = 5  # rows shown when columns are matched
LOOKED_AT = 200  # rows that say what a column holds
READ_WHOLE = 20 * 1024**2  # bytes: a larger file's encoding is told by its beginning until it is checked


class NotPossible(ValueError):
    """The import is in no state for this; the text says which it is in."""


@dataclass(frozen=True)
class Wishes:
    """How an import is to go."""

    is_history: bool = False
    is_partial: bool = False
    is_dry_run: bool = False
    apply_at_once: bool = False


@dataclass(frozen=True)
class Preview:
    """The top of a file, for matching its columns: how it is read, what its columns hold, and a proposal."""

    layout: Layout
    samples: list[list[str]]
    contents: dict[str, Content]
    proposal: dict[str, Any]
    sheets: list[str]
    is_remembered: bool = False
    """The proposal is what was said the last time."""


def start(
    *,
    organisation: Organisation,
    kind: str,
    file: BinaryIO,
    file_name: str,
    mapping: dict[str, Any] | None,
    source: str,
    by: User | None,
    now: datetime,
    wishes: Wishes,
) -> Import:
    """Keep the file and put the import up for the worker; without a mapping (None) its columns come first.

    Raises WrongMapping, or WrongFile when the file is too large. An empty mapping goes by the columns' names.
    """
    if mapping is not None:
        Mapping.from_json(mapping, kind=kind)
    kept = files.keep(file, organisation)
    with transaction.atomic():
        import_ = Import.objects.create(
            organisation=organisation,
            kind=kind,
            source=source,
            file_name=file_name[-255:],
            file_path=kept.path,
            file_bytes=kept.bytes,
            file_sha256=kept.sha256,
            mapping=mapping or {},
            made_at=now,
            made_by=by,
            state=Import.State.MAPPING,
            is_history=wishes.is_history,
            is_partial=wishes.is_partial,
            is_dry_run=wishes.is_dry_run,
            apply_at_once=wishes.apply_at_once and not wishes.is_dry_run,
        )
        if mapping is not None:
            offer(import_, Import.State.WAITING)
    return import_


def preview(
    import_: Import, *, read: dict[str, Any] | None = None, chosen: dict[str, str] | None = None
) -> Preview:
    """`read` corrects how the file is read: encoding, delimiter, header_line, sheet.

    `chosen` are columns a person has matched so far, by target. Raises WrongFile.
    """
    remembered = remember(import_)
    said = {name: value for name, value in (remembered or {}).items() if name in FILE_OPTIONS}
    path = files.path_of(import_)
    try:
        layout, rows = _top(path, Mapping.from_json(said if read is None else read, kind=import_.kind))
    except WrongFile:
        if read is not None or not said:
            raise
        layout, rows = _top(path, Mapping(import_.kind))  # this one is written otherwise than the last
    found = contents(layout.columns, rows)
    proposal = propose(import_.kind, found, remembered)
    is_remembered = proposal is remembered
    proposal = as_chosen(import_.kind, proposal, chosen or {}, found)
    return Preview(
        layout,
        rows[:SAMPLES],
        found,
        proposal,
        sheets_of(path) if layout.sheet else [],
        is_remembered=is_remembered,
    )


def corrections(import_: Import, *, read: dict[str, Any]) -> dict[str, Any]:
    """Of how a file is to be read, what it would not be read like by itself: for its mapping."""
    if not read:
        return {}
    found = find_layout(files.path_of(import_), Mapping(import_.kind)).as_json()
    found["delimiter"] = "tab" if found["delimiter"] == "\t" else found["delimiter"]
    return {name: value for name, value in read.items() if found[name] != value}


def _top(path: Path, mapping: Mapping) -> tuple[Layout, list[list[str]]]:
    layout = find_layout(path, mapping, whole=path.stat().st_size <= READ_WHOLE)
    with layout.open(path) as records:
        below = (record.cells for record in records if record.line > layout.header_line)
        return layout, list(islice(below, LOOKED_AT))


def remember(import_: Import) -> dict[str, Any] | None:
    """The mapping that the last file of the same kind from the same source was read by."""
    before = Import.objects.filter(kind=import_.kind, source=import_.source).exclude(pk=import_.pk)
    last = before.exclude(mapping={}).exclude(state=Import.State.MAPPING).newest_first().first()
    return last.mapping if last else None


def match_columns(import_: Import, *, mapping: dict[str, Any]) -> None:
    """Say which column is which and put the import up for the worker. Raises WrongMapping, NotPossible."""
    Mapping.from_json(mapping, kind=import_.kind)
    with transaction.atomic():
        import_ = _in_state(import_, Import.State.MAPPING)
        import_.mapping = mapping
        import_.save(update_fields=["mapping"])
        offer(import_, Import.State.WAITING)


def ask_to_apply(import_: Import, *, now: datetime, partial: bool = False) -> None:
    """Put a checked import up for being applied; with `partial` the good rows go in without the refused."""
    with transaction.atomic():
        import_ = _in_state(import_, Import.State.CHECKED, Import.State.REFUSED)
        if import_.counts.get("refused") and not (partial or import_.is_partial):
            raise NotPossible(_("Rows are refused. Correct the file, or store the good rows alone."))
        if not import_.can_be_applied:
            raise NotPossible(_("There is nothing in this import that could be stored."))
        import_.is_partial = import_.is_partial or partial
        import_.is_dry_run, import_.apply_at_once = False, True
        import_.applying_since, import_.finished_at, import_.state_why = now, None, ""
        import_.save(
            update_fields=[
                "is_partial",
                "is_dry_run",
                "apply_at_once",
                "applying_since",
                "finished_at",
                "state_why",
            ]
        )
        offer(import_, Import.State.APPLYING)


def try_again(import_: Import) -> None:
    """Put a failed import up once more, where it stopped. Raises NotPossible."""
    with transaction.atomic():
        import_ = _in_state(import_, Import.State.FAILED)
        if not import_.can_be_tried_again:
            raise NotPossible(_("Its file is no longer kept. Bring it in again."))
        import_.finished_at, import_.state_why = None, ""
        import_.save(update_fields=["finished_at", "state_why"])
        offer(import_, import_.state_before_failing)


def cancel(import_: Import, *, now: datetime) -> None:
    """Call it off: at once when nobody works on it, else with the next chunk. Raises NotPossible."""
    with transaction.atomic():
        states = Import.State
        import_ = _in_state(import_, states.MAPPING, states.WAITING, states.CHECKING, states.CHECKED)
        import_.cancel_asked_at = now
        if import_.state != states.CHECKING:
            import_.state, import_.finished_at = states.CANCELLED, now
            import_.lease_token = import_.lease_until = None
        import_.save()


def _in_state(import_: Import, *states: str) -> Import:
    """The import as it is now, held until the transaction ends."""
    held = Import.objects.select_for_update().get(pk=import_.pk)
    if held.state not in states:
        raise NotPossible(_("This import %(state)s by now.") % {"state": held.get_state_display()})
    return held
