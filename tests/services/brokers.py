"""Both brokers and a real Celery worker process, for tests that must see a message travel."""

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from kombu import Connection

from bosai import broker as files
from bosai.celery import app
from bosai.lifeline import SUPERVISED
from tests.services import processes
from tests.services.redis_server import Redis

TOUCH = "tests.services.probe.touch"


@dataclass
class Broker:
    """Files in a state folder, or a Redis of the test's own."""

    state: Path
    redis: Redis | None = None

    @property
    def env(self) -> dict[str, str]:
        """What a process needs to use this broker."""
        return {"BOSAI_STATE": str(self.state)} | ({"REDIS_URL": self.redis.url} if self.redis else {})

    def connection(self) -> Connection:
        if self.redis is not None:
            return Connection(self.redis.url)
        return Connection(
            f"{files.SCHEME}://localhost//", transport_options=files.options(self.state / "broker")
        )

    def send(self, task: str, **arguments: object) -> None:
        """Publish, without waiting for anything."""
        with self.connection() as connection:
            app.send_task(task, kwargs=arguments, connection=connection, retry=False)

    def destroy(self) -> None:
        """Redis is killed; the folder is removed."""
        if self.redis is not None:
            self.redis.kill()
        else:
            shutil.rmtree(self.state / "broker")

    def restore(self) -> None:
        """Redis comes back, empty; the folder is nobody's job but the processes' own."""
        if self.redis is not None:
            self.redis.start()


class Worker:
    """A Celery worker as the supervisor starts it."""

    def __init__(self, broker: Broker, log: Path, **env: str) -> None:
        self.log = log
        command = [sys.executable, "-m", "celery", "--app", "bosai.celery", "worker", "--loglevel", "info"]
        options = ["--concurrency", "2", "--without-mingle", "--without-gossip", "--without-heartbeat"]
        given = {key: value for key, value in os.environ.items() if key not in ("REDIS_URL", "DATABASE_URL")}
        given |= {"DJANGO_SETTINGS_MODULE": "bosai.settings", SUPERVISED: "1", **broker.env, **env}
        with log.open("ab") as file:
            self.process: subprocess.Popen[bytes] = processes.start(
                [*command, *options, "--include", "tests.services.probe"], stdout=file, stderr=file, env=given
            )

    def wait_until_ready(self) -> None:
        processes.wait_until(lambda: " ready" in self.log.read_text(), f"the worker, see {self.log}")

    def stop(self) -> None:
        """At once: Celery's own way out may hang for ever soon after its broker was lost."""
        processes.stop(self.process, signal.SIGKILL)
