"""compose.yaml as it stands, with two of everything: roles, migration, work that is shared and done once."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import batched, zip_longest
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from celery import Celery

from bosai.programs import programs
from tests.services import processes
from tests.services.composed import PASSWORDS, Composed
from tests.services.smtp_sink import SmtpSink
from tests.storm import people, plan
from tests.storm.browsing import Browser
from tests.storm.counting import count

pytestmark = [pytest.mark.slow, pytest.mark.postgres]
ACHIEVEMENTS = 14
KEY = "Zm9yIHRoaXMgdGVzdCBhbG9uZSBhbmQgZm9yIG5vYm9keSBlbHNlIGF0IGFsbA"


@pytest.fixture(scope="module")
def sink() -> Iterator[SmtpSink]:
    sink = SmtpSink()
    yield sink
    sink.close()


@pytest.fixture(scope="module")
def ports() -> list[int]:
    return [processes.free_port(), processes.free_port()]


@pytest.fixture(scope="module")
def stack(
    tmp_path_factory: pytest.TempPathFactory, prepared_state: Path, sink: SmtpSink, ports: list[int]
) -> Iterator[Composed]:
    """The roles made and the tables migrated; nothing serves yet."""
    made = Composed(
        tmp_path_factory.mktemp("composed"),
        prepared_state / "static",
        BOSAI_URL=f"http://127.0.0.1:{ports[0]}",
        BOSAI_SECRET_KEY=KEY,
        SMTP_URL=sink.url,
        MAIL_FROM="bosai@harbour.test",
        WEB_PROCESSES="1",
        WORKER_PROCESSES="1",
    )
    try:
        made.make_roles()
        migrated = made.run("migrate")
        assert migrated.returncode == 0, migrated.stderr
        assert migrated.stdout.endswith("Bosai serves as bosai_app.\n")
        yield made
    finally:
        made.stop()


def test_it_runs_what_the_supervisor_runs(stack: Composed) -> None:
    for name, program in programs("0.0.0.0", 8000, Path("/state")).items():
        assert stack.services[name]["command"] == ["python", "-m", "bosai.programs", name]
        assert seconds(stack.services[name].get("stop_grace_period", "10s")) >= program.grace


def seconds(duration: str) -> int:
    """Of Compose's "1m15s"."""
    return sum(int(number) * {"m": 60, "s": 1}[unit] for number, unit in re.findall(r"(\d+)([ms])", duration))


def test_the_owner_is_known_to_migrate_alone(stack: Composed) -> None:
    knows = {
        name for name, service in stack.services.items() if PASSWORDS["BOSAI_OWNER_PASSWORD"] in str(service)
    }
    assert knows == {"migrate", "postgres"}
    owners = stack.ask("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'")
    assert owners == [("bosai_owner",)]


def test_the_login_may_do_nothing_but_become_the_role_behind_the_wall(stack: Composed) -> None:
    address = stack.environment("web")["DATABASE_URL"]
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(address.replace(PASSWORDS["BOSAI_LOGIN_PASSWORD"], "wrong"))
    with psycopg.connect(address, autocommit=True) as login:
        for forbidden in ("SELECT FROM organisations_user", "CREATE TABLE t (i int)", "SET ROLE bosai_owner"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                login.execute(forbidden.encode())
        login.execute("SET ROLE bosai_app")
        login.execute("SELECT FROM organisations_user")
        assert login.execute("SELECT count(*) FROM customers_customer").fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            login.execute("DELETE FROM organisations_event")


def test_a_login_above_every_wall_is_warned_of(stack: Composed) -> None:
    environment = stack.environment("web", DATABASE_URL=stack.postgres.database("bosai"))
    command = [sys.executable, "manage.py", "check", "--deploy", "--database", "default"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert re.findall(r"bosai\.[EW]\d+", done.stderr) == ["bosai.W003"]
    assert "signs in as postgres" in done.stderr


HURRIED = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "bosai.settings"
import django
django.setup()
from bosai.management.commands import migrate
migrate.LOCK_TIMEOUT, migrate.PAUSE_SECONDS, migrate.TRIES = "500ms", 0.1, 50
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
"""


def test_a_migration_steps_back_from_a_lock_and_lets_others_pass(stack: Composed) -> None:
    """Without the time-out everybody who reads the table would wait behind the migration, for hours."""
    back = [sys.executable, "-c", HURRIED, "migrate", "office", "0001", "--verbosity", "0"]
    how = {"env": stack.environment("migrate"), "stderr": subprocess.PIPE, "text": True}
    with psycopg.connect(stack.postgres.database("bosai")) as report:
        report.execute("SELECT count(*) FROM office_import")  # a long report, still open
        migrating = subprocess.Popen(back, **how)
        assert migrating.stderr is not None
        assert migrating.stderr.readline() == "Somebody holds a lock; stepped back, 49 more tries.\n"
        assert stack.ask("SELECT count(*) FROM office_import") == [(0,)]
    _, said = migrating.communicate(timeout=240)
    assert migrating.returncode == 0, said
    newest = "SELECT max(name) FROM django_migrations WHERE app = 'office'"
    assert stack.ask(newest) == [("0001_initial",)]
    assert stack.run("migrate").returncode == 0
    assert stack.ask(newest) != [("0001_initial",)]


def test_two_of_each_share_the_work_and_do_it_once(stack: Composed, sink: SmtpSink, ports: list[int]) -> None:
    sites = [f"http://127.0.0.1:{port}" for port in ports]
    for name in ("web", "worker", "post"):
        for number, port in enumerate(ports):
            stack.start(name, f"{name}{number}", PORT=str(port))
    todo = seed(stack)
    processes.wait_until(lambda: all(map(processes.listens, ports)), "both webs")
    workers = ("worker0", "worker1")
    processes.wait_until(lambda: all(" ready" in stack.said(name) for name in workers), "both workers")
    mara, ada, nadia = (Browser(sites[0], complain=pytest.fail) for _ in range(3))
    mara.sign_in(plan.CSM, plan.PASSWORD)
    ada.sign_in(plan.ADMIN, plan.PASSWORD)
    files = list(batched(todo["readings"], 2, strict=False))
    for number, (path, link, rows) in enumerate(zip_longest(todo["claims"], todo["answers"], files)):
        for person in (mara, ada, nadia):
            person.site = sites[1 - number % 2]  # signed in at the first, at work at the other first of all
        if path:
            people.claim(mara, path)
        if link:
            people.answer(nadia, link)
        people.upload(ada, rows)
    wake_everybody_twice(stack)
    asked = SimpleNamespace(ask=stack.ask, sink=sink, met=set(), forgotten=lambda: 0)
    processes.wait_until(lambda: count(ACHIEVEMENTS, asked).arrived == ACHIEVEMENTS, "every celebration")
    assert count(ACHIEVEMENTS, asked).faults() == []
    assert stack.ask("SELECT DISTINCT state FROM post_delivery") == [("sent",)]
    imports = len(files)
    assert stack.ask("SELECT state, count(*) FROM office_import GROUP BY 1") == [("applied", imports)]
    applied = (
        "SELECT count(*), count(DISTINCT subject_id) FROM organisations_event WHERE verb = 'import_applied'"
    )
    assert stack.ask(applied) == [(imports, imports)]
    assert stack.ask("SELECT count(*) FROM customers_reading") == [(len(todo["readings"]),)]
    for number in range(2):
        assert "work_on_import" in stack.said(f"worker{number}"), "both workers took part"
        assert "the post loop runs; mails go out" in stack.said(f"post{number}")


def seed(stack: Composed) -> dict[str, list[str]]:
    command = [sys.executable, "-m", "tests.storm.seeding", str(ACHIEVEMENTS)]
    done = subprocess.run(command, env=stack.environment("web"), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    given: dict[str, list[str]] = json.loads(done.stdout.splitlines()[-1])
    return given


def wake_everybody_twice(stack: Composed) -> None:
    """A broker may deliver a message again, and to another worker: the lease decides who works."""
    with Celery(broker=stack.redis.url).connection_for_write() as connection:
        for import_id, organisation_id in stack.ask("SELECT id, organisation_id FROM office_import"):
            ids: dict[str, Any] = {"organisation_id": organisation_id, "import_id": import_id}
            for _ in range(4):
                Celery(broker=stack.redis.url).send_task(
                    "office.tasks.work_on_import", kwargs=ids, queue="bosai", connection=connection
                )
