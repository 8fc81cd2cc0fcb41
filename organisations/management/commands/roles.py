"""Make PostgreSQL's run-time role and grant it what it needs. Safe to repeat; run it after `migrate`."""

from argparse import ArgumentParser
from contextlib import suppress
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError, connection, transaction

from organisations import roles


class Command(BaseCommand):
    help = "Make the database role Bosai serves as (bosai_app) and grant it what it needs."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--print", action="store_true", dest="only_print", help="print the SQL, run nothing"
        )

    def handle(self, *args: Any, only_print: bool, **options: Any) -> None:
        if connection.vendor != "postgresql":
            self.stdout.write("SQLite has no roles: nothing to do.")
            return
        statements = [*roles.setup_sql(connection.settings_dict["USER"]), *roles.grant_sql()]
        if only_print:
            self.stdout.write("\n".join(f"{statement};" for statement in statements))
            return
        try:
            with transaction.atomic():
                self._make(connection.settings_dict["USER"])
        except (ProgrammingError, roles.UnsafeRole) as error:
            typed = "\n".join(f"    {statement};" for statement in statements)
            raise CommandError(f"{error}\nAs a superuser of this database, type:\n{typed}") from error
        self.stdout.write(f"Bosai serves as {roles.APP_ROLE}.")

    def _make(self, owner: str) -> None:
        with connection.cursor() as cursor:
            for statement in roles.setup_sql(owner):
                # An owner who may not do this may have been given the role already: using it decides.
                with suppress(ProgrammingError), transaction.atomic():
                    cursor.execute(statement)
            for statement in roles.grant_sql():
                cursor.execute(statement)
            cursor.execute(f"SET LOCAL ROLE {roles.APP_ROLE}")
            roles.refuse_unsafe()
