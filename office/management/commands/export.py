"""Everything of one organisation as one zip, from the command line."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from office import exporting
from organisations import tenancy
from organisations.models import Organisation


class Command(BaseCommand):
    help = "Write everything of an organisation to one zip of CSV files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organisation", required=True, metavar="SLUG")
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        organisation = Organisation.objects.filter(slug=options["organisation"]).first()
        if organisation is None:
            raise CommandError(f"There is no organisation at /o/{options['organisation']}/.")
        if file.exists():
            raise CommandError(f"{file} is there already. Nothing was written.")
        now = timezone.now()
        file.touch(mode=0o600)
        with tenancy.within(organisation), file.open("wb") as target:
            organisation.log("exported", by=None, now=now)
            for piece in exporting.export(organisation, now=now):
                target.write(piece)
        self.stdout.write(f"{file}: everything of {organisation.name}, {file.stat().st_size:,} bytes")
