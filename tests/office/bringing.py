"""Bring a file in, from text to the end, as tests see it."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models.functions import Now

from office import importing
from office.models import Import, ImportTrace
from organisations.models import Organisation, User

NOW = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=2)


def begin(
    organisation: Organisation,
    kind: str,
    content: str | bytes,
    *,
    mapping: dict[str, Any] | None = None,
    source: str = "crm",
    by: User | None = None,
    **wishes: bool,
) -> Import:
    """Started, and not yet worked on."""
    data = content.encode() if isinstance(content, str) else content
    return importing.start(
        organisation=organisation,
        kind=kind,
        file=io.BytesIO(data),
        file_name=f"{kind}.csv",
        mapping=mapping or {},
        source=source,
        by=by,
        now=NOW,
        wishes=importing.Wishes(**{"apply_at_once": True, **wishes}),
    )


def work(organisation: Organisation, import_: Import) -> Import:
    importing.work(organisation=organisation, import_id=import_.pk, clock=lambda: NOW)
    import_.refresh_from_db()
    return import_


def bring(organisation: Organisation, kind: str, content: str | bytes, **how: Any) -> Import:
    """Started and worked on until it needs nobody, or a person."""
    return work(organisation, begin(organisation, kind, content, **how))


def ends(import_: Import) -> dict[int, tuple[str, str]]:
    """Line → how it ended, and why."""
    return {row.line: (row.end, row.reason) for row in import_.rows.order_by("line")}


def refusal(import_: Import) -> tuple[int, str, str, str]:
    """The one refused row: line, column, value, reason."""
    row = import_.rows.get(end="refused")
    return row.line, row.column, row.value, row.reason


def many(count: int) -> str:
    return "\n".join(["key,name", *(f"k{n},Customer {n}" for n in range(count))])


class Killed(BaseException):
    """As if the process had died here: nothing catches it."""


def die_at(monkeypatch, module, name: str, call: int) -> None:
    """Let the `call`th call of a function be the last thing its process does."""
    real, calls = getattr(module, name), []

    def until_then(*args, **kwargs):
        calls.append(1)
        if len(calls) == call:
            raise Killed
        return real(*args, **kwargs)

    monkeypatch.setattr(module, name, until_then)


def let_the_lease_run_out(import_: Import) -> None:
    Import.objects.filter(pk=import_.pk).update(lease_until=Now() - timedelta(seconds=1))


def undo(organisation, import_, *, part=None, by=None) -> Import:
    importing.ask_to_undo(import_, by=by, now=LATER, part=part)
    importing.work(organisation=organisation, import_id=import_.pk, clock=lambda: LATER)
    import_.refresh_from_db()
    return import_


def left(import_) -> list[str]:
    """Why rows were left whole by an undo."""
    return list(ImportTrace.objects.filter(of=import_).listed().values_list("reason", flat=True))
