"""The tables' rows, as PostgreSQL's own COPY writes them, in one snapshot.

Not pg_dump: under forced row-level security it gives up for everybody but a superuser. Here each table is
read organisation by organisation, behind the same wall as everything else, and needs no program but Bosai.
The schema is not in the file: migrations make it as it was, the rows go in, and migrations go on from there.
"""

from typing import Any

from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.graph import MigrationGraph

from bosai.backups import tables
from bosai.backups.archive import BLOCK, Damaged, Member, Reader, Writer
from organisations import tenancy
from organisations.models import Organisation


def save(archive: Writer) -> dict[str, int]:
    """Rows by table, all as of one moment."""
    counts = {}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        organisations = list(Organisation.objects.order_by("pk").values_list("pk", flat=True))
        for model in tables.kept():
            table = model._meta.db_table
            columns = [str(field.column) for field in model._meta.local_concrete_fields]
            with archive.member(f"tables/{table}") as member:
                member.write(("\t".join(columns) + "\n").encode())
                if tables.has_organisation(table):
                    for pk in organisations:
                        with tenancy.within(pk):
                            _copy_out(cursor, table, columns, member)
                else:
                    _copy_out(cursor, table, columns, member)
            counts[table] = member.lines - 1
    return counts


def _copy_out(cursor: Any, table: str, columns: list[str], member: Member) -> None:
    listed = ", ".join(map(quoted, columns))
    with cursor.copy(f"COPY (SELECT {listed} FROM {quoted(table)}) TO STDOUT") as rows:
        for data in rows:
            member.write(bytes(data))


def clear() -> None:
    """Drop every table of ours; as the owner. Waits ten seconds at most for whoever uses one."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '10s'")
        named = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user"
        cursor.execute(named)
        if found := [quoted(name) for (name,) in cursor.fetchall()]:
            cursor.execute(f"DROP TABLE {', '.join(found)} CASCADE")


def load(archive: Reader) -> None:
    """Make the tables as they were and fill them, in one transaction. Raises Damaged."""
    executor = MigrationExecutor(connection)
    executor.migrate(_newest(archive.manifest["migrations"], executor.loader.graph))
    with transaction.atomic(), connection.cursor() as cursor:
        forced = _forced(cursor)
        for table in forced:  # the owner, for once, looks over the wall: COPY cannot write through it
            cursor.execute(f"ALTER TABLE {quoted(table)} NO FORCE ROW LEVEL SECURITY")
        for name in archive.names("tables"):
            _copy_in(cursor, archive, name)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in connection.ops.sequence_reset_sql(no_style(), tables.kept()):
            cursor.execute(statement)
        for table in forced:
            cursor.execute(f"ALTER TABLE {quoted(table)} FORCE ROW LEVEL SECURITY")


def _newest(migrations: list[list[str]], graph: MigrationGraph) -> list[tuple[str, str]]:
    """The last one of each app, which imply the others."""
    then = {(app, name) for app, name in migrations} & graph.nodes.keys()
    followed = {
        key
        for key in then
        for child in graph.node_map[key].children
        if child.key in then and child.key[0] == key[0]
    }
    return sorted(then - followed)


def _forced(cursor: Any) -> list[str]:
    cursor.execute("SELECT relname FROM pg_class WHERE relforcerowsecurity ORDER BY relname")
    return [name for (name,) in cursor.fetchall()]


def _copy_in(cursor: Any, archive: Reader, name: str) -> None:
    table = name.removeprefix("tables/")
    with archive.member(name) as file:
        columns = file.readline().decode().rstrip("\n").split("\t")
        listed = ", ".join(map(quoted, columns))
        with cursor.copy(f"COPY {quoted(table)} ({listed}) FROM STDIN") as rows:
            while block := file.read(BLOCK):
                rows.write(block)
    if cursor.rowcount != archive.manifest["rows"][table]:
        raise Damaged(f"{table} holds {cursor.rowcount} rows, not those that the manifest says")


def quoted(name: str) -> str:
    return connection.ops.quote_name(name)
