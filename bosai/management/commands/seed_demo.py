"""The demo's organisations, made once. `./run demo` calls this before it starts."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bosai.demo import seeding


class Command(BaseCommand):
    help = "Fill an empty database with the demo's organisations. Done before: nothing changes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--customers", type=int, help="only so many of the customers, for a quick look")
        parser.add_argument(
            "--crowd", type=int, help="so many where it is crowded; 2,000, with --customers none"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.MODE == "live":
            raise CommandError("The demo has a place of its own: start it with ./run demo")
        began = time.monotonic()
        self.stdout.write("Making the demo: 60 customers over 18 months, and a crowd. Under a minute, once.")
        try:
            is_new = seeding.seed(now=timezone.now(), customers=options["customers"], crowd=options["crowd"])
        except seeding.RealOrganisation as real:
            raise CommandError(
                f"There is a real organisation in this database: {real.organisation}. Nothing was changed. "
                "The demo needs a database of its own; without DATABASE_URL it makes one."
            ) from real
        seconds = time.monotonic() - began
        self.stdout.write(f"The demo is ready ({seconds:.0f} s)." if is_new else "The demo is there already.")
