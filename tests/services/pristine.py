"""A migrated SQLite file, made once for every state of the migrations and copied to wherever tests begin."""

import fcntl
import hashlib
import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from tests.services.processes import ServiceMissingError

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(tempfile.gettempdir()) / f"bosai-pristine-{os.getuid()}"
DECIDING = ("*/migrations/*.py", "organisations/walls.py", "requirements.lock")
"""What the tables depend on."""


def copy_to(path: Path) -> None:
    """A fresh database at `path`, whatever was there. Raises ServiceMissingError."""
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    with closing(sqlite3.connect(ready())) as pristine, closing(sqlite3.connect(path)) as copy:
        pristine.backup(copy)


def ready() -> Path:
    """The file, made by whoever comes first; the others wait for it. Raises ServiceMissingError."""
    FOLDER.mkdir(mode=0o700, exist_ok=True)
    wanted = FOLDER / f"{_state()}.sqlite3"
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not wanted.exists():
            _make(wanted)
    return wanted


def _state() -> str:
    files = sorted(path for pattern in DECIDING for path in ROOT.glob(pattern))
    read = (f"{path.relative_to(ROOT)}".encode() + path.read_bytes() for path in files)
    return hashlib.sha256(b"".join(read)).hexdigest()[:16]


def _make(wanted: Path) -> None:
    given = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    with tempfile.TemporaryDirectory(dir=FOLDER) as state:
        given |= {"BOSAI_STATE": state, "BOSAI_MODE": "test", "DJANGO_SETTINGS_MODULE": "bosai.settings"}
        command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        done = subprocess.run(command, env=given, cwd=ROOT, capture_output=True, text=True)
        if done.returncode:
            raise ServiceMissingError(f"migrate failed on SQLite:\n{done.stdout}{done.stderr}")
        (Path(state) / "bosai.sqlite3").replace(wanted)
