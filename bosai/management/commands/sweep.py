"""One round of everything that is due, for a machine without the post loop, or for looking at it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bosai import rounds


class Command(BaseCommand):
    help = "Run one round of everything that is due and print how much each step did."

    def handle(self, *args: Any, **options: Any) -> None:
        counts = rounds.run(rounds.SWEEP, now=timezone.now())
        for name, count in counts.items():
            self.stdout.write(f"{name:16} {'failed, see the log' if count is None else count}")
        if None in counts.values():
            raise CommandError("not every step worked")
