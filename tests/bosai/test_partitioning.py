"""Readings in parts and back: the same rows, keys, walls and rights; and whatever reads them passes."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from bosai import partitioning
from bosai.partitioning import TABLE, Refused
from organisations.walls import APP_ROLE
from tests.gates.usage import note_by_hand
from tests.services.installation import _named, _own_database

POSTGRES = pytest.mark.postgres
MADE = "2026-03-12T09:00:00+00:00"


@contextmanager
def owned(name: str) -> Iterator[tuple[str, psycopg.Connection]]:
    """A migrated database of one's own, asked by its owner."""
    url = _own_database(os.environ["DATABASE_URL"], name)
    try:
        with psycopg.connect(url) as made:
            yield url, made
    finally:
        with psycopg.connect(_named(url, "postgres"), autocommit=True) as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture
def owner() -> Iterator[psycopg.Connection]:
    with owned(f"parts_{os.getpid()}") as (_url, made):
        yield made


def shape(owner: psycopg.Connection) -> list[Any]:
    """All of the table but its rows."""
    asked = [
        "SELECT column_name, data_type, is_nullable, identity_generation FROM information_schema.columns"
        f" WHERE table_name = '{TABLE}' ORDER BY ordinal_position",
        f"SELECT indexname, indexdef FROM pg_indexes WHERE tablename = '{TABLE}' ORDER BY 1",
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
        f" WHERE '{TABLE}'::regclass IN (conrelid, confrelid) ORDER BY 1",
        f"SELECT policyname, cmd, qual, with_check FROM pg_policies WHERE tablename = '{TABLE}'",
        f"SELECT relrowsecurity, relforcerowsecurity, relacl::text FROM pg_class WHERE relname = '{TABLE}'",
    ]
    return [owner.execute(statement.encode()).fetchall() for statement in asked]


def fill(owner: psycopg.Connection) -> None:
    """Two organisations with three readings each, one of them corrected."""
    for pk in (1, 2):
        owner.execute("SELECT set_config('bosai.organisation', %s, true)", [str(pk)])
        owner.execute(
            "INSERT INTO organisations_organisation (id, slug, name, zone, language, accent, sender_name,"
            " postal_address, created_at, second_factor_required)"
            f" VALUES ({pk}, 'o{pk}', 'O', 'UTC', 'en', '', '', '', '{MADE}', false)".encode()
        )
        customer = _insert(
            owner, "customers_customer", organisation_id=pk, key="vela", name="Vela", created_at=MADE
        )
        metric = _insert(owner, "customers_metric", organisation_id=pk, key="score", name="Score")
        new = reading(owner, pk, customer, metric, "a")
        reading(owner, pk, customer, metric, "a", is_standing=False, replaced_by_id=new)
        reading(owner, pk, customer, metric, "b")
    owner.commit()


def reading(owner: psycopg.Connection, pk: int, customer: int, metric: int, key: str, **more: Any) -> int:
    given = {"at": MADE, "recorded_at": MADE, "value": 4.5, "source": "s", "external_id": key}
    whose = {"organisation_id": pk, "customer_id": customer, "metric_id": metric}
    return _insert(owner, TABLE, **given, **whose, **({"is_standing": True} | more))


def _insert(owner: psycopg.Connection, table: str, **values: Any) -> int:
    """A row, with what else must not be null as empty as it may be."""
    wanted = owner.execute(
        "SELECT column_name, data_type FROM information_schema.columns"
        " WHERE table_name = %s AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO'",
        [table],
    ).fetchall()
    empty = {"boolean": False, "character varying": "", "text": "", "jsonb": "{}"}
    row = {name: empty.get(kind, 0) for name, kind in wanted} | values
    places = ", ".join(["%s"] * len(row))
    statement = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places}) RETURNING id"
    found = owner.execute(statement.encode(), list(row.values())).fetchone()
    assert found is not None
    return int(found[0])


def stored(owner: psycopg.Connection, pk: int) -> list[Any]:
    owner.execute("SELECT set_config('bosai.organisation', %s, true)", [str(pk)])
    found = owner.execute(f"SELECT * FROM {TABLE} ORDER BY id".encode()).fetchall()
    owner.rollback()
    return found


def run(owner: psycopg.Connection, work: Any, **given: Any) -> int:
    with owner.cursor() as cursor:
        moved = work(cursor, **given)
    owner.commit()
    return moved


@POSTGRES
def test_there_and_back_it_is_the_same_table(owner: psycopg.Connection) -> None:
    fill(owner)
    before, rows = shape(owner), {pk: stored(owner, pk) for pk in (1, 2)}
    assert run(owner, partitioning.partition, parts=4) == 6
    with owner.cursor() as cursor:
        assert partitioning.count_parts(cursor) == 4
    assert {pk: stored(owner, pk) for pk in (1, 2)} == rows
    _try_the_walls(owner)
    _try_the_keys(owner)
    assert run(owner, partitioning.undo) == 6
    assert {pk: stored(owner, pk) for pk in (1, 2)} == rows
    assert shape(owner) == before
    _try_the_keys(owner)


def _try_the_walls(owner: psycopg.Connection) -> None:
    """The table and each part by itself, for the owner and for the role behind the wall."""
    tables = [TABLE, *(f"{TABLE}_{number:03}" for number in range(4))]
    for role in ("", f"SET LOCAL ROLE {APP_ROLE}"):
        for asked, seen in (("", 0), ("1", 3)):
            if role:
                owner.execute(role.encode())
            owner.execute("SELECT set_config('bosai.organisation', %s, true)", [asked])
            counts = [owner.execute(f"SELECT count(*) FROM {table}".encode()).fetchone() for table in tables]
            assert counts[0] == (seen,)
            assert sum(count[0] for count in counts[1:] if count) == seen
            owner.rollback()


def _try_the_keys(owner: psycopg.Connection) -> None:
    """The next id is a new one, what stands stands once, and nothing points to what is not there."""
    row = stored(owner, 1)[0]
    names = [column[0] for column in shape(owner)[0]]
    known = dict(zip(names, row, strict=True))
    whose = (1, known["customer_id"], known["metric_id"])
    owner.execute("SELECT set_config('bosai.organisation', '1', true)")
    assert reading(owner, *whose, "c") > max(row[names.index("id")] for row in stored(owner, 2))
    owner.rollback()
    for error, more in (
        (psycopg.errors.UniqueViolation, {"key": "a"}),
        (psycopg.errors.CheckViolation, {"key": "d", "is_standing": False}),
        (psycopg.errors.ForeignKeyViolation, {"key": "e", "is_standing": False, "replaced_by_id": 10**9}),
    ):
        owner.execute("SELECT set_config('bosai.organisation', '1', true)")
        owner.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(error):
            reading(owner, *whose, more.pop("key"), **more)
        owner.rollback()


@POSTGRES
def test_it_refuses_what_makes_no_sense(owner: psycopg.Connection) -> None:
    with owner.cursor() as cursor:
        for parts in (1, 257):
            with pytest.raises(Refused, match="Between 2 and 256"):
                partitioning.partition(cursor, parts=parts)
        with pytest.raises(Refused, match="one table already"):
            partitioning.undo(cursor)
        partitioning.partition(cursor, parts=2)
        with pytest.raises(Refused, match="--undo"):
            partitioning.partition(cursor, parts=2)


@pytest.mark.django_db
def test_the_command_says_what_stands_in_its_way() -> None:
    """In the tests nobody is the owner."""
    said = "nothing to do" if connection.vendor == "sqlite" else "must be owner|permission denied"
    with pytest.raises((CommandError, Exception), match=said):
        call_command("partition_readings")


def _partition(url: str, parts: int) -> None:
    env = os.environ | {"DATABASE_URL": url, "BOSAI_MODE": "test"}
    command = [sys.executable, "manage.py", "partition_readings", "--parts", str(parts)]
    done = subprocess.run(command, env=env, capture_output=True, text=True)
    assert f"0 readings are in {parts} parts" in done.stdout, done.stderr
    note_by_hand("command", "partition_readings")


@POSTGRES
def test_the_command_makes_parts_of_them() -> None:
    with owned(f"parts_made_{os.getpid()}") as (url, made):
        _partition(url, parts=2)
        count = made.execute("SELECT count(*) FROM pg_inherits WHERE inhparent = %s::regclass", [TABLE])
        assert count.fetchone() == (2,)


READ_THEM = [
    "tests/customers",
    "tests/milestones/test_judging.py",
    "tests/office/test_import_readings.py",
    "tests/bosai/test_backup.py",
]


@POSTGRES
@pytest.mark.nightly
def test_what_reads_and_writes_them_does_so_in_parts() -> None:
    name = "test_bosai_in_parts"
    with owned(name) as (url, _made):
        _partition(url, parts=4)
        env = os.environ | {"BOSAI_MODE": "test", "DATABASE_URL": _named(url, name.removeprefix("test_"))}
        env.pop("PYTEST_XDIST_WORKER", None)
        wanted = "not slow and not nightly and not browser and not once"
        tests = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:xdist",
            "--reuse-db",
            "-m",
            wanted,
            *READ_THEM,
        ]
        done = subprocess.run(tests, env=env, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout[-3000:]
        assert " passed" in done.stdout
