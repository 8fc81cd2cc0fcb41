"""Put a backup in the place of an empty installation, or of one that is replaced on purpose.

Everything is verified before anything is touched. What was there is moved aside (SQLite, files) or dropped
(PostgreSQL). Mail waits afterwards until a person says go: see `post.guarding`.
"""

import io
import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection

from bosai.backups import archive, postgresql, sqlite, tables
from bosai.backups.archive import Damaged, Reader, Unusable
from bosai.backups.keeping import FOLDERS, SECRET_KEY
from organisations.models import Organisation, User
from post import marks

KINDS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


class NotEmpty(Exception):
    """There is something here already."""


@dataclass
class Restored:
    manifest: dict[str, Any]
    steps: list[str] = field(default_factory=list)


def restore(path: Path, *, replace: bool, now: datetime) -> Restored:
    """Raises Unusable, Damaged, NotEmpty."""
    with archive.opened(path) as reader:
        _refuse_another_kind(reader)
        tables.refuse_newer(reader.manifest["migrations"])
        reader.verify()
        is_empty = _is_empty()
        if not is_empty and not replace:
            raise NotEmpty
        done = Restored(reader.manifest, ["every checksum is right"])
        aside = Path(settings.STATE) / f"replaced-{now:%Y%m%d-%H%M%S}"
        marks.distrust()  # first: cut off anywhere below, nothing is sent by itself
        if connection.vendor == "sqlite":
            _swap_sqlite(reader, is_empty, aside, done)
        else:
            _fill_postgresql(reader, is_empty, done)
        _bring_files(reader, aside, done)
    return done


def _refuse_another_kind(reader: Reader) -> None:
    kind = reader.manifest["database"]
    if kind != connection.vendor:
        here = KINDS[connection.vendor]
        raise Unusable(f"it is of {KINDS[kind]}, and this installation runs on {here}: see DATABASE_URL")


def _is_empty() -> bool:
    try:
        return not Organisation.objects.exists() and not User.objects.exists()
    except DatabaseError:
        return True  # no tables yet


def _swap_sqlite(reader: Reader, is_empty: bool, aside: Path, done: Restored) -> None:
    here = sqlite.database_path()
    here.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=here.parent, prefix="restore-") as folder:
        fresh = sqlite.check(reader, Path(folder))
        connection.close()
        for ending in ("", "-wal", "-shm"):  # a stray -wal would be taken for the new database's
            old = here.with_name(here.name + ending)
            if is_empty:
                old.unlink(missing_ok=True)
            else:
                _move_aside(old, aside, done)
        fresh.replace(here)
    done.steps.append(f"the database: {sum(reader.manifest['rows'].values()):,} rows")
    call_command("migrate", verbosity=0)
    done.steps.append("migrated to this version")


def _fill_postgresql(reader: Reader, is_empty: bool, done: Restored) -> None:
    postgresql.clear()
    if not is_empty:
        done.steps.append("dropped the tables that were here")
    try:
        postgresql.load(reader)
    except DatabaseError as error:
        raise Damaged("the rows did not go in. The old ones are gone, the backup is untouched") from error
    done.steps.append(f"the database: {sum(reader.manifest['rows'].values()):,} rows")
    call_command("migrate", verbosity=0)
    call_command("roles", stdout=io.StringIO())
    done.steps.append("migrated to this version, rights granted")


def _bring_files(reader: Reader, aside: Path, done: Restored) -> None:
    state = Path(settings.STATE)
    for folder in FOLDERS:
        _move_aside(state / folder, aside, done)
    for name in reader.names("state"):
        reader.extract(name, state / _below(name))
    done.steps.append(f"{reader.manifest['files']:,} files")
    if reader.manifest["has_secret_key"]:
        reader.extract(SECRET_KEY, state / SECRET_KEY)
        done.steps.append("the secret key")


def _below(name: str) -> Path:
    """Where a member goes, below the state folder and nowhere else."""
    parts = PurePosixPath(name).parts[1:]
    if not parts or parts[0] not in FOLDERS or ".." in parts:
        raise Unusable(f"{name} does not belong into a backup")
    return Path(*parts)


def _move_aside(path: Path, aside: Path, done: Restored) -> None:
    if path.exists():
        aside.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.move(path, aside / path.name)
        if f"what was here lies in {aside}" not in done.steps:
            done.steps.append(f"what was here lies in {aside}")
