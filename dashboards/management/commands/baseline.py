"""`baseline`: freeze how a journey stood on a day, or print the newest baseline."""

import json
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from dashboards.figures import baselines
from milestones.baselining import NotFrozen
from milestones.models import Journey
from organisations import tenancy
from organisations.models import Organisation


class Command(BaseCommand):
    help = "Freeze a journey's rates on a day, which never change afterwards; without --on, print the newest."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organisation", required=True, metavar="SLUG")
        parser.add_argument("--journey", required=True, metavar="SLUG")
        parser.add_argument("--on", type=date.fromisoformat, metavar="YYYY-MM-DD", help="Freeze this day.")

    def handle(self, *args: Any, **options: Any) -> None:
        organisation = Organisation.objects.filter(slug=options["organisation"]).first()
        if organisation is None:
            raise CommandError(f"There is no organisation “{options['organisation']}”.")
        with tenancy.within(organisation):
            journey = Journey.objects.published().filter(slug=options["journey"]).first()
            if journey is None:
                known = ", ".join(Journey.objects.published().values_list("slug", flat=True)) or "none"
                raise CommandError(f"No published journey is “{options['journey']}”. There are: {known}.")
            if options["on"]:
                self._freeze(organisation, journey, options["on"])
            newest = baselines.newest(journey)
            if newest is None:
                raise CommandError("This journey has no baseline yet. --on YYYY-MM-DD freezes one.")
            self.stdout.write(json.dumps(baselines.as_json(newest), indent=2, ensure_ascii=False))

    def _freeze(self, organisation: Organisation, journey: Journey, on: date) -> None:
        try:
            baselines.freeze(organisation=organisation, journey=journey, on=on, by=None, now=timezone.now())
        except NotFrozen as error:
            raise CommandError(str(error)) from None
