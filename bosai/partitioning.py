"""The table of readings in parts by organisation, and back: one transaction each, as PostgreSQL's owner.

What the table has is read from the catalog and made again: checks, indexes, foreign keys, policies, rights.
A key of a table in parts has to hold what it is parted by, so the primary key becomes (organisation, id), and
what points to a reading points with its organisation.
"""

from dataclasses import dataclass
from typing import Any

from organisations.walls import own_organisation

TABLE = "customers_reading"
OLD = f"{TABLE}_before"
BY_ID = f"{TABLE}_by_id"
MOST = 256


class Refused(RuntimeError):
    """Nothing was changed. The text says why."""


@dataclass(frozen=True)
class Shape:
    """What stands on the table beside its columns and checks, as statements or parts of them."""

    columns: list[str]
    indexes: list[str]
    own_keys: list[tuple[str, str]]  # name, definition
    pointing: list[tuple[str, str, str]]  # table, name, column
    walled: list[str]  # tables behind a wall at the other end of those keys
    rights: list[tuple[str, str]]  # role, privileges
    next_id: int


def partition(cursor: Any, *, parts: int) -> int:
    """Readings lie in so many parts; how many rows were moved. Raises Refused."""
    if not 2 <= parts <= MOST:
        raise Refused(f"Between 2 and {MOST} parts, not {parts}.")
    if count_parts(cursor):
        raise Refused("Readings are in parts already. `./run manage partition_readings --undo` goes back.")
    shape = _begin(cursor)
    cursor.execute(f"CREATE TABLE {TABLE} ({_LIKE}) PARTITION BY HASH (organisation_id)")
    made = [f"{TABLE}_{number:03}" for number in range(parts)]
    for number, part in enumerate(made):
        place = f"WITH (MODULUS {parts}, REMAINDER {number})"
        cursor.execute(f"CREATE TABLE {part} PARTITION OF {TABLE} FOR VALUES {place}")
    moved = _move(cursor, shape)
    cursor.execute(f"ALTER TABLE {TABLE} ADD CONSTRAINT {TABLE}_pkey PRIMARY KEY (organisation_id, id)")
    cursor.execute(f"CREATE INDEX {BY_ID} ON {TABLE} (id)")
    _finish(cursor, shape, [TABLE, *made], "organisation_id, ")
    return moved


def undo(cursor: Any) -> int:
    """Readings are one table again; how many rows were moved. Raises Refused."""
    if not count_parts(cursor):
        raise Refused("Readings are one table already.")
    shape = _begin(cursor)
    cursor.execute(f"CREATE TABLE {TABLE} ({_LIKE})")
    moved = _move(cursor, shape)
    cursor.execute(f"ALTER TABLE {TABLE} ADD CONSTRAINT {TABLE}_pkey PRIMARY KEY (id)")
    _finish(cursor, shape, [TABLE], "")
    return moved


_LIKE = f"LIKE {OLD} INCLUDING DEFAULTS INCLUDING IDENTITY INCLUDING CONSTRAINTS INCLUDING STORAGE"


def count_parts(cursor: Any) -> int:
    """How many there are now; 0 of one table."""
    cursor.execute("SELECT count(*) FROM pg_inherits WHERE inhparent = %s::regclass", [TABLE])
    return int(cursor.fetchone()[0])


def _begin(cursor: Any) -> Shape:
    """Nobody reads or writes from here on; the table steps aside."""
    cursor.execute("SET LOCAL lock_timeout = '10s'")
    cursor.execute(f"LOCK TABLE {TABLE} IN ACCESS EXCLUSIVE MODE")
    shape = _shape(cursor)
    for table, name, _column in shape.pointing:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    cursor.execute(f"ALTER TABLE {TABLE} RENAME TO {OLD}")
    return shape


def _move(cursor: Any, shape: Shape) -> int:
    """The rows, before any index; the owner, for once, looks over the wall. Then the old table goes."""
    listed = ", ".join(shape.columns)
    cursor.execute(f"ALTER TABLE {OLD} NO FORCE ROW LEVEL SECURITY")
    cursor.execute(f"INSERT INTO {TABLE} ({listed}) OVERRIDING SYSTEM VALUE SELECT {listed} FROM {OLD}")
    moved = int(cursor.rowcount)
    cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s, false)", [TABLE, shape.next_id])
    cursor.execute(f"DROP TABLE {OLD}")
    return moved


def _finish(cursor: Any, shape: Shape, tables: list[str], with_organisation: str) -> None:
    """Indexes, keys, walls and rights, on the table and on each part: a part can be asked by itself."""
    for index in shape.indexes:
        cursor.execute(index)
    for table in shape.walled:  # a key is checked by the owner, who has to see what it points to
        cursor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    for name, definition in shape.own_keys:
        cursor.execute(f"ALTER TABLE {TABLE} ADD CONSTRAINT {name} {definition}")
    for table, name, column in shape.pointing:
        cursor.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({with_organisation}{column})"
            f" REFERENCES {TABLE} ({with_organisation}id) DEFERRABLE INITIALLY DEFERRED"
        )
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in shape.walled:
        cursor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    for table in tables:
        for statement in own_organisation(table):
            cursor.execute(statement)
        for role, privileges in shape.rights:
            cursor.execute(f"GRANT {privileges} ON {table} TO {role}")
    cursor.execute(f"ANALYZE {TABLE}")


def _shape(cursor: Any) -> Shape:
    def rows(statement: str) -> list[Any]:
        cursor.execute(statement, [TABLE])
        return list(cursor.fetchall())

    cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [TABLE])
    cursor.execute(f"SELECT last_value + CASE WHEN is_called THEN 1 ELSE 0 END FROM {cursor.fetchone()[0]}")
    return Shape(
        next_id=int(cursor.fetchone()[0]),
        columns=[name for (name,) in rows(_COLUMNS)],
        indexes=[text.replace(" ON ONLY ", " ON ") for name, text in rows(_INDEXES) if name != BY_ID],
        own_keys=rows(_OWN_KEYS),
        pointing=rows(_POINTING),
        walled=[name for (name,) in rows(_WALLED)],
        rights=rows(_RIGHTS),
    )


_COLUMNS = """
    SELECT quote_ident(attname) FROM pg_attribute
    WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum"""
_INDEXES = """
    SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE i.indrelid = %s::regclass AND NOT i.indisprimary ORDER BY c.relname"""
_OWN_KEYS = """
    SELECT quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
    WHERE contype = 'f' AND conrelid = %s::regclass AND confrelid <> conrelid AND conparentid = 0
    ORDER BY conname"""
# A column that points to a reading, beside the organisation's when it is in parts.
_POINTING = """
    SELECT k.conrelid::regclass::text, quote_ident(k.conname), quote_ident(a.attname)
    FROM pg_constraint k
    JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)
         AND a.attname <> 'organisation_id'
    WHERE k.contype = 'f' AND k.confrelid = %s::regclass AND k.conparentid = 0
    ORDER BY 1, 2"""
_WALLED = """
    SELECT DISTINCT c.oid::regclass::text FROM pg_constraint k
    JOIN pg_class c ON c.oid IN (k.conrelid, k.confrelid) AND c.relforcerowsecurity
    WHERE k.contype = 'f' AND %s::regclass IN (k.conrelid, k.confrelid) AND c.relkind = 'r'
      AND NOT c.relispartition AND c.relname <> 'customers_reading' ORDER BY 1"""
_RIGHTS = """
    SELECT quote_ident(r.rolname), string_agg(x.privilege_type, ', ' ORDER BY x.privilege_type)
    FROM pg_class c, aclexplode(c.relacl) x JOIN pg_roles r ON r.oid = x.grantee
    WHERE c.oid = %s::regclass AND x.grantee <> c.relowner GROUP BY r.rolname ORDER BY 1"""
