"""Rows in staging: one `ImportRow` per line of the file, told apart within the file."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from office.importing.kinds.base import End, Kind, Row, Said
from office.importing.kinds.window import ask
from office.importing.records import Record
from office.models import Import, ImportClaim, ImportRow
from organisations.inserting import insert
from organisations.sets import among

FIELDS = ("organisation_id", "of_id", "line", "identity", "end", "data", "column", "value", "reason")
LONGEST_CELL = 10_000  # characters of a refused row's cell that are given back


SEEN = """
    SELECT seen.* FROM json_array_elements_text(%(all)s) AS wanted CROSS JOIN LATERAL (
        SELECT identity, line, data FROM office_importrow
        WHERE organisation_id = %(organisation)s AND of_id = %(import)s AND identity >= wanted
            AND identity <> '' ORDER BY identity LIMIT 1
    ) AS seen WHERE seen.identity = wanted"""

type Staged = tuple[int, int, int, str, str, dict[str, Any], str, str, str]  # the values of FIELDS

_as_json = json.JSONEncoder(default=str).encode


def mark(*parts: object) -> str:
    """A short hash of anything JSON can hold."""
    return blake2b(_as_json(parts).encode(), digest_size=16).hexdigest()


def staged(
    import_: Import,
    record: Record,
    end: str,
    *,
    column: str = "",
    value: str = "",
    reason: str = "",
    identity: str = "",
    data: dict[str, Any] | None = None,
) -> Staged:
    """Of a refused row the raw cells are kept, to be given back."""
    if end == End.REFUSED:
        data, identity = {"cells": [_storable(cell) for cell in record.cells]}, ""
    said = _said(column, value, reason)
    return import_.organisation_id, import_.pk, record.line, identity, end, data or {}, *said


def note(row: ImportRow, end: str, *, column: str, value: str, reason: str) -> None:
    """How it ends and why, as far as it fits."""
    row.end = end
    row.column, row.value, row.reason = _said(column, value, reason)


def _said(column: str, value: str, reason: str) -> tuple[str, str, str]:
    if not (column or value or reason):
        return "", "", ""
    return _short(column, 120), _short(value, 200), _short(reason, 300)


def _storable(text: str) -> str:
    """PostgreSQL's text knows no NUL: it is shown as its picture."""
    return text.replace("\0", "␀")[:LONGEST_CELL]


def _short(text: str, longest: int) -> str:
    text = text[: longest + 1].replace("\0", "␀")
    return text if len(text) <= longest else text[: longest - 1] + "…"


def stage(
    import_: Import, kind: Kind, rows: Sequence[Row], records: dict[int, Record], rest: list[Staged]
) -> Counter[str]:
    """Store compared rows and the rest; returns how many ended how."""
    _tell_apart(import_, kind, rows)
    _refuse_contradictions(import_, kind, [row for row in rows if row.is_good and row.identity])
    ready = rest + [
        staged(
            import_,
            records[row.line],
            row.end,
            column=row.column,
            value=row.value,
            reason=row.reason,
            identity=row.identity,
            data=row.values,
        )
        for row in rows
    ]
    insert(ImportRow, FIELDS, ready)
    return Counter(end for _org, _of, _line, _identity, end, *_rest in ready)


def _tell_apart(import_: Import, kind: Kind, rows: Sequence[Row]) -> None:
    """Of several rows about the same thing the first counts; the same again is nothing new, else refused."""
    for row in rows:
        if row.is_good:
            row.identity = mark(kind.identity(row.values))
    first = _seen(import_, {row.identity for row in rows if row.identity})
    for row in rows:
        if not row.identity:
            continue
        line, values = first.setdefault(row.identity, (row.line, row.values))
        if line == row.line:
            continue
        row.identity = ""
        if kind.says(values) == kind.says(row.values):
            row.end, row.reason, row.column, row.value = (
                End.UNCHANGED,
                _("the same as line %s") % line,
                "",
                "",
            )
        else:
            row.refuse("", "", _("line %s is about the same and says otherwise") % line)


def _seen(import_: Import, identities: Iterable[str]) -> dict[str, tuple[int, dict[str, Any]]]:
    """Where, and with what values, these identities stand further up in the file."""
    if connection.vendor == "postgresql":
        wanted = {
            "organisation": import_.organisation_id,
            "import": import_.pk,
            "all": _as_json([*identities]),
        }
        return {identity: (line, json.loads(data)) for identity, line, data in ask(SEEN, wanted)}
    stored = ImportRow.objects.filter(of=import_, identity__in=among(identities))
    return {row.identity: (row.line, row.data) for row in stored.only("identity", "line", "data")}


def _refuse_contradictions(import_: Import, kind: Kind, rows: Sequence[Row]) -> None:
    said = [(row, each, mark(each.about)) for row in rows for each in kind.said(row)]
    if not said:
        return
    earlier = ImportClaim.objects.filter(of=import_, about__in=among({about for _row, _said, about in said}))
    known = {claim.about: claim for claim in earlier}
    new = []
    for row, each, about in said:
        claim = known.get(about)
        if claim is None:
            claim = ImportClaim(
                organisation_id=import_.organisation_id,
                of=import_,
                about=about,
                says=mark(each.says),
                line=row.line,
            )
            known[about] = claim
            new.append(claim)
        elif claim.says != mark(each.says):
            _refuse(kind, row, each, claim.line)
    ImportClaim.objects.bulk_create(new)


def _refuse(kind: Kind, row: Row, said: Said, line: int) -> None:
    row.refuse(kind.job.named(said.target), row.values.get(said.target, ""), said.reason % line)
    row.identity = ""
