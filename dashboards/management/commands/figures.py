"""`figures`: the numbers of the Milestones page, for scripts."""

import json
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from dashboards.figures import Wish, figures
from milestones.models import Journey
from organisations import tenancy
from organisations.models import Organisation


class Command(BaseCommand):
    help = "Print a journey's figures: enrolled, achieved, verified, on time, late, contested, median with n."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organisation", required=True, metavar="SLUG")
        parser.add_argument("--journey", required=True, metavar="SLUG")
        parser.add_argument("--as-of", type=date.fromisoformat, metavar="YYYY-MM-DD", help="Default: today.")
        parser.add_argument("--with-variants", action="store_true", help="Who is on a variant counts too.")
        parser.add_argument("--json", action="store_true", help="As JSON instead of a table.")

    def handle(self, *args: Any, **options: Any) -> None:
        organisation = Organisation.objects.filter(slug=options["organisation"]).first()
        if organisation is None:
            raise CommandError(f"There is no organisation “{options['organisation']}”.")
        with tenancy.within(organisation):
            journey = Journey.objects.filter(slug=options["journey"]).first()
            if journey is None:
                known = ", ".join(Journey.objects.values_list("slug", flat=True)) or "none"
                raise CommandError(f"There is no journey “{options['journey']}”. There are: {known}.")
            as_of = options["as_of"] or timezone.now().astimezone(organisation.tzinfo).date()
            wish = Wish(organisation, journey, as_of, with_variants=options["with_variants"])
            found = figures(wish).as_json()
        self.stdout.write(json.dumps(found, indent=2) if options["json"] else _table(found))


def _table(found: dict[str, Any]) -> str:
    names = ["achieved", "verified", "on_time", "late", "not_yet_due", "contested", "median_days", "median_n"]
    lines = [f"{found['journey']} as of {found['as_of']}, enrolled {found['enrolled']}"]
    lines.append("  ".join([f"{'milestone':30}", *[f"{name:>11}" for name in names]]))
    for row in found["milestones"]:
        values = ["–" if row[name] is None else f"{row[name]:g}" for name in names]
        lines.append("  ".join([f"{row['name'][:30]:30}", *[f"{value:>11}" for value in values]]))
    return "\n".join(lines)
