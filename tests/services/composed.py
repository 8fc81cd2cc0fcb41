"""The services of compose.yaml as processes of this machine: same commands and variables, other addresses.

What an administrator writes into `.env` is given; everything else is read from compose.yaml and the
Dockerfile, so that a test of this cannot drift away from them.
"""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg

from tests.services import postgres, processes, redis_server
from tests.services.installation import PASSED_ON

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
PASSWORDS = {
    "POSTGRES_PASSWORD": "of-nobody",
    "BOSAI_OWNER_PASSWORD": "owner1",
    "BOSAI_LOGIN_PASSWORD": "login1",
}


class Composed:
    """PostgreSQL and Redis of our own, and whatever services are started."""

    def __init__(self, folder: Path, static: Path, **dotenv: str) -> None:
        """`dotenv` is the administrator's part; `static` the files collected when the image is built."""
        self.folder = folder
        self.state = folder / "state"
        self.state.mkdir()
        self.processes: list[subprocess.Popen[bytes]] = []
        self.redis = redis_server.Redis(*redis_server.find_binary()).start()
        self.postgres = postgres.our_own(postgres.HURRIED)
        dotenv_file = folder / ".env"
        dotenv_file.write_text("".join(f"{name}={value}\n" for name, value in (PASSWORDS | dotenv).items()))
        self.services = _config(dotenv_file)
        self.places = {
            "@postgres:5432": self.postgres.url.rpartition("postgres://postgres")[2],
            "redis:6379": f"127.0.0.1:{self.redis.port}",
            "/app/collected": str(static),
            "/state": str(self.state),
            "0.0.0.0": "127.0.0.1",
        }

    def make_roles(self) -> None:
        """PostgreSQL's init script, as its image runs it; from now on passwords are asked for."""
        address = {"PGHOST": "127.0.0.1", "PGPORT": self.postgres.url.rpartition(":")[2]}
        given = _kept() | self.services["postgres"]["environment"] | address
        [script] = [
            volume["source"]
            for volume in self.services["postgres"]["volumes"]
            if volume["target"].startswith("/docker-entrypoint-initdb.d/")
        ]
        path = f"{Path(self.postgres.command[0]).parent}:{given['PATH']}"
        for _twice in range(2):  # safe to repeat
            subprocess.run(["sh", script], env=given | {"PATH": path}, check=True, capture_output=True)
        rules = self.postgres.command[2] / Path("pg_hba.conf")
        rules.write_text(f"host all bosai_owner,bosai_login 127.0.0.1/32 scram-sha-256\n{rules.read_text()}")
        self.ask("SELECT pg_reload_conf()")

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        """As the database's superuser, past every wall."""
        patience = "-c statement_timeout=5s"
        with psycopg.connect(self.postgres.database("bosai"), options=patience) as connection:
            return connection.execute(question.encode()).fetchall()

    def environment(self, service: str, **also: str) -> dict[str, str]:
        given = {**_image(), **self.services[service]["environment"], **also}
        theirs = re.compile("|".join(map(re.escape, self.places)))
        found = {name: theirs.sub(lambda at: self.places[at[0]], value) for name, value in given.items()}
        return _kept() | found

    def command(self, service: str) -> list[str]:
        return [sys.executable if word == "python" else word for word in self.services[service]["command"]]

    def run(self, service: str, **also: str) -> subprocess.CompletedProcess[str]:
        """To its end."""
        environment = self.environment(service, **also)
        environment["PATH"] = f"{BIN}:{environment['PATH']}"
        return subprocess.run(
            self.command(service), cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240
        )

    def start(self, service: str, name: str, **also: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("wb") as log:
            process = processes.start(
                self.command(service), cwd=ROOT, env=self.environment(service, **also), stdout=log, stderr=log
            )
        self.processes.append(process)
        return process

    def said(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()

    def stop(self) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            processes.stop(process, grace=15)
        self.redis.kill()
        self.postgres.stop()


def _config(dotenv: Path) -> dict[str, dict]:
    command = [BIN / "docker-compose", "--env-file", dotenv, "config", "--format", "json"]
    read = subprocess.run(command, cwd=ROOT, env=_kept(), capture_output=True, text=True, check=True)
    services: dict[str, dict] = json.loads(read.stdout)["services"]
    return services


def _image() -> dict[str, str]:
    """What the Dockerfile's last ENV sets."""
    text = (ROOT / "Dockerfile").read_text().rpartition("\nENV ")[2]
    words = shlex.split(re.split(r"(?<!\\)\n", text)[0].replace("\\\n", " "))
    return {name: value for name, _is, value in (word.partition("=") for word in words) if name != "PATH"}


def _kept() -> dict[str, str]:
    return {name: os.environ[name] for name in PASSED_ON if name in os.environ}
