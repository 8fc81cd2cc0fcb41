"""Services are found in order, fall-backs really run, and a missing one is an error with the line to type."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from tests.services import chromium, everything, postgres, processes, redis_server
from tests.services.everything import Outcome
from tests.services.processes import ServiceMissingError, wait_until

pytestmark = pytest.mark.slow


@pytest.fixture
def nothing_installed(monkeypatch):
    for name in ("DATABASE_URL", "REDIS_URL", "CHROMIUM_PATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setattr(processes, "apt_install", lambda *_: False)
    monkeypatch.setattr(postgres, "_installed", list)


def test_the_wheels_postgresql_runs_where_its_files_cannot_be_read(nothing_installed, monkeypatch):
    readable = postgres._runs
    monkeypatch.setattr(postgres, "_runs", lambda place, user: "copy" in str(place) and readable(place, user))
    server = postgres.find()
    try:
        assert (server.source, server.version.split(".")[0]) == ("wheel", "18")
        assert (server.folder / "copy").is_dir()
    finally:
        server.stop()
    assert not server.folder.exists()


def test_postgresql_ends_at_once_with_whatever_it_is_doing(nothing_installed):
    server = postgres.find()
    busy = psycopg.connect(server.database("postgres"))
    backend = busy.info.backend_pid
    with ThreadPoolExecutor() as side:
        query = side.submit(busy.execute, "SELECT count(*) FROM generate_series(1, 1e12)")
        wait_until(lambda: "R" in Path(f"/proc/{backend}/stat").read_text().split()[2], "the query to run")
        server.stop()
        with pytest.raises(psycopg.OperationalError):
            query.result()
    busy.close()
    assert not Path(f"/proc/{backend}").exists()


def test_without_postgresql_it_says_what_to_type(nothing_installed, monkeypatch):
    monkeypatch.setattr(postgres, "_wheel", lambda: None)
    with pytest.raises(ServiceMissingError, match="apt install postgresql, or DATABASE_URL="):
        postgres.find()


def test_a_database_url_that_does_not_answer_is_an_error(nothing_installed, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", f"postgres://me@127.0.0.1:{processes.free_port()}/bosai")
    with pytest.raises(ServiceMissingError, match="PostgreSQL does not answer at"):
        postgres.find()


def test_the_wheels_valkey_stands_in_for_redis(nothing_installed):
    url, line, server = redis_server.find()
    server.kill()
    assert url.startswith("redis://127.0.0.1:")
    assert line.startswith("Valkey 9.")
    assert line.endswith("(wheel)")


def test_a_redis_url_that_does_not_answer_is_an_error(nothing_installed, monkeypatch):
    monkeypatch.setenv("REDIS_URL", f"redis://127.0.0.1:{processes.free_port()}/0")
    with pytest.raises(ServiceMissingError, match="Redis does not answer at"):
        redis_server.find()


def test_a_broken_chromium_is_an_error_that_says_what_to_type(nothing_installed, monkeypatch):
    monkeypatch.setenv("CHROMIUM_PATH", "/nowhere/chromium")
    with pytest.raises(ServiceMissingError, match="apt install chromium libatomic1 fonts-dejavu-core"):
        chromium.find()


@pytest.mark.parametrize(
    ("check", "phases", "code"),
    [
        (0, [(0, {"passed": 3}), (5, {})], 0),
        (1, [(0, {"passed": 3})], 1),
        (0, [(0, {"passed": 3}), (1, {"passed": 2, "failed": 1})], 1),
        (0, [(0, {"passed": 3}), (2, {})], 1),
        (0, [(5, {}), (5, {})], 1),
    ],
    ids=["all well", "checks", "one phase", "interrupted", "no test at all"],
)
def test_one_bad_phase_is_enough(capsys, check, phases, code):
    outcomes = [Outcome("phase", number, counts, 1.0, 2.0) for number, counts in phases]
    assert everything.conclude([Outcome("checks", check, {}, 1.0, 2.0)], outcomes) == code
    passed = sum(counts.get("passed", 0) for _, counts in phases)
    failed = sum(counts.get("failed", 0) for _, counts in phases)
    assert capsys.readouterr().out.splitlines()[-1] == f"{passed} passed, {failed} failed"


def test_postgresql_of_our_own_is_killed_and_comes_back_with_all_that_was_committed():
    server = postgres.our_own()
    try:
        url = server.database("postgres")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE TABLE stone AS SELECT 1 AS number")
            server.kill()
            with pytest.raises(psycopg.OperationalError):
                connection.execute("SELECT 1")
        server.start()
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT number FROM stone").fetchall() == [(1,)]
    finally:
        server.stop()
    assert not server.folder.exists()
