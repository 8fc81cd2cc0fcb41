"""Works out anew what lists read of enrolments, from achievements, starts and pauses; nothing else."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from milestones.rebuilding import rebuild
from organisations import tenancy
from organisations.models import Organisation


class Command(BaseCommand):
    help = "Work out anew where enrolments stand, and say how many stood elsewhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organisation", metavar="SLUG", help="this one (else all)")

    def handle(self, *args: Any, organisation: str | None, **options: Any) -> None:
        rows = Organisation.objects.order_by("slug")
        chosen = list(rows.filter(slug=organisation) if organisation else rows)
        if organisation and not chosen:
            raise CommandError(f"There is no organisation {organisation}.")
        for each in chosen:
            looked_at, put_right = self._whole(each)
            self.stdout.write(f"{each.slug}: {looked_at} enrolments looked at, {put_right} put right.")

    def _whole(self, organisation: Organisation) -> tuple[int, int]:
        looked_at, put_right = 0, 0
        last: int | None = 0
        while last is not None:
            with tenancy.within(organisation):
                part = rebuild(organisation=organisation, after=last)
            looked_at, put_right, last = looked_at + part.looked_at, put_right + part.put_right, part.last
        return looked_at, put_right
