"""Every message of the start, and that each of the four processes looks before it serves."""

import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder

from bosai import checks, starting
from bosai.programs import programs
from organisations import roles
from post import leases
from tests.services import redis_server as redis_servers
from tests.services.installation import PASSED_ON

ROOT = Path(__file__).parents[2]
GOOD_KEY = "A1b2C3d4E5f6G7h8I9j0" * 3


def ids(check: Callable[..., list]) -> list[str]:
    found = check()
    assert all(message.hint and message.msg.strip() for message in found), "what, and the line to type"
    return [message.id for message in found]


def test_every_message_has_its_test() -> None:
    told = set(re.findall(r'id="(bosai\.[EW]\d{3})"', Path(checks.__file__).read_text()))
    tests = [
        Path(__file__),
        Path(__file__).with_name("test_compose.py"),
        ROOT / "tests/organisations/test_replicas.py",
    ]
    tried = {name for path in tests for name in re.findall(r'"(bosai\.[EW]\d{3})"', path.read_text())}
    assert told - tried == set()


@pytest.mark.parametrize(
    ("bind", "url", "allow_http", "found"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000", False, []),
        ("::1", "http://localhost:8000", False, []),
        ("0.0.0.0", "https://success.example.com", False, []),
        ("127.0.0.1", "https://success.example.com", False, []),
        ("127.0.0.1", "success.example.com", False, ["bosai.E001"]),
        ("0.0.0.0", "http://127.0.0.1:8000", False, ["bosai.E002"]),
        ("::", "https://localhost", False, ["bosai.E002"]),
        ("0.0.0.0", "http://success.example.com", False, ["bosai.E003"]),
        ("10.0.0.5", "http://success.example.com", False, ["bosai.E003"]),
        ("0.0.0.0", "http://localhost:8000", True, []),
    ],
)
def test_it_wants_tls_and_an_address_in_public(
    settings: LazySettings, bind: str, url: str, allow_http: bool, found: list[str]
) -> None:
    settings.BIND, settings.BOSAI_URL, settings.ALLOW_HTTP = bind, url, allow_http
    assert ids(checks.address) == found


@pytest.mark.parametrize(
    ("key", "found"),
    [
        (GOOD_KEY, []),
        ("short", ["bosai.E004"]),
        ("only-for-tests-" * 4, ["bosai.E004"]),
        ("a" * 60, ["bosai.E004"]),
        (f"change-me-{GOOD_KEY}", ["bosai.E004"]),
        (f"django-insecure-{GOOD_KEY}", ["bosai.E004"]),
    ],
)
def test_it_wants_a_key_of_its_own(settings: LazySettings, key: str, found: list[str]) -> None:
    settings.SECRET_KEY = key
    assert ids(checks.secret_key) == found


def test_it_refuses_debug_in_public_only(settings: LazySettings) -> None:
    settings.DEBUG = True
    assert ids(checks.debug) == []
    settings.BIND = "0.0.0.0"
    assert ids(checks.debug) == ["bosai.E005"]


def test_it_wants_a_folder_to_write_in(settings: LazySettings, tmp_path: Path) -> None:
    settings.STATE = tmp_path
    assert ids(checks.state_folder) == []
    settings.STATE = tmp_path / "nowhere"
    assert ids(checks.state_folder) == ["bosai.E006"]


def test_a_lease_outlives_what_a_mail_server_may_take(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ids(checks.lease) == []
    monkeypatch.setattr(leases, "SEND", timedelta(seconds=90))
    assert ids(checks.lease) == ["bosai.E007"]


@pytest.mark.parametrize(
    ("query", "found"),
    [("", []), ("?starttls", []), ("?idempotent=24h", []), ("?starttls&idempotent=15m", [])]
    + [(f"?idempotent={length}", ["bosai.E015"]) for length in ("", "yes", "0h", "-1h", "24", "24d")],
)
def test_it_wants_to_know_how_long_mail_is_known_again(
    settings: LazySettings, query: str, found: list[str]
) -> None:
    settings.SMTP_URL = f"smtps://mail.example{query}"
    assert ids(checks.how_long_it_knows_mail_again) == found


def test_it_warns_of_a_redis_that_evicts(
    settings: LazySettings, redis_server: redis_servers.Redis, black_hole: int
) -> None:
    settings.REDIS_URL = redis_server.url
    assert ids(checks.redis_keeps) == []
    with redis_servers.redis.Redis.from_url(redis_server.url) as client:
        client.config_set("maxmemory-policy", "allkeys-lru")
    assert ids(checks.redis_keeps) == ["bosai.W001"]
    redis_server.kill()
    assert ids(checks.redis_keeps) == [], "a Redis that is down holds nobody up"


@pytest.mark.django_db
def test_it_refuses_a_database_that_is_too_old(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ids(checks.database_version) == []
    monkeypatch.setattr(connection.features, "minimum_database_version", (99,))
    assert ids(checks.database_version) == ["bosai.E008"]


@pytest.mark.postgres
@pytest.mark.django_db
def test_it_warns_of_clocks_that_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ids(checks.clocks_agree) == []
    now = checks.time.time() + 60
    monkeypatch.setattr(checks.time, "time", lambda: now)
    assert ids(checks.clocks_agree) == ["bosai.W002"]


@pytest.mark.django_db
def test_it_refuses_a_role_no_wall_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ids(checks.role) == []

    def refuse(using: str = "default") -> None:
        raise roles.UnsafeRole("Queries would run as root, a superuser.\nType this")

    monkeypatch.setattr(roles, "refuse_unsafe", refuse)
    assert ids(checks.role) == ["bosai.E009"]


def test_a_replica_needs_a_primary(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ids(checks.replica_has_a_primary) == []
    assert ids(checks.replica) == [], "the rest of it is asked of a real one, beside the replicas"
    settings.DATABASE_REPLICA_URL = "postgres://replica.example/bosai"
    monkeypatch.setattr(connection, "vendor", "sqlite")
    assert ids(checks.replica_has_a_primary) == ["bosai.E012"]


@pytest.mark.django_db
def test_it_refuses_code_that_is_ahead_of_the_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ids(checks.migrated) == []
    applied = MigrationRecorder(connection).applied_migrations()
    newest = ("office", max(name for app, name in applied if app == "office"))
    monkeypatch.setattr(
        MigrationRecorder,
        "applied_migrations",
        lambda _: {k: v for k, v in applied.items() if k != newest},
    )
    assert ids(checks.migrated) == ["bosai.E010"]


def test_it_refuses_to_serve_without_collected_files(
    settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ui.stylesheets import FlatStylesheets

    monkeypatch.setattr(checks, "staticfiles_storage", FlatStylesheets(location=tmp_path))
    assert ids(checks.static_files) == ["bosai.E011"]
    (tmp_path / "staticfiles.json").write_text("{}")
    assert ids(checks.static_files) == []


def test_errors_refuse_the_start_and_warnings_are_said(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    settings.MODE = "live"
    bad = checks.Error("It is bad.", hint="type this\nor that", id="bosai.E000")
    odd = checks.Warning("Odd.", hint="look", id="bosai.W000")
    monkeypatch.setattr(starting, "run_checks", lambda **_: [odd, bad])
    with pytest.raises(starting.Refused) as refused:
        starting.refuse_unsafe(checks.START)
    assert str(refused.value) == (
        "Bosai does not start.\nIt is bad. (bosai.E000)\n    type this\n    or that"
    )
    assert "Odd. (bosai.W000)\n    look" in caplog.text


def test_a_database_that_does_not_answer_is_one_line(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MODE = "live"

    def silent(**_: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(starting, "run_checks", silent)
    with pytest.raises(starting.Refused, match="the database does not answer"):
        starting.refuse_unsafe(checks.START)


@pytest.fixture
def alone(tmp_path: Path) -> dict[str, str]:
    """The environment of a process that is started by itself, on SQLite, with nothing prepared."""
    kept = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return kept | {"BOSAI_MODE": "live", "BOSAI_STATE": str(tmp_path)}


@pytest.mark.slow
def test_each_process_looks_before_it_serves(alone: dict[str, str]) -> None:
    """All four at once: what they have to load takes longer than what they do."""
    names = list(programs("127.0.0.1", 0, Path()))
    assert names == ["web", "worker", "beat", "post"]
    how = {"cwd": ROOT, "env": alone, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    started = [subprocess.Popen([sys.executable, "-m", "bosai.programs", name], **how) for name in names]
    said = dict(zip(names, [process.communicate(timeout=240)[0] for process in started], strict=True))
    assert [process.returncode for process in started] == [1, 1, 1, 1], said
    assert {name for name, text in said.items() if "./run manage migrate" not in text} == set()


@pytest.mark.slow
def test_it_is_hard_by_default(alone: dict[str, str], tmp_path: Path) -> None:
    """`check --deploy` finds nothing in live mode; and the key that was made is nobody else's."""
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "staticfiles.json").write_text('{"version": "1.1", "paths": {"a": "a"}}')
    live = {"BOSAI_URL": "https://success.example.com", "SMTP_URL": "smtps://u:p@mail.example.com"}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(command, cwd=ROOT, env=alone | live, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "no issues" in done.stdout
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600
