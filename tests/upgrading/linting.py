"""What a migration must not do while the released code still serves: first add, a release later take away.

Judged are the migrations after the newest release; before the first one nobody runs older code.
"""

from collections.abc import Iterator

from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.models import NOT_PROVIDED

from tests.house.ours import ROOMS

# App: its newest migration in the newest release. Filled when one is made.
RELEASED: dict[str, str] = {}
# "app.migration": why it may take something away that the released code does not use any more.
CONTRACTS: dict[str, str] = {}
TAKES_AWAY = {
    "RemoveField",
    "DeleteModel",
    "RenameField",
    "RenameModel",
    "AlterModelTable",
    "RemoveConstraint",
}
LARGE = {"reading", "event", "delivery", "achievement", "criterionprogress"}


def migrations() -> list[Migration]:
    found = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    assert found is not None
    return [migration for (app, _name), migration in sorted(found.items()) if app in ROOMS]


def is_new(migration: Migration) -> bool:
    newest = RELEASED.get(migration.app_label)
    return newest is not None and migration.name > newest


def faults(migration: Migration) -> Iterator[str]:
    """Why the released code could not go on beside the tables that this one leaves."""
    made = {op.name_lower for op in migration.operations if type(op).__name__ == "CreateModel"}
    for operation in migration.operations:
        fault = _fault(operation, made)
        if fault:
            yield f"{migration.app_label}.{migration.name}: {fault}"


def _fault(operation: Operation, made: set[str]) -> str:
    kind, model = type(operation).__name__, str(getattr(operation, "model_name_lower", ""))
    if kind in TAKES_AWAY:
        return f"{operation.describe()}: the released code may still use it"
    if model in made:
        return ""
    if kind == "AddField":
        field = operation.field  # type: ignore[attr-defined]
        if not (field.null or field.many_to_many or field.db_default is not NOT_PROVIDED):
            return f"{operation.describe()}: the released code inserts rows without it; give it a db_default"
    if kind == "AlterField" and not operation.field.null:  # type: ignore[attr-defined]
        return f"{operation.describe()}: say in CONTRACTS why what older code stores still fits"
    if kind == "AddConstraint" and model:
        return f"{operation.describe()}: what is stored, and what older code stores, may not fit"
    if kind == "AddIndex" and model in LARGE:
        return f"{operation.describe()}: writes wait for it on a large table; AddIndexConcurrently"
    return ""
