"""`timelines`: how long a journey's milestones take, for scripts."""

import json
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from dashboards.figures import Wish
from dashboards.figures.comparing import comparisons
from dashboards.figures.timelines import curve_json, timelines
from milestones.models import Journey
from organisations import tenancy
from organisations.models import Organisation


class Command(BaseCommand):
    help = (
        "Print how long a journey's milestones take: median, 75th, 90th with intervals, n, the slowest step."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organisation", required=True, metavar="SLUG")
        parser.add_argument("--journey", required=True, metavar="SLUG")
        parser.add_argument("--milestone", metavar="KEY", help="This one alone, with its curve and groups.")
        parser.add_argument("--as-of", type=date.fromisoformat, metavar="YYYY-MM-DD", help="Default: today.")
        parser.add_argument("--since", type=date.fromisoformat, metavar="YYYY-MM-DD", help="Set out since.")
        parser.add_argument("--json", action="store_true", help="As JSON instead of a table.")

    def handle(self, *args: Any, **options: Any) -> None:
        organisation = Organisation.objects.filter(slug=options["organisation"]).first()
        if organisation is None:
            raise CommandError(f"There is no organisation “{options['organisation']}”.")
        with tenancy.within(organisation):
            journey = Journey.objects.published().filter(slug=options["journey"]).first()
            if journey is None:
                known = ", ".join(Journey.objects.published().values_list("slug", flat=True)) or "none"
                raise CommandError(f"No published journey is “{options['journey']}”. There are: {known}.")
            as_of = options["as_of"] or timezone.now().astimezone(organisation.tzinfo).date()
            found = _found(Wish(organisation, journey, as_of, since=options["since"]), options["milestone"])
        text = json.dumps(found, indent=2, ensure_ascii=False) if options["json"] else _table(found)
        self.stdout.write(text)


def _found(wish: Wish, key: str | None) -> dict[str, Any]:
    keys = [milestone.key for milestone in wish.milestones]
    if key and key not in keys:
        raise CommandError(f"No milestone of this journey is “{key}”. There are: {', '.join(keys)}.")
    counted = timelines(wish, key=key)
    found = counted.as_json()
    if key:
        found["milestones"][0]["curve"] = curve_json(counted.milestones[0].curve)
        found["milestones"][0]["comparisons"] = [one.as_json() for one in comparisons(wish, key)]
    return found


def _table(found: dict[str, Any]) -> str:
    names = ["n", "reached", "left", "on_the_way", "median", "p75", "p90", "target_days"]
    lines = [f"{found['journey']} as of {found['as_of']}, days from the start (95 % interval)"]
    lines.append("  ".join([f"{'milestone':30}", *[f"{name:>13}" for name in names]]))
    for row in found["milestones"]:
        values = [_words(row[name]) for name in names]
        lines.append("  ".join([f"{row['name'][:30]:30}", *[f"{value:>13}" for value in values]]))
    if slowest := found["slowest_step"]:
        doubt = "" if slowest["is_certain"] else f"; “{slowest['second']}” may take as long"
        lines.append(f"slowest step: to “{slowest['key']}”{doubt}")
    return "\n".join(lines)


def _words(value: Any) -> str:
    if not isinstance(value, dict):
        return "–" if value is None else str(value)
    day, low, high = (value[name] for name in ("days", "low", "high"))
    return "not reached" if day is None else f"{day} ({_words(low)} to {_words(high)})"
