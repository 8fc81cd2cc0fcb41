"""All services at once, and the environments that tests run in."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from tests.services import chromium, databases, postgres, pristine, redis_server


@dataclass
class Services:
    """What was found, as environment variables."""

    shared: dict[str, str]
    database_url: str
    redis_url: str

    def laptop(self) -> dict[str, str]:
        """SQLite and the filesystem broker."""
        given = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL")}
        return given | self.shared

    def outgrown(self) -> dict[str, str]:
        """PostgreSQL and Redis; the databases exist already, and the role behind the wall cannot make any."""
        options = f"{os.environ.get('PYTEST_ADDOPTS', '')} --reuse-db"
        urls = {"DATABASE_URL": self.database_url, "REDIS_URL": self.redis_url, "PYTEST_ADDOPTS": options}
        return self.laptop() | urls


@contextmanager
def running(workers: int) -> Iterator[Services]:
    """Start what is missing, say what was found on one line, stop at the end. Raises ServiceMissingError."""
    with ExitStack() as stack:
        state = tempfile.mkdtemp(prefix="bosai-test-")
        stack.callback(shutil.rmtree, state, ignore_errors=True)
        os.environ |= {"BOSAI_MODE": "test", "BOSAI_STATE": state}
        database = postgres.find()
        stack.callback(database.stop)
        redis_url, redis_line, redis = redis_server.find()
        if redis is not None:
            stack.callback(redis.kill)
        path, chromium_line = chromium.find()
        found = [f"PostgreSQL {database.version} ({database.source})", redis_line, chromium_line]
        sys.stdout.write(f"services: {', '.join(found)}\n")
        sys.stdout.flush()
        shared = {"BOSAI_MODE": "test", "BOSAI_STATE": state} | ({"CHROMIUM_PATH": path} if path else {})
        with ThreadPoolExecutor() as beside:
            ready = beside.submit(pristine.ready)
            url = databases.prepare(database, workers)
            ready.result()
        yield Services(shared, url, redis_url)
