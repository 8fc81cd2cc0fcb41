"""The second wall, on PostgreSQL only: forced row-level security, and the role that lives behind it.

Migrations secure their tables with `Secure("customer", …)`. SQLite has no second wall: trust who shares it.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

APP_ROLE = "bosai_app"
APPEND_ONLY = (
    "organisations_event",
    "organisations_seal",
    "milestones_baseline",
    "milestones_baselinerate",
)

# Tables without an organisation's wall, each with the reason.
OUTSIDE = {
    "organisations_organisation": "read to find out which organisation a request is for",
    "organisations_user": "one person may belong to several organisations",
    "organisations_membership": "read to choose the organisation after sign-in; holds ids and a role",
    "organisations_session": "opened before we know who asks",
    "organisations_attempts": "counted before we know who asks; keys are hashes",
    "mfa_authenticator": "sign-in, per person; secrets are encrypted",
    "django_migrations": "belongs to the schema",
    "django_content_type": "belongs to the schema",
    "auth_permission": "belongs to the schema",
    "auth_group": "unused, belongs to the framework",
    "auth_group_permissions": "unused, belongs to the framework",
    "post_installation": "one row about the database itself: its key and a count",
    "post_heartbeat": "when each process of the installation last said that it lives",
    "account_emailaddress": "sign-in, per person",
    "account_emailconfirmation": "sign-in, per person",
}

_INSIDE = "organisation_id = nullif(current_setting('bosai.organisation', true), '')::bigint"


def own_organisation(table: str) -> list[str]:
    """SQL that puts a table's rows behind their organisation's wall, for the owner as well."""
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY own_organisation ON {table} USING ({_INSIDE}) WITH CHECK ({_INSIDE})",
    ]


class Secure(Operation):
    """Force row-level security on the tables of these models of the migration's app."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, *models: str, dispatch: bool = False) -> None:
        """`dispatch` also lets the post loop read the table across organisations (ids and times only)."""
        self.models = models
        self.dispatch = dispatch

    def deconstruct(self) -> tuple[str, list[str], dict[str, bool]]:
        return self.__class__.__name__, list(self.models), {"dispatch": self.dispatch}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        pass

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for table in self._tables(app_label, schema_editor, to_state):
            for statement in own_organisation(table):
                schema_editor.execute(statement)
            if self.dispatch:
                schema_editor.execute(
                    f"CREATE POLICY dispatch ON {table} FOR SELECT "
                    "USING (current_setting('bosai.dispatch', true) = 'on')"
                )

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for table in self._tables(app_label, schema_editor, from_state):
            schema_editor.execute(f"DROP POLICY IF EXISTS own_organisation ON {table}")
            schema_editor.execute(f"DROP POLICY IF EXISTS dispatch ON {table}")
            schema_editor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
            schema_editor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")

    def _tables(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, state: ProjectState
    ) -> Iterator[str]:
        if schema_editor.connection.vendor != "postgresql":
            return
        for model in self.models:
            yield schema_editor.quote_name(state.apps.get_model(app_label, model)._meta.db_table)

    def describe(self) -> str:
        return f"Row-level security for {', '.join(self.models)}"


def grants(role: str = APP_ROLE, *, truncate: bool = False) -> list[str]:
    """SQL that lets the run-time role work and no more: it owns nothing and cannot rewrite the log."""
    rights = "SELECT, INSERT, UPDATE, DELETE" + (", TRUNCATE" if truncate else "")
    statements = [
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"GRANT {rights} ON ALL TABLES IN SCHEMA public TO {role}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}",
    ]
    statements += [f"REVOKE UPDATE, DELETE ON {table} FROM {role}" for table in APPEND_ONLY]
    return statements


def for_each_organisation(step: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    """Wrap a data migration's step(apps, organisation): behind the forced wall even the owner sees 0 rows."""
    from organisations.tenancy import within

    def run(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
        for organisation in apps.get_model("organisations", "Organisation").objects.all():
            with within(organisation):
                step(apps, organisation)

    return run
