"""The database as a file. SQLite copies it itself, whole and consistent, while others go on writing."""

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import connection

from bosai.backups.archive import Damaged, Reader, Writer

MEMBER = "bosai.sqlite3"


def database_path() -> Path:
    return Path(connection.settings_dict["NAME"])


def save(archive: Writer) -> dict[str, int]:
    """Rows by table."""
    with tempfile.TemporaryDirectory(dir=database_path().parent, prefix="backup-") as folder:
        copy = Path(folder) / MEMBER
        with closing(sqlite3.connect(database_path(), timeout=60, autocommit=True)) as database:
            database.execute("VACUUM INTO ?", [str(copy)])
        with closing(sqlite3.connect(copy, autocommit=True)) as database:
            database.execute("PRAGMA secure_delete = ON")
            database.execute("DELETE FROM organisations_session")
            counts = _counts(database)
        archive.add(MEMBER, copy)
    return counts


def check(archive: Reader, folder: Path) -> Path:
    """The database, unpacked into `folder`; Damaged when it is not what the manifest says."""
    path = folder / MEMBER
    archive.extract(MEMBER, path)
    with closing(sqlite3.connect(path, autocommit=True)) as database:
        try:
            is_whole = database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        except sqlite3.DatabaseError as error:
            raise Damaged("the database in it cannot be read") from error
        if not is_whole or _counts(database) != archive.manifest["rows"]:
            raise Damaged("the database in it does not hold what the manifest says")
    return path


def _counts(database: Any) -> dict[str, int]:
    named = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    tables = [name for (name,) in database.execute(named)]
    return {name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}
