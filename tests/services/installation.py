"""A whole Bosai of a test's own: its state folder, its database, its processes."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from bosai.supervisor import static_fingerprint
from tests.gates.usage import note_by_hand
from tests.services import pristine, processes
from tests.services.databases import PRISTINE
from tests.services.processes import wait_until

PASSED_ON = ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH", "TMPDIR")


class Installation:
    """As `./run up` would have it. On PostgreSQL it gets a database copied from the migrated one."""

    def __init__(self, state: Path, like: Path | None = None, **env: str) -> None:
        """`env` adds to the environment: SMTP_URL, REDIS_URL, BOSAI_MODE (live unless given) and so on.

        DATABASE_URL is ours unless given; empty means SQLite.

        `like` is a prepared state folder (see `prepare`), which saves the first start's ten seconds.
        """
        if like is not None:
            shutil.copytree(like, state)
        self.state = state
        self.port = processes.free_port()
        self.log = state.parent / f"{state.name}.log"
        self.process: subprocess.Popen[bytes] | None = None
        given = {"BOSAI_MODE": "live", "BOSAI_STATE": str(state), "PORT": str(self.port)}
        kept = {key: os.environ[key] for key in PASSED_ON if key in os.environ}
        self.env = kept | given | {"BOSAI_URL": self.url} | env
        if url := self.env.pop("DATABASE_URL", os.environ.get("DATABASE_URL", "")):
            self.env["DATABASE_URL"] = _own_database(url, f"bosai_{self.port}")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def manage(self, *arguments: str | Path, check: bool = True) -> subprocess.CompletedProcess[str]:
        """A management command, to its end; AssertionError with its words when it fails and `check`."""
        command = [sys.executable, "manage.py", *map(str, arguments)]
        done = subprocess.run(command, env=self.env, capture_output=True, text=True)
        assert not check or done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
        if done.returncode == 0:
            note_by_hand("command", str(arguments[0]))
        return done

    def prepare(self) -> None:
        """What the first start does: the tables, and static files hashed and compressed."""
        if "DATABASE_URL" not in self.env:
            self.state.mkdir(parents=True, exist_ok=True)
            pristine.copy_to(self.state / "bosai.sqlite3")
        self.manage("migrate", "--verbosity", "0")
        self.manage("collectstatic", "--no-input", "--verbosity", "0")
        (self.state / "static.seen").write_text(static_fingerprint())

    def start(self, seconds: float = 90) -> None:
        """The supervisor and all its children; returns when the first page answers."""
        with self.log.open("wb") as file:
            command = [sys.executable, "-m", "bosai.supervisor"]
            self.process = processes.start(command, stdout=file, stderr=file, env=self.env)
        wait_until(lambda: "\nready\n" in self.said(), f"Bosai to be ready, see {self.log}", seconds=seconds)

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def children(self) -> dict[str, int]:
        """Process ids of what the supervisor keeps running, by name."""
        assert self.process is not None
        rows = subprocess.run(["ps", "-wweo", "pid=,ppid=,args="], capture_output=True, text=True, check=True)
        found = [row.split(maxsplit=2) for row in rows.stdout.splitlines()]
        ours = {int(pid): args for pid, parent, args in found if int(parent) == self.process.pid}
        signs = {"web": " granian ", "worker": " worker ", "beat": " beat ", "post": " manage post"}
        return {name: pid for name, sign in signs.items() for pid, args in ours.items() if sign in args}

    def kill(self, name: str) -> int:
        """kill -9 one child's main process; returns its process id."""
        pid = self.children()[name]
        os.kill(pid, signal.SIGKILL)
        return pid

    def stop(self) -> None:
        if self.process is not None:
            processes.stop(self.process, signal.SIGTERM, grace=80)


def _own_database(url: str, name: str) -> str:
    copied = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(PRISTINE))
    with psycopg.connect(_named(url, "postgres"), autocommit=True) as owner:
        owner.execute(copied)
    return _named(url, name)


def _named(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
