"""How challenges end: resolution rate and time by kind, with what each number means."""

from collections.abc import Iterator
from typing import Any

from django.http.response import HttpResponseBase
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from dashboards.figures.challenges import DEFINITIONS, FEWEST, KindFigures, challenge_figures
from organisations.access import MemberRequest, member_required, reads_replica
from ui.htmx import render_page
from ui.spreadsheets import csv_response

TERMS = {
    "opened": gettext_lazy("Opened"),
    "resolved": gettext_lazy("Resolved"),
    "given_up": gettext_lazy("Given up"),
    "left": gettext_lazy("Customer left"),
    "open": gettext_lazy("Still open"),
    "share": gettext_lazy("Share resolved"),
    "interval": gettext_lazy("Interval"),
    "median": gettext_lazy("Half resolved by day"),
}
COLUMNS = (
    "challenge", "opened", "resolved", "given_up", "customer_left", "open", "share", "share_low",
    "share_high", "median_days", "median_low", "median_high",
)  # fmt: skip


@require_safe
@member_required
@reads_replica
def challenges(request: MemberRequest) -> HttpResponseBase:
    found = challenge_figures(request.organisation, today=localtime(request.now).date())
    if request.GET.get("format") == "csv":
        return csv_response("challenges.csv", COLUMNS, _lines([*found.kinds, found.all]))
    context = {
        "nav": "coaching",
        "found": found,
        "terms": [(str(words), DEFINITIONS[name]) for name, words in TERMS.items()],
        "fewest": FEWEST,
    }
    return render_page(request, "dashboards/challenges.html", context)


def _lines(figures: list[KindFigures]) -> Iterator[list[Any]]:
    for one in figures:
        share, half = one.share, one.half
        yield [
            one.kind.name if one.kind else _("all"),
            one.opened, one.resolved, one.given_up, one.left, one.open,
            *((share.share, share.low, share.high) if share else (None, None, None)),
            *((half.day, half.low, half.high) if half else (None, None, None)),
        ]  # fmt: skip
