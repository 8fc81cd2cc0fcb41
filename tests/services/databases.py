"""The test databases on PostgreSQL: made and migrated by their owner, used by the role behind the wall."""

import os
import subprocess
import sys
from collections.abc import Iterable
from functools import partial
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from organisations.walls import APP_ROLE, grants
from tests.services.postgres import Postgres
from tests.services.processes import ServiceMissingError

OWNER = "bosai_owner"
PRISTINE = "bosai_pristine"  # migrated, never written to; the others are copied from it


def prepare(server: Postgres, workers: int) -> str:
    """Make `test_bosai` and one per pytest worker afresh; returns the owner's DATABASE_URL."""
    ours = server.process is not None
    owner = OWNER if ours else (urlsplit(server.url).username or "")
    address = partial(server.database, user=OWNER if ours else "")
    with psycopg.connect(server.database("postgres"), autocommit=True) as admin:
        _roles(admin, owner, trusted=ours)
        _fresh(admin, [PRISTINE], owner)
        _migrate(address(PRISTINE))
        names = ["test_bosai", *(f"test_bosai_gw{number}" for number in range(workers))]
        _fresh(admin, names, owner, template=PRISTINE)
    return address("bosai")


def _roles(admin: psycopg.Connection, owner: str, trusted: bool) -> None:
    """The owner and the role behind the wall, when they are missing. Raises ServiceMissingError."""
    wanted = [_made(owner, "LOGIN CREATEDB")] if not _known(admin, owner) else []
    if not _known(admin, APP_ROLE):
        wanted.append(_made(APP_ROLE, "LOGIN NOCREATEDB" if trusted else "NOLOGIN NOCREATEDB"))
    assumed = admin.execute(
        "SELECT FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid"
        " JOIN pg_roles o ON o.oid = m.member WHERE r.rolname = %s AND o.rolname = %s",
        [APP_ROLE, owner],
    )
    if assumed.fetchone() is None:
        wanted.append(f'GRANT "{APP_ROLE}" TO "{owner}"')
    try:
        for statement in wanted:
            admin.execute(statement.encode())
    except psycopg.errors.InsufficientPrivilege as error:
        typed = ";\n    ".join(wanted)
        raise ServiceMissingError(
            f"{error}\nAs a superuser of that PostgreSQL, type:\n    {typed};"
        ) from None


def _known(admin: psycopg.Connection, role: str) -> bool:
    return admin.execute("SELECT FROM pg_roles WHERE rolname = %s", [role]).fetchone() is not None


def _made(role: str, rights: str) -> str:
    return f'CREATE ROLE "{role}" {rights} NOSUPERUSER NOBYPASSRLS NOCREATEROLE'


def _fresh(admin: psycopg.Connection, names: Iterable[str], owner: str, template: str = "template0") -> None:
    for name in names:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        made = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}")
        admin.execute(made.format(*map(sql.Identifier, (name, owner, template))))


def _migrate(url: str) -> None:
    """As the owner: the schema, then what the run-time role may do; TRUNCATE is for the tests' flush."""
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "bosai.settings"}
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise ServiceMissingError(f"migrate failed on PostgreSQL:\n{done.stdout}{done.stderr}")
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in grants(truncate=True):
            connection.execute(statement.encode())
