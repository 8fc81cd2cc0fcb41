"""What a database is made of, in whatever order it came: python -m tests.upgrading.tables prints JSON."""

import json
import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "bosai.settings"
sys.argv[1:] = ["migrate"]  # as the owner of the tables

import django  # noqa: E402

django.setup()

from django.db import connection  # noqa: E402

WALLS = """SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class
           WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"""
POLICIES = "SELECT tablename, policyname, cmd, qual, with_check FROM pg_policies"


def shape() -> dict[str, object]:
    """Columns and constraints of every table; on PostgreSQL also what stands behind which wall."""
    look = connection.introspection
    with connection.cursor() as cursor:
        tables = sorted(look.table_names(cursor))
        made: dict[str, object] = {
            table: [
                sorted(map(str, look.get_table_description(cursor, table))),
                sorted(map(_constraint, look.get_constraints(cursor, table).items())),
            ]
            for table in tables
        }
        if connection.vendor == "postgresql":
            for name, question in (("walls", WALLS), ("policies", POLICIES)):
                cursor.execute(question)
                made[name] = sorted(map(str, cursor.fetchall()))
    return made


def _constraint(named: tuple[str, dict[str, object]]) -> str:
    """With its name, but for those the database names by itself."""
    name, about = named
    about = {key: value for key, value in about.items() if key not in ("options", "definition")}
    own = name if about["check"] or not (about["primary_key"] or about["foreign_key"]) else ""
    return str((own if not own.startswith("__") else "", sorted(about.items())))


if __name__ == "__main__":
    sys.stdout.write(json.dumps(shape()))
