"""Begin an import, match its columns, ask for it to be applied, or call it off. Runs nothing itself."""

from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from office.importing import files
from office.importing.leasing import offer
from office.importing.mapping import Mapping
from office.importing.rows import guess
from office.importing.sniffing import Layout, find_layout
from office.models import Import
from organisations.models import Organisation, User

SAMPLES = 3  # rows shown when columns are matched


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
    """The top of a file, for matching its columns."""

    layout: Layout
    samples: list[list[str]]
    guessed: dict[str, str]


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


def preview(import_: Import) -> Preview:
    """Raises WrongFile."""
    mapping = Mapping(import_.kind)
    path = files.path_of(import_)
    layout = find_layout(path, mapping, whole=False)
    with layout.open(path) as records:
        below = (record.cells for record in records if record.line > layout.header_line)
        samples = list(islice(below, SAMPLES))
    return Preview(layout, samples, guess(import_.kind, layout.columns))


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
