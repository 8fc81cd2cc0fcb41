"""Django's migrate, as an upgrade beside people at work needs it.

It looks at the installation before it changes anything, and it never stands in a queue for a lock: on
PostgreSQL everybody who comes after would wait behind it. After two seconds it steps back and tries again.
"""

import time
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import OperationalError, connections

from bosai import checks, starting

LOCK_TIMEOUT = "2s"
TRIES, PAUSE_SECONDS = 5, 3.0
LOCK_NOT_AVAILABLE = "55P03"


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        starting.refuse_unsafe(checks.START)
        connection = connections[options["database"]]
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, false)", [LOCK_TIMEOUT])
        for left in reversed(range(TRIES)):
            try:
                super().handle(*args, **options)
                return
            except OperationalError as error:
                if getattr(error.__cause__, "sqlstate", "") != LOCK_NOT_AVAILABLE:
                    raise
                if not left:
                    raise CommandError(GIVEN_UP) from error
            self.stderr.write(f"Somebody holds a lock; stepped back, {left} more tries.")
            time.sleep(PAUSE_SECONDS)


GIVEN_UP = f"""Somebody has held a lock for longer than {LOCK_TIMEOUT}, every time.
Finished migrations stay, the one that waited is undone. See who it is, then migrate again:
    SELECT pid, state, now() - xact_start AS since, query FROM pg_stat_activity ORDER BY xact_start;
    ./run manage migrate"""
