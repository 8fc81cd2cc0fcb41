"""What helps: which resources are followed by a milestone, with the rows behind each number."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from coaching.models import Resource
from customers.models import Customer
from dashboards.figures.resources import (
    DAYS,
    DEFINITIONS,
    FEWEST,
    USUAL,
    ResourceFigures,
    Row,
    base_rates,
    ranking,
    rows_of,
)
from milestones.models import Milestone
from organisations.access import MemberRequest, member_required, reads_replica
from ui.addresses import whole_number
from ui.htmx import render_page
from ui.spreadsheets import csv_response

TERMS = {
    "customers": gettext_lazy("Customers"),
    "running": gettext_lazy("Still running"),
    "apart": gettext_lazy("Nothing ahead"),
    "reached": gettext_lazy("Reached a milestone"),
    "share": gettext_lazy("Share"),
    "interval": gettext_lazy("Interval"),
    "anyway": gettext_lazy("Anyway"),
    "helped": gettext_lazy("Helped"),
}
COLUMNS = (
    "resource", "days", "customers", "still_running", "nothing_ahead", "n", "reached", "share", "share_low",
    "share_high", "anyway", "opened", "helped", "judged",
)  # fmt: skip
ROW_COLUMNS = ("customer", "sent_at", "counts", "milestone", "reached_at", "days")


@require_safe
@member_required
@reads_replica
def resource_figures(request: MemberRequest) -> HttpResponseBase:
    days = _days(request)
    found = ranking(organisation=request.organisation, now=request.now, days=days)
    if request.GET.get("format") == "csv":
        lines = (_cells(one, days) for one in [*found.resources, found.all])
        return csv_response("what-helps.csv", COLUMNS, lines)
    context = {
        "nav": "coaching",
        "found": found,
        "days": days,
        "choices": DAYS,
        "fewest": FEWEST,
        "stages": [(stage, found.base[stage]) for stage in Milestone.Stage],
        "terms": [(str(words), DEFINITIONS[name]) for name, words in TERMS.items()],
    }
    return render_page(request, "dashboards/resource_figures.html", context)


@require_safe
@member_required
@reads_replica
def resource_rows(request: MemberRequest, pk: int) -> HttpResponseBase:
    """The customers behind one resource's numbers."""
    resource = Resource.objects.published().filter(pk=pk).first()
    if resource is None:
        raise Http404
    days = _days(request)
    rows = rows_of(now=request.now, days=days, resource=resource)
    base = base_rates(request.organisation, now=request.now, days=days)
    names = dict(Customer.objects.filter(pk__in={row.customer_id for row in rows}).values_list("pk", "name"))
    if request.GET.get("format") == "csv":
        return csv_response("what-came-of-it.csv", ROW_COLUMNS, _row_cells(rows, names))
    context = {
        "nav": "coaching",
        "resource": resource,
        "one": ResourceFigures(resource, rows, base),
        "rows": [(row, names.get(row.customer_id, "")) for row in rows[:200]],
        "days": days,
        "choices": DAYS,
        "fewest": FEWEST,
    }
    return render_page(request, "dashboards/resource_rows.html", context)


def _days(request: MemberRequest) -> int:
    days = whole_number(request.GET.get("days", ""))
    return days if days in DAYS else USUAL


def _cells(one: ResourceFigures, days: int) -> list[Any]:
    share = one.share
    bounds = (share.share, share.low, share.high) if share else (None, None, None)
    name = one.resource.title if one.resource else _("all")
    counts = (name, days, one.customers, one.running, one.apart, one.n, one.reached)
    return [*counts, *bounds, one.anyway, one.opened, one.helped, one.judged]


def _row_cells(rows: list[Row], names: dict[int, str]) -> Iterator[list[Any]]:
    for row in rows:
        reached = row.reached_at.isoformat() if row.reached_at else None
        yield [
            names.get(row.customer_id, ""),
            row.at.isoformat(),
            row.counts,
            row.milestone,
            reached,
            row.days,
        ]
