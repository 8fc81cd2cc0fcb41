"""Everything as one file, while Bosai runs. Keep it where only you can read it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bosai import backups


class Command(BaseCommand):
    help = "Write the database and the files people brought to one file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--with-secret-key",
            action="store_true",
            help="put the key in that signs sessions and links: whoever has it can make them",
        )

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        if file.exists():
            raise CommandError(f"{file} is there already. Nothing was written.")
        if not file.absolute().parent.is_dir():
            raise CommandError(f"There is no folder {file.absolute().parent}.")
        done = backups.keep(file, now=timezone.now(), with_key=options["with_secret_key"])
        size = f"{done.bytes / 1_000_000:,.1f} MB"
        self.stdout.write(
            f"{file}: {size}, {done.organisations} organisations, {done.rows:,} rows, {done.files:,} files"
        )
        key = "It holds the secret key." if done.has_key else "The secret key is not in it."
        self.stdout.write(f"{key} Nobody is signed in by it.")
