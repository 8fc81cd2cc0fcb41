"""A streaming replica of the PostgreSQL that the tests run on, made by pg_basebackup."""

import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg

from tests.services import postgres, processes
from tests.services.postgres import FLAGS, Postgres
from tests.services.processes import ServiceMissingError


def replica_of(url: str) -> Postgres:
    """`url` is of somebody who may replicate the whole server. Raises ServiceMissingError."""
    folder = Path(tempfile.mkdtemp(prefix="bosai-replica-"))
    try:
        binaries, source = postgres._binaries(folder)
        user, data, port = postgres._unprivileged(folder), folder / "data", processes.free_port()
        copied = [binaries / "pg_basebackup", "-D", data, "-R", "-X", "stream", "-c", "fast", "--no-sync"]
        done = subprocess.run([*copied, "-d", url], capture_output=True, text=True, cwd="/", **user)
        if done.returncode:
            typed = "ALTER ROLE … REPLICATION;   and a line for replication in pg_hba.conf"
            raise ServiceMissingError(f"no replica can be made: {done.stderr}\nAs a superuser, type: {typed}")
        command = [binaries / "postgres", "-D", data, "-h", "127.0.0.1", "-p", str(port), "-k", folder]
        address = f"postgres://postgres@127.0.0.1:{port}"
        return Postgres(address, "", source, folder, [*command, *FLAGS], user).start()
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def ask(server: Postgres, statement: str) -> object:
    with psycopg.connect(server.database("postgres"), autocommit=True) as connection:
        return connection.execute(statement.encode()).fetchone()
