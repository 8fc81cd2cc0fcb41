"""Where it is played: PostgreSQL, installations of ours, the minimal application, all served the same way."""

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from bosai.programs import programs
from tests.services import databases, postgres, processes
from tests.services.installation import Installation

OURS, CEILING = "bosai.wsgi:application", "bench.ceiling.app:application"
FLAGS = [*postgres.FLAGS, "-c", "shared_buffers=512MB", "-c", "max_wal_size=4GB"]


@dataclass
class Stage:
    """The folder and the services of one run. Everything ends with it."""

    folder: Path
    stack: ExitStack = field(default_factory=ExitStack)
    installations: dict[str, Installation] = field(default_factory=dict)
    like: Path | None = None
    """A state folder with tables and static files, to copy from."""

    @cached_property
    def postgres(self) -> postgres.Postgres:
        """Started when the first goal needs it. Raises ServiceMissingError with the line to type."""
        server = postgres.our_own(FLAGS)
        self.stack.callback(server.stop)
        return server

    @cached_property
    def owner(self) -> str:
        """The address as whom databases are made, with a migrated one to copy from."""
        return databases.prepare(self.postgres, workers=0)

    def installation(self, name: str, *, on_postgres: bool, **env: str) -> Installation:
        """A migrated one of its own."""
        url = self.owner if on_postgres else ""
        made = Installation(self.folder / name, like=self.prepared(), DATABASE_URL=url, **env)
        self.stack.callback(made.stop)
        self.installations[name] = made
        return made

    def prepared(self) -> Path:
        if self.like is None:
            made = Installation(self.folder / "prepared", DATABASE_URL="")
            made.prepare()
            self.like = made.state
        return self.like

    def ceiling(self, name: str, *, on_postgres: bool) -> dict[str, str]:
        """The environment of a minimal application with an empty database."""
        state = self.folder / name
        state.mkdir()
        given = {key: value for key, value in Installation(state).env.items() if key != "DATABASE_URL"}
        if on_postgres:
            with psycopg.connect(self._database("postgres"), autocommit=True) as owner:
                for statement in ("DROP DATABASE IF EXISTS {}", "CREATE DATABASE {}"):
                    owner.execute(sql.SQL(statement).format(sql.Identifier(name)))
            given["DATABASE_URL"] = self._database(name)
        return given

    def analyze(self, installation: Installation) -> None:
        """What autovacuum would have done by the time people come."""
        if url := installation.env.get("DATABASE_URL"):
            with psycopg.connect(url, autocommit=True) as owner:
                owner.execute("VACUUM ANALYZE")

    def _database(self, name: str) -> str:
        return urlunsplit(urlsplit(self.owner)._replace(path=f"/{name}"))

    def address(self, url: str) -> str:
        """The administrator's way into a database of ours, past every wall."""
        return self.postgres.database(urlsplit(url).path.removeprefix("/"))


@contextmanager
def served(application: str, env: dict[str, str], folder: Path) -> Iterator[str]:
    """The application behind the web server as the supervisor starts it; the site's address."""
    port = processes.free_port()
    web = programs("127.0.0.1", port, folder)["web"].command
    command = [sys.executable, "-m", *(application if part == OURS else part for part in web)]
    site = f"http://127.0.0.1:{port}"
    given = env | {"PORT": str(port), "BOSAI_URL": site}
    with (folder / "web.log").open("ab") as log:
        process = processes.start(command, stdout=log, stderr=log, env=given)
    try:
        processes.wait_until(lambda: answers(site), f"{application} to answer, see {folder}/web.log", 60)
        yield site
    finally:
        processes.stop(process)


def answers(site: str) -> bool:
    try:
        urllib.request.urlopen(site, timeout=5).close()
    except urllib.error.HTTPError as error:
        error.close()
    except OSError:
        return False
    return True


def inside(module: str, *arguments: object, env: dict[str, str]) -> Any:
    """What a program of ours found out, run to its end. AssertionError with its words when it fails."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    done = subprocess.run(command, env=env, capture_output=True, text=True)
    assert done.returncode == 0, f"{module} {arguments}:\n{done.stdout[-2000:]}{done.stderr[-4000:]}"
    return json.loads(done.stdout.splitlines()[-1])


def say(line: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')}  {line}\n")
