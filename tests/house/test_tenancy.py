"""Every row belongs to one organisation, says so, and on PostgreSQL stands behind its wall."""

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.migrations.loader import MigrationLoader

from organisations import walls
from organisations.tenancy import TenantManager, TenantModel
from tests.house.ours import ROOMS

OURS = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in ROOMS]
INSIDE = [model for model in OURS if model._meta.db_table not in walls.OUTSIDE]
# Tables without the manager that refuses a query outside `within`, each with the reason.
UNMANAGED = dict.fromkeys(
    ("post_due", "post_webhook_due"),
    "the post loop reads it across organisations: ids and times, nothing else",
)

# Columns that are unique by themselves, each with the reason.
ALONE = {
    "coaching.Touchpoint.call": "one to one with a call, which is a row of the same organisation",
    "advocacy.Advocate.contact": "one to one with a contact, which is a row of the same organisation",
}


def named(model: type[models.Model]) -> str:
    return model._meta.label


@pytest.mark.parametrize("model", INSIDE, ids=named)
def test_a_row_belongs_to_an_organisation_and_cannot_do_without(model: type[models.Model]) -> None:
    field = model._meta.get_field("organisation")
    assert not field.null
    assert field.remote_field.on_delete is models.CASCADE


@pytest.mark.parametrize("model", INSIDE, ids=named)
def test_a_query_begins_at_the_organisation(model: type[models.Model]) -> None:
    if model._meta.db_table in UNMANAGED:
        return
    assert issubclass(model, TenantModel)
    assert isinstance(model._meta.default_manager, TenantManager)
    assert isinstance(model._meta.base_manager, TenantManager | models.Manager)


@pytest.mark.parametrize("model", INSIDE, ids=named)
def test_what_is_unique_is_unique_within_the_organisation(model: type[models.Model]) -> None:
    """Else one organisation could tell by a refusal what another one has."""
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            first = constraint.fields[0] if constraint.fields else constraint.expressions[0].name  # type: ignore[union-attr]
            assert first == "organisation", constraint.name
    assert not model._meta.unique_together
    alone = {str(field) for field in model._meta.local_fields if field.unique and not field.primary_key}
    assert alone - ALONE.keys() == set()


@pytest.mark.parametrize("model", INSIDE, ids=named)
def test_an_index_begins_at_the_organisation(model: type[models.Model]) -> None:
    """All but the one that serves the post loop, which looks across organisations."""
    for index in model._meta.indexes:
        assert index.fields[0] == "organisation" or index.name in (
            "post_due_soonest",
            "webhook_due_soonest",
        ), index.name


def test_every_table_is_walled_in_by_a_migration_or_stands_outside_with_a_reason() -> None:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    secured = {
        apps.get_model(app, name)._meta.db_table
        for (app, _name), migration in loader.disk_migrations.items()
        for operation in migration.operations
        if isinstance(operation, walls.Secure)
        for name in operation.models
    }
    everything = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    assert everything - secured - walls.OUTSIDE.keys() == set()
    assert secured & walls.OUTSIDE.keys() == set()


def test_the_list_of_tables_outside_is_short_and_says_why() -> None:
    assert all(reason for reason in walls.OUTSIDE.values())
    known = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    assert walls.OUTSIDE.keys() - known - {"django_migrations"} == set()


POLICIES = """
    SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity,
           coalesce(p.qual, '') || coalesce(p.with_check, '')
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_policies p ON p.schemaname = n.nspname AND p.tablename = c.relname
         AND p.policyname = 'own_organisation'
    WHERE n.nspname = 'public' AND c.relkind = 'r'
"""


@pytest.mark.postgres
@pytest.mark.django_db
def test_every_table_inside_forces_row_level_security_on_everybody() -> None:
    with connection.cursor() as cursor:
        cursor.execute(POLICIES)
        inside = [row for row in cursor.fetchall() if row[0] not in walls.OUTSIDE]
    assert inside
    assert [name for name, is_forced, _policy in inside if not is_forced] == []
    assert [name for name, _is_forced, policy in inside if policy.count("bosai.organisation") != 2] == []


@pytest.mark.postgres
@pytest.mark.django_db
def test_nobody_who_runs_the_product_can_climb_over_the_wall() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (walls.APP_ROLE, False, False)
        cursor.execute("SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = current_user")
        assert cursor.fetchone() == (0,)


UNIQUE = """
    SELECT c.relname, i.relname, a.attname
    FROM pg_index x
    JOIN pg_class c ON c.oid = x.indrelid
    JOIN pg_class i ON i.oid = x.indexrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
    LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = x.indkey[0]
    WHERE x.indisunique AND NOT x.indisprimary
"""


@pytest.mark.postgres
@pytest.mark.django_db
def test_nothing_in_the_database_is_unique_across_organisations() -> None:
    """Asked of PostgreSQL itself: an index made by hand counts too."""
    with connection.cursor() as cursor:
        cursor.execute(UNIQUE)
        rows = [row for row in cursor.fetchall() if row[0] not in walls.OUTSIDE]
    assert len(rows) > 20
    explained = {("coaching_touchpoint", "call_id"), ("advocacy_advocate", "contact_id")}  # as in ALONE
    assert {(table, first) for table, _name, first in rows if first != "organisation_id"} == explained


@pytest.mark.postgres
@pytest.mark.django_db
def test_one_policy_stands_before_every_table_and_one_more_before_the_thin_ones() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename, policyname, cmd, permissive FROM pg_policies WHERE schemaname = 'public'"
        )
        policies = set(cursor.fetchall())
    own = {(model._meta.db_table, "own_organisation", "ALL", "PERMISSIVE") for model in INSIDE}
    assert policies == own | {(thin, "dispatch", "SELECT", "PERMISSIVE") for thin in UNMANAGED}
