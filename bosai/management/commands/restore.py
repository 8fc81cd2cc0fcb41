"""Put a backup in the place of this installation. Stop Bosai first."""

from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bosai import backups
from bosai.lockfile import AlreadyRunningError, held


class Command(BaseCommand):
    help = "Restore a file of `backup`: verified, migrated to this version, its mail held."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--replace", action="store_true", help="also when there are organisations here already"
        )

    def handle(self, *args: Any, file: Path, replace: bool, **options: Any) -> None:
        try:
            with ExitStack() as stack:
                settings.STATE.mkdir(parents=True, exist_ok=True)
                stack.enter_context(held(settings.STATE / "bosai.lock", "this restore"))
                done = backups.restore(file, replace=replace, now=timezone.now())
        except AlreadyRunningError as other:
            raise CommandError(f"Bosai is {other}. Stop it first; nothing was changed.") from other
        except backups.NotEmpty as error:
            raise CommandError(
                "There are organisations here already. Nothing was changed. "
                "With --replace the backup takes their place."
            ) from error
        except backups.Unusable as error:
            raise CommandError(f"{file}: {error}.") from error
        said = done.manifest
        self.stdout.write(f"Restored {file}, made {said['made_at']} by Bosai {said['bosai']}:")
        for step in done.steps:
            self.stdout.write(f"  - {step}")
        self.stdout.write("Mail is held until an admin says go on the Status page. Everybody signs in anew.")
