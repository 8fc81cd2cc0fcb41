"""Migrations can go back, and do not stop the code of the last release."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import migrations, models

from tests.services.installation import Installation
from tests.upgrading import linting
from tests.upgrading.test_upgrading import STATES, _empty

pytestmark = pytest.mark.once
NULLABLE = models.IntegerField(null=True)


def judged(*operations: migrations.operations.base.Operation) -> list[str]:
    migration = migrations.Migration("0009_sample", "post")
    migration.operations = list(operations)
    return list(linting.faults(migration))


@pytest.mark.parametrize(
    "operation",
    [
        migrations.RemoveField("delivery", "reason"),
        migrations.RenameField("delivery", "reason", "why"),
        migrations.DeleteModel("Delivery"),
        migrations.RenameModel("Delivery", "Mail"),
        migrations.AddField("delivery", "n", models.IntegerField(default=0)),
        migrations.AlterField("delivery", "reason", models.CharField(max_length=5)),
        migrations.AddIndex("delivery", models.Index(fields=["reason"], name="i")),
        migrations.AddConstraint("delivery", models.UniqueConstraint(fields=["reason"], name="u")),
    ],
    ids=lambda operation: type(operation).__name__,
)
def test_it_refuses_what_the_released_code_would_stumble_over(operation) -> None:
    assert len(judged(operation)) == 1


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("delivery", "n", NULLABLE),
        migrations.AddField("delivery", "n", models.IntegerField(db_default=0)),
        migrations.AddIndex("hold", models.Index(fields=["since"], name="i")),
        migrations.CreateModel("Stamp", [("id", models.BigAutoField(primary_key=True))]),
    ],
    ids=["null", "db_default", "small", "table"],
)
def test_it_takes_what_only_adds(operation) -> None:
    assert judged(operation) == []


def test_a_table_made_by_it_may_have_what_it_wants() -> None:
    made = migrations.CreateModel("Stamp", [("id", models.BigAutoField(primary_key=True))])
    assert judged(made, migrations.AddField("stamp", "n", models.IntegerField())) == []


def test_no_migration_since_the_release_stops_it() -> None:
    new = [migration for migration in linting.migrations() if linting.is_new(migration)]
    found = {fault for each in new for fault in linting.faults(each)}
    assert {fault for fault in found if fault.partition(":")[0] not in linting.CONTRACTS} == set()
    assert all(linting.CONTRACTS.values())


def test_every_migration_can_be_taken_back() -> None:
    every = linting.migrations()
    assert len(every) > 10
    stuck = [
        f"{each.app_label}.{each.name}: {operation.describe()}"
        for each in every
        for operation in each.operations
        if not operation.reversible
    ]
    assert stuck == []


BACK_AND_FORTH = """
import json, sys, django
sys.argv[1:] = ["migrate"]
django.setup()
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from tests.upgrading import linting
def counts():
    with connection.cursor() as cursor:
        found = {}
        for model in apps.get_models():
            table = model._meta.db_table
            if connection.vendor == "postgresql":
                cursor.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            found[table] = cursor.fetchone()[0]
        return found
def newest():
    found = {}
    for each in linting.migrations():
        found.setdefault(each.app_label, []).append(each.name)
    return {app: names for app, names in found.items() if len(names) > 1}
before = counts()
for app, names in newest().items():
    call_command("migrate", app, names[-2], verbosity=0)
    call_command("migrate", verbosity=0)
after = counts()
print(json.dumps([before, after, sorted(newest())]))
"""


@pytest.mark.nightly
@pytest.mark.both
def test_the_newest_ones_go_back_and_forward_with_rows_in_the_tables(tmp_path: Path) -> None:
    made = Installation(tmp_path / "state", BOSAI_MODE="demo", BOSAI_DEBUG="True")
    if "DATABASE_URL" in os.environ:
        _empty(made)
    env = made.env | {"DJANGO_SETTINGS_MODULE": "bosai.settings"}
    filled = [sys.executable, "-m", "tests.upgrading.rows", "upgrade", str(STATES[-1])]
    subprocess.run(filled, env=made.env, check=True, capture_output=True)
    done = subprocess.run([sys.executable, "-c", BACK_AND_FORTH], env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    before, after, apps = json.loads(done.stdout.splitlines()[-1])
    assert len(apps) >= 5
    made_anew = {"organisations_seal", "django_migrations", "auth_permission", "django_content_type"}
    differing = {table for table in before if before[table] != after[table]} - made_anew
    assert differing == set()
    assert sum(before.values()) > 100
