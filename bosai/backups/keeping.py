"""Make a backup, while Bosai runs."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from bosai.backups import archive, postgresql, sqlite, tables
from bosai.backups.archive import Writer

SEALS = "seals"  # first: what is noted there stands in the database already
FOLDERS = (
    "imports",
    "files",
    SEALS,
)  # of the state folder; the rest is made again or belongs to this machine
SECRET_KEY = "secret-key"


@dataclass(frozen=True)
class Kept:
    path: Path
    bytes: int
    organisations: int
    rows: int
    files: int
    has_key: bool


def keep(path: Path, *, now: datetime, with_key: bool = False) -> Kept:
    """Write everything to `path`: rows and files, as of one moment. The secret key only `with_key`.

    The database comes first: a file that arrives after its snapshot is too much, and not too little.
    """
    with archive.written(path) as writer:
        seals = _add_files(writer, SEALS)
        rows = (sqlite if connection.vendor == "sqlite" else postgresql).save(writer)
        files = seals + sum(_add_files(writer, folder) for folder in FOLDERS if folder != SEALS)
        if with_key:
            with writer.member(SECRET_KEY) as member:
                member.write(settings.SECRET_KEY.encode())
        writer.finish(
            {
                "made_at": now.isoformat(timespec="seconds"),
                "bosai": settings.VERSION,
                "database": connection.vendor,
                "migrations": tables.migrations(),
                "rows": rows,
                "files": files,
                "has_secret_key": with_key,
            }
        )
    organisations = rows.get("organisations_organisation", 0)
    return Kept(path, path.stat().st_size, organisations, sum(rows.values()), files, with_key)


def _add_files(writer: Writer, folder: str) -> int:
    state = Path(settings.STATE)
    found = [path for path in sorted((state / folder).rglob("*")) if path.is_file()]
    return sum(writer.add(f"state/{path.relative_to(state)}", path) for path in found)
