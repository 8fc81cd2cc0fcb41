"""Which tables a backup holds, and how far their schema had come."""

from django.apps import apps
from django.db import connection, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from bosai.backups.archive import Unusable
from organisations import walls

# Made anew by `migrate`, or, for sessions, better not carried about: whoever holds one is signed in.
LEFT_OUT = {"django_migrations", "django_content_type", "auth_permission", "organisations_session"}


def kept() -> list[type[models.Model]]:
    found = apps.get_models(include_auto_created=True)
    return [model for model in found if model._meta.managed and model._meta.db_table not in LEFT_OUT]


def has_organisation(table: str) -> bool:
    """Whether its rows stand behind an organisation's wall."""
    return table not in walls.OUTSIDE


def migrations() -> list[list[str]]:
    return sorted([app, name] for app, name in MigrationRecorder(connection).applied_migrations())


def refuse_newer(applied: list[list[str]]) -> None:
    """Raises Unusable when this version does not know how that database was made."""
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations or {}
    ours = {app for app, _name in known}
    unknown = [f"{app}.{name}" for app, name in applied if app in ours and (app, name) not in known]
    if unknown:
        raise Unusable(f"it was made by a newer Bosai than this one ({unknown[0]}): update Bosai first")
