"""Nothing is served as a role that row-level security does not hold."""

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from organisations import roles

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_owner() -> Iterator[str]:
    """The role in DATABASE_URL, which owns the tables, for the rest of this transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute("SELECT current_user")
        yield cursor.fetchone()[0]
        cursor.execute(f"SET LOCAL ROLE {roles.APP_ROLE}")


@pytest.mark.postgres
def test_it_serves_as_the_role_behind_the_wall() -> None:
    roles.refuse_unsafe()


@pytest.mark.postgres
def test_it_refuses_the_owner_and_says_what_to_type(as_owner: str) -> None:
    with pytest.raises(roles.UnsafeRole) as refused:
        roles.refuse_unsafe()
    assert f"as {as_owner}, which owns" in str(refused.value)
    assert f"GRANT {roles.APP_ROLE} TO" in str(refused.value)


@pytest.mark.postgres
def test_it_makes_the_role_and_grants_again_without_harm(as_owner: str) -> None:
    out = StringIO()
    call_command("roles", stdout=out)
    assert out.getvalue() == f"Bosai serves as {roles.APP_ROLE}.\n"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege(%s, 'organisations_event', 'UPDATE'),"
            " has_table_privilege(%s, 'organisations_event', 'INSERT')",
            [roles.APP_ROLE, roles.APP_ROLE],
        )
        assert cursor.fetchone() == (False, True)


def test_it_prints_the_sql_it_would_run() -> None:
    out = StringIO()
    call_command("roles", "--print", stdout=out)
    if connection.vendor == "sqlite":
        assert out.getvalue() == "SQLite has no roles: nothing to do.\n"
    else:
        assert "CREATE ROLE bosai_app NOLOGIN NOSUPERUSER NOBYPASSRLS" in out.getvalue()
        assert "REVOKE UPDATE, DELETE ON organisations_event FROM bosai_app;" in out.getvalue()
