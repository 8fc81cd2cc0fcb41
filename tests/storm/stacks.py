"""The two ways Bosai is run, each with what can be killed in it, a mail server, a way into the database."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from functools import partial
from pathlib import Path
from random import Random
from time import monotonic, sleep
from typing import Any

import psycopg

from tests.services import postgres, processes, redis_server
from tests.services.databases import OWNER
from tests.services.installation import Installation
from tests.services.smtp_sink import SmtpSink
from tests.storm import preparing

DOWN_SECONDS = 1.5  # how long Redis and PostgreSQL are away
COMING_HOME_SECONDS = 0.1  # what a process handed to the database before it was held has been done by then
LURKING_SECONDS = 5.0  # at most, for a mail to be on its way
SENDERS = ("post", "worker")


class Stack:
    """A whole Bosai under its supervisor.

    Each of `kinds` kills and brings back what nobody else does.
    """

    profile: str

    def __init__(self, folder: Path, dice: Random, prepared: Path, **env: str) -> None:
        """`folder` takes the state and the logs; `prepared` is what to begin with, see `preparing`."""
        self.dice = dice
        self.kinds: dict[str, Callable[[], None]] = {
            name: partial(self.kill_child, name) for name in ("web", "worker", "post")
        }
        self.met = set[str]()
        """Message ids of the mails on their way when somebody was killed."""
        self.sink = SmtpSink()
        given = {"SMTP_URL": self.sink.url, "MAIL_FROM": "bosai@harbour.test"}
        like = prepared / preparing.STATE
        self.installation = Installation(folder / "state", like=like, DATABASE_URL="", **given, **env)

    def start(self) -> None:
        self.installation.start()

    def stop(self) -> None:
        """At once: what it leaves behind has been counted."""
        process = self.installation.process
        if process is not None:
            leaders = self.installation.children().values()
            processes.stop(process, signal.SIGKILL)
            for leader in leaders:
                with suppress(ProcessLookupError):
                    os.killpg(leader, signal.SIGKILL)
        self.sink.close()

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        """Rows for a query that both databases understand."""
        raise NotImplementedError

    def tell(self, statement: str) -> None:
        raise NotImplementedError

    def versions(self) -> str:
        """Of what keeps its data."""
        raise NotImplementedError

    def open_sends(self) -> set[str]:
        """Message ids; those that a kill has cut off are open as well, until their leases end."""
        return {row[0] for row in self.ask("SELECT message_id FROM post_delivery WHERE state = 'sending'")}

    def forgotten(self) -> int:
        """See `forgetting`."""
        command = [sys.executable, "-m", "tests.storm.forgetting"]
        return int(subprocess.run(command, env=self.installation.env, capture_output=True, check=True).stdout)

    def kill_child(self, name: str) -> None:
        """kill -9 of one child's whole process group; when it sends nothing, it meets no mail."""
        with self.senders_held() if name in SENDERS else nullcontext():
            os.killpg(self._leader(name), signal.SIGKILL)

    def _leader(self, name: str) -> int:
        return processes.wait_until(lambda: self.installation.children().get(name), f"{name} to run", 60)

    @contextmanager
    def senders_held(self) -> Iterator[None]:
        """Whoever sends stands still inside, so that the sends open now are those that the kill meets.

        Every other time it comes while a mail is on its way, as soon as there is one.
        """
        end = monotonic() + (LURKING_SECONDS if self.dice.random() < 0.5 else 0)
        while monotonic() < end and not self.open_sends() - self.met:
            sleep(0.02)
        children = self.installation.children()
        leaders = [children[name] for name in SENDERS if name in children]
        held = [pid for leader in leaders for pid in processes.alive_in_session(leader)]
        _signal(held, signal.SIGSTOP)
        try:
            sleep(COMING_HOME_SECONDS)
            self.met |= self.open_sends()
            yield
        finally:
            _signal(held, signal.SIGCONT)


class Embedded(Stack):
    """SQLite and a folder for a broker: what `./run up` starts on a laptop."""

    profile = "embedded"

    def __init__(self, folder: Path, dice: Random, prepared: Path) -> None:
        super().__init__(folder, dice, prepared)
        self.kinds |= {"supervisor": self.kill_supervisor, "broker folder": self.empty_broker_folder}

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        with self._connected() as connection:
            return connection.execute(question).fetchall()

    def tell(self, statement: str) -> None:
        with self._connected() as connection:
            connection.execute(statement)

    def versions(self) -> str:
        return f"SQLite {sqlite3.sqlite_version}"

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self.installation.state / "bosai.sqlite3", timeout=20, autocommit=True)
        try:
            yield connection
        finally:
            connection.close()

    def kill_supervisor(self) -> None:
        """Its children follow within seconds, by themselves; a send not done by then is cut off as well."""
        process, leaders = self.installation.process, self.installation.children().values()
        assert process is not None
        with self.senders_held():
            process.kill()
        process.wait()
        processes.wait_until(
            lambda: not any(map(processes.alive_in_session, leaders)), "the children to go", 30
        )
        self.met |= self.open_sends()
        self.installation.start()

    def empty_broker_folder(self) -> None:
        for path in (self.installation.state / "broker").iterdir():
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


class Outgrown(Stack):
    """PostgreSQL and Redis of the storm's own, so that they can be killed."""

    profile = "outgrown"

    def __init__(self, folder: Path, dice: Random, prepared: Path) -> None:
        self.redis = redis_server.Redis(*redis_server.find_binary()).start()
        super().__init__(folder, dice, prepared, REDIS_URL=self.redis.url)
        self.postgres = postgres.our_own(like=prepared / preparing.DATA)
        name = preparing.about(prepared)["database"]
        self.installation.env["DATABASE_URL"] = self.postgres.database(name, user=OWNER)
        self.address = self.postgres.database(name)  # its administrator's, who sees past every wall
        self.kinds |= {"Redis": self.kill_redis, "PostgreSQL": self.kill_postgres}

    def stop(self) -> None:
        super().stop()
        self.redis.kill()
        self.postgres.stop()

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.address, connect_timeout=10) as connection:
            return connection.execute(question.encode()).fetchall()

    def tell(self, statement: str) -> None:
        with psycopg.connect(self.address, connect_timeout=10) as connection:
            connection.execute(statement.encode())

    def versions(self) -> str:
        return f"PostgreSQL {self.postgres.version}, {redis_server.version_at(self.redis.url)}"

    def kill_redis(self) -> None:
        self.redis.kill()
        sleep(DOWN_SECONDS)
        self.redis.start()

    def kill_postgres(self) -> None:
        with self.senders_held():
            self.postgres.kill()
        sleep(DOWN_SECONDS)
        self.postgres.start()


PROFILES: dict[str, type[Embedded | Outgrown]] = {each.profile: each for each in (Embedded, Outgrown)}


def _signal(pids: list[int], number: int) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
