"""Fixtures for real services, and two walls around every test: no network, no missing database."""

import json
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from tests.services import pristine, spreading
from tests.services import redis_server as redis_servers
from tests.services.brokers import Broker, Worker
from tests.services.browser import Browsers
from tests.services.installation import Installation
from tests.services.smtp_sink import SmtpSink

HERE = ("127.0.0.1", "::1", "localhost")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "both: a browser or whole-process test that PostgreSQL sees as well")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> spreading.ByFile:
    return spreading.ByFile(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL, what asks no database has nothing new to tell; it ran on SQLite."""
    if connection.vendor == "postgresql":
        left_out = [item for item in items if not _asks_the_database(item)]
        items[:] = [item for item in items if _asks_the_database(item)]
        config.hook.pytest_deselected(items=left_out)
    spreading.longest_first(items)


ASKING = {"db", "transactional_db", "django_db_setup", "live_server"}
MARKED = ("django_db", "postgres", "both", "slow", "nightly")


def _asks_the_database(item: pytest.Item) -> bool:
    asked = ASKING.intersection(getattr(item, "fixturenames", ()))
    return bool(asked) or any(item.get_closest_marker(name) for name in MARKED)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("postgres") and connection.vendor != "postgresql":
        pytest.fail(f"needs PostgreSQL: ./run test {item.nodeid}", pytrace=False)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Counts for `./run test`, which adds up its phases."""
    if path := os.environ.get("BOSAI_TEST_SUMMARY"):
        kinds = {"passed": "passed", "failed": "failed", "error": "errors", "skipped": "skipped"}
        counts = {name: len(terminalreporter.getreports(kind)) for kind, name in kinds.items()}
        Path(path).write_text(json.dumps(counts))


@pytest.fixture(scope="session")
def django_db_keepdb(request: pytest.FixtureRequest) -> bool:
    """Both databases are there already, migrated: PostgreSQL's from the starter, SQLite's from below."""
    return connection.vendor == "sqlite" or bool(request.config.getvalue("reuse_db"))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    if connection.vendor == "sqlite":
        pristine.copy_to(Path(connection.creation._get_test_db_name()))


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that reaches beyond this machine fails by name."""

    def guarded(connect: Callable[..., Any]) -> Callable[..., Any]:
        def checked(self: socket.socket, address: Any) -> Any:
            if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in HERE:
                self.close()
                raise AssertionError(f"this test tried to reach {address}")
            return connect(self, address)

        return checked

    monkeypatch.setattr(socket.socket, "connect", guarded(socket.socket.connect))
    monkeypatch.setattr(socket.socket, "connect_ex", guarded(socket.socket.connect_ex))


@pytest.fixture(autouse=True)
def _no_mark() -> None:
    """Each test begins with a database that grew here."""
    Path(settings.SEND_MARK).unlink(missing_ok=True)
    Path(settings.LOG_HEADS).unlink(missing_ok=True)


@pytest.fixture(scope="session")
def _smtp_process() -> Iterator[SmtpSink]:
    sink = SmtpSink()
    yield sink
    sink.close()


@pytest.fixture
def smtp_sink(_smtp_process: SmtpSink) -> SmtpSink:
    """A mail server process, empty and well-behaved; see SmtpSink.misbehave."""
    if _smtp_process.process is None:
        _smtp_process.start()
    _smtp_process.clear()
    return _smtp_process


@pytest.fixture
def redis_server() -> Iterator[redis_servers.Redis]:
    """A Redis of this test's own, which it may kill, freeze and start again."""
    server = redis_servers.Redis(*redis_servers.find_binary()).start()
    yield server
    server.kill()


@pytest.fixture
def black_hole() -> Iterator[int]:
    """A port that accepts connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listening:
        yield listening.getsockname()[1]


@pytest.fixture(params=["files", "redis"])
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Broker:
    """Both brokers in turn."""
    return Broker(tmp_path, request.getfixturevalue("redis_server") if request.param == "redis" else None)


@pytest.fixture
def worker(broker: Broker, tmp_path: Path) -> Iterator[Worker]:
    """A Celery worker process on that broker; it knows `tests.services.probe` as well."""
    started = Worker(broker, tmp_path / "worker.log")
    started.wait_until_ready()
    yield started
    started.stop()


@pytest.fixture(scope="session")
def prepared_state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state folder after `migrate` and `collectstatic`, to copy from."""
    made = Installation(tmp_path_factory.mktemp("prepared") / "state")
    made.prepare()
    return made.state


@pytest.fixture
def installation(
    request: pytest.FixtureRequest, tmp_path: Path, smtp_sink: SmtpSink, prepared_state: Path
) -> Iterator[Installation]:
    """A whole Bosai of this test's own, its mail going to `smtp_sink`; PostgreSQL brings Redis with it."""
    outgrown = "DATABASE_URL" in os.environ
    redis = {"REDIS_URL": request.getfixturevalue("redis_server").url} if outgrown else {}
    made = Installation(tmp_path / "state", like=prepared_state, SMTP_URL=smtp_sink.url, **redis)
    yield made
    made.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browsers]:
    """One Chromium for all browser tests of this process."""
    browsers = Browsers()
    yield browsers
    browsers.close()


@pytest.fixture
def open_page(chromium: Browsers, live_server: Any) -> Iterator[Callable[..., Any]]:
    """open_page(width=1280, height=800, dark=False, javascript=True): a page in a fresh context."""
    yield chromium.opener(base_url=live_server.url)
    chromium.close_contexts()


@pytest.fixture
def browser_page(open_page: Callable[..., Any]) -> Any:
    """A page at 1280 x 800 in the light; its addresses are relative to the running server."""
    return open_page()
