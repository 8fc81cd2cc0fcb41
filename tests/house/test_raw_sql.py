"""The first wall is a manager; what steps round it stands on this list, each with its reason.

On PostgreSQL the second wall holds these as well. On SQLite nothing does but the organisation in their text.
"""

import ast
import re
from collections.abc import Iterator

from tests.house.ours import Source, sources

ROUND_IT = {"cursor", "raw", "extra", "RawSQL", "execute", "executemany", "_base_manager", "_raw_delete"}
ALLOWED = {
    "bosai/backups/postgresql.py": "the whole installation, as its owner",
    "bosai/backups/sqlite.py": "the whole installation, file by file",
    "bosai/checks.py": "asks the database for its clock and its migrations; no table of rows",
    "bosai/management/commands/partition_readings.py": "opens the cursor for bosai/partitioning.py",
    "bosai/management/commands/migrate.py": "how long to wait for a lock; no table of rows",
    "bosai/demo/seeding.py": "ANALYZE, which reads no row",
    "bosai/partitioning.py": "makes the table of readings anew, as its owner; in a transaction of its own",
    "customers/recording.py": "many readings in one statement; organisation_id leads each of them",
    "dashboards/status/machine.py": "asks the database for its clock; no table of rows",
    "milestones/achievements.py": "one judge, in SQL: an organisation's enrolments (decision 0003)",
    "milestones/criteria/keeping.py": "one judge, in SQL: an organisation's enrolments (decision 0003)",
    "milestones/criteria/scope.py": "locks an organisation's enrolments for the judge (decision 0003)",
    "milestones/criteria/standing.py": "the judge's series, read for some customers of an organisation",
    "milestones/criteria/supposing.py": "the judge's statements, asked for criteria that are no rows yet",
    "office/importing/kinds/window.py": "many staged rows in one statement; each names the organisation",
    "milestones/foreseeing.py": "the judge's statements over another version: an organisation's enrolments",
    "milestones/paces.py": "the newest achievements of each milestone in one statement, each down its index",
    "milestones/standing.py": "what lists read of enrolments, in one statement for any number of them",
    "office/repeating.py": "holds a key for a request; no table of rows",
    "organisations/inserting.py": "many rows in one statement; the caller gives their organisation first",
    "organisations/limits.py": "tries at a door, before anybody is known; the table has no organisation",
    "organisations/management/commands/roles.py": "roles and grants; no table of rows",
    "organisations/patience.py": "how long to wait for SQLite's lock; no table of rows",
    "organisations/replicas.py": "asks both servers how far they are, and sets the wall's variable",
    "organisations/roles.py": "asks PostgreSQL who we are; no table of rows",
    "organisations/tenancy.py": "sets the variable that row-level security reads",
    "organisations/walls.py": "makes the policies, in migrations",
    "post/statements.py": "what runs for every single mail; organisation_id stands in each statement",
}
COLUMNS_GIVEN = {"organisations/inserting.py"}  # the caller names them, organisation_id first
WHOLE = {
    "UPDATE {installation} SET sends = sends + 1 RETURNING sends",  # one row for the whole installation
    "INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE SELECT {} FROM {}",  # bosai/partitioning.py: every row moves
}
WRITES = re.compile(r"\b(UPDATE|DELETE FROM|INSERT INTO) \{")


def test_nothing_steps_round_the_first_wall_unexplained() -> None:
    found = {source.path for source in sources() if next(_steps(source), None)}
    assert found - ALLOWED.keys() == set()
    assert ALLOWED.keys() - found == set(), "explained, and not there any more"


def test_what_is_written_by_hand_names_the_organisation() -> None:
    nameless = []
    for source in sources():
        for text in _texts(source):
            is_given = source.path in COLUMNS_GIVEN or text in WHOLE
            if WRITES.search(text) and "organisation_id" not in text and not is_given:
                nameless.append(f"{source.path}: {text[:80]}")
    assert nameless == []


def _steps(source: Source) -> Iterator[int]:
    for node in ast.walk(source.tree):
        named = getattr(node, "attr", "") in ROUND_IT or getattr(node, "id", "") == "RawSQL"
        if named and isinstance(node, ast.Attribute | ast.Name):
            yield node.lineno


def _texts(source: Source) -> Iterator[str]:
    """Every text of a module as it is written, with {names} for what is put into it."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
