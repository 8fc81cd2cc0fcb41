"""A database of one state as a file, and back: python -m tests.upgrading.rows write FILE, or upgrade FILE.

`write` takes the database that the environment names. `upgrade` makes the tables as they were then, fills
them, migrates to now, and looks at pages; everything in the database that was there before is gone.
"""

import io
import json
import os
import sys
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "bosai.settings"
WHAT, FILE = sys.argv[1:3]
sys.argv[1] = "migrate"  # as the owner of the tables

import django  # noqa: E402

django.setup()

from django.apps import apps  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.serializers.json import DjangoJSONEncoder  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402
from django.db.migrations.recorder import MigrationRecorder  # noqa: E402
from django.test import Client  # noqa: E402

from organisations import tenancy, walls  # noqa: E402
from organisations.models import Organisation, User  # noqa: E402

LEFT_OUT = {
    "django_session",
    "organisations_session",
    "django_content_type",
    "auth_permission",
    "django_migrations",
}
LONGEST = 300  # characters kept of a mail


def write(path: str) -> None:
    rows: dict[str, list[dict]] = {}
    for organisation in Organisation.objects.order_by("pk"):
        with tenancy.within(organisation):
            for model in apps.get_models(include_auto_created=True):
                table = model._meta.db_table
                if table in LEFT_OUT or (table in walls.OUTSIDE and table in rows):
                    continue
                found = [_short(row) for row in model._base_manager.order_by("pk").values()]
                if table not in walls.OUTSIDE:
                    found = [row for row in found if row["organisation_id"] == organisation.pk]
                rows.setdefault(table, []).extend(found)
    applied = sorted(MigrationRecorder(connection).applied_migrations())
    with open(path, "w", encoding="utf-8") as file:
        json.dump(
            {"migrations": applied, "rows": rows}, file, cls=DjangoJSONEncoder, ensure_ascii=False, indent=0
        )


def _short(row: dict) -> dict:
    return {key: value[:LONGEST] if isinstance(value, str) else value for key, value in row.items()}


def upgrade(path: str) -> None:
    with open(path, encoding="utf-8") as file:
        then = json.load(file)
    executor = MigrationExecutor(connection)
    known = executor.loader.graph.node_map  # apps that were given up since bring no migrations any more
    targets = [key for key in map(tuple, then["migrations"]) if key in known]
    last = [
        key
        for key in targets
        if not any(c.key[0] == key[0] and c.key in targets for c in known[key].children)
    ]
    executor.migrate(last)
    old = MigrationExecutor(connection).loader.project_state(last).apps
    models = {model._meta.db_table: model for model in old.get_models(include_auto_created=True)}
    with transaction.atomic():
        for table, rows in then["rows"].items():
            _fill(models[table], rows)
    call_command("migrate", verbosity=0)
    if connection.vendor == "postgresql":
        call_command("roles", stdout=io.StringIO())


def _fill(model, rows: list[dict]) -> None:
    """Tenant rows within their organisation: the wall holds the owner as well."""
    by_organisation: dict[int | None, list] = {}
    fields = {field.attname: field for field in model._meta.local_concrete_fields}
    for row in rows:
        made = model(**{key: fields[key].to_python(value) for key, value in row.items()})
        by_organisation.setdefault(row.get("organisation_id"), []).append(made)
    for organisation_id, made in by_organisation.items():
        if organisation_id is None:
            model._base_manager.bulk_create(made)
        else:
            with tenancy.within(organisation_id):
                model._base_manager.bulk_create(made)


def look() -> dict[str, int]:
    """Status by address, for an admin of the first organisation with customers."""
    organisation = Organisation.objects.get(slug="harbour")
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.get(email="ada@harbour.example"))
    pages = [
        "today",
        "customers",
        "milestones",
        "journeys",
        "outbox",
        "status",
        "audit",
        "imports",
        "members",
    ]
    found = {name: client.get(f"/o/{organisation.slug}/{name}/").status_code for name in pages}
    with tenancy.within(organisation):
        from customers.models import Customer

        for pk in Customer.objects.values_list("pk", flat=True):
            found[f"customers/{pk}"] = client.get(f"/o/{organisation.slug}/customers/{pk}/").status_code
    return found


def outcomes() -> list[list[Any]]:
    """What customers want to reach, as it stands now: every field that once stood on the customer."""
    from customers.models import Outcome

    fields = ("customer_id", "words", "said_by", "metric_id", "baseline", "target", "edition")
    with tenancy.within(Organisation.objects.get(slug="harbour")):
        return [list(row) for row in Outcome.objects.order_by("customer_id").values_list(*fields)]


if __name__ == "__main__":
    if WHAT == "write":
        write(FILE)
    else:
        upgrade(FILE)
        sys.stdout.write(json.dumps([look(), outcomes()]))
