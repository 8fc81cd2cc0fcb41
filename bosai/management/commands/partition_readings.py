"""Put readings into parts by organisation, or back into one table. As the owner, while nobody works."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection, transaction

from bosai import partitioning


class Command(BaseCommand):
    help = "Split the table of readings into parts by organisation (PostgreSQL), or make it one again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--parts", type=int, default=16, help="how many (16)")
        parser.add_argument("--undo", action="store_true", help="back into one table")

    def handle(self, *args: Any, parts: int, undo: bool, **options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("SQLite has no parts: there is nothing to do.")
        began = time.monotonic()
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                moved = partitioning.undo(cursor) if undo else partitioning.partition(cursor, parts=parts)
        except partitioning.Refused as refused:
            raise CommandError(str(refused)) from refused
        except OperationalError as error:
            said = "Somebody uses the readings and did not let go within ten seconds. Nothing was changed."
            raise CommandError(f"{said}\nStop Bosai, then type it again.\n{error}") from error
        where = "one table" if undo else f"{parts} parts"
        self.stdout.write(f"{moved:,} readings are in {where}, after {time.monotonic() - began:.1f} s.")
