"""Write the zip while it is sent: nothing is kept on the server, whatever the size."""

import io
import json
import zipfile
from base64 import b64encode
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from office.exporting.registry import TABLES, Table
from organisations.models import Membership, Organisation
from ui.spreadsheets import csv_lines

CHUNK = 2000
GENERAL = ("slug", "name", "zone", "language", "accent", "sender_name", "postal_address", "created_at")
MEMBERS = ["name", "email", "role", "joined_at", "ended_at", "user_id", "membership_id"]


class _Drain(io.RawIOBase):
    """A file that is read as it is written."""

    def __init__(self) -> None:
        self.waiting: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.waiting.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        waiting, self.waiting = self.waiting, []
        return b"".join(waiting)


def export(organisation: Organisation, *, now: datetime) -> Iterator[bytes]:
    """The zip, piece by piece. Call it, and read it, within the organisation."""
    drain, rows = _Drain(), dict[str, int]()
    with zipfile.ZipFile(drain, "w", zipfile.ZIP_DEFLATED, compresslevel=5) as packed:
        packed.writestr("README.txt", _readme(organisation))
        for name, lines in _files(organisation):
            count = -1  # the header
            with packed.open(name, "w", force_zip64=True) as file:
                for line in lines:
                    file.write(line.encode())
                    count += 1
                    if count % CHUNK == 0:
                        yield drain.taken()
            rows[name] = count
            yield drain.taken()
        packed.writestr("manifest.json", json.dumps(_manifest(organisation, rows, now), indent=1))
    yield drain.taken()


def _files(organisation: Organisation) -> Iterator[tuple[str, Iterator[str]]]:
    yield "organisation.csv", csv_lines(GENERAL, [[_cell(getattr(organisation, name)) for name in GENERAL]])
    yield "members.csv", csv_lines(MEMBERS, _members(organisation))
    for table in TABLES:
        yield table.file_name, csv_lines(table.fields, _rows(table))


def _members(organisation: Organisation) -> Iterator[list[Any]]:
    found = Membership.objects.filter(organisation=organisation).order_by("pk")
    names = ("user__name", "user__email", "role", "joined_at", "ended_at", "user_id", "pk")
    for row in found.values_list(*names):
        yield [_cell(value) for value in row]


def _rows(table: Table) -> Iterator[list[Any]]:
    """Read by key, a part at a time: no cursor is held open while somebody's connection is slow."""
    rows: QuerySet[Model] = table.model._default_manager.order_by("pk")
    last: Any = None
    while True:
        part = rows if last is None else rows.filter(pk__gt=last)
        found = list(part.values_list("pk", *table.fields)[:CHUNK])
        for row in found:
            yield [_cell(value) for value in row[1:]]
        if len(found) < CHUNK:
            return
        last = found[-1][0]


def _cell(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return b64encode(value).decode()
    if isinstance(value, datetime):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def _manifest(organisation: Organisation, rows: dict[str, int], now: datetime) -> dict[str, Any]:
    return {
        "format": "bosai-export",
        "edition": 1,
        "organisation": organisation.slug,
        "made_at": now.isoformat(timespec="seconds"),
        "bosai": settings.VERSION,
        "rows": rows,
    }


def _readme(organisation: Organisation) -> str:
    width = max(len(table.file_name) for table in TABLES)
    listed = [f"{table.file_name:<{width}}  {table.says}" for table in TABLES]
    words = _(
        "Everything of %(name)s in Bosai. One CSV file for each table, in UTF-8; times carry their zone; "
        "a column that ends in _id points to the id in another file. A text that a spreadsheet would take "
        "for a formula has an apostrophe in front. Passwords and links are not in it."
    )
    general = [f"{name:<{width}}  {says}" for name, says in _general_files()]
    return "\n".join([words % {"name": organisation.name}, "", *general, *listed, ""])


def _general_files() -> list[tuple[str, str]]:
    return [
        ("organisation.csv", "the organisation itself"),
        ("members.csv", "who works here, or did"),
        ("manifest.json", "when this was made, and how many rows each file has"),
    ]
