"""How referrals go: by advocate, by milestone, and how many customers bring somebody."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboards.figures.referrals import TERMS, Row, funnel
from organisations.access import MemberRequest, member_required, reads_replica
from ui.htmx import render_page
from ui.spreadsheets import csv_response

SHOWN = 100


@require_safe
@member_required
@reads_replica
def referral_figures(request: MemberRequest) -> HttpResponseBase:
    found = funnel(request.organisation, now=request.now)
    if request.GET.get("format") == "csv":
        return csv_response(f"{request.organisation.slug}-referrals.csv", _head(), _lines(found))
    context = {
        "nav": "advocacy",
        "section": "funnel",
        "found": found,
        "tables": [
            (_("By advocate"), "advocates", found.by_advocate[:SHOWN]),
            (_("By milestone"), "milestones", found.by_milestone[:SHOWN]),
        ],
        "terms": TERMS,
        "words": {"brings": TERMS[4][1], "among_new": TERMS[5][1]},
    }
    return render_page(request, "dashboards/referral_figures.html", context)


def _head() -> list[str]:
    return ["by", "name", "customer", "opened", "wrote", "qualified", "won", "lost", "worth"]


def _lines(found: Any) -> Iterator[list[Any]]:
    for by, rows in (
        ("advocate", found.by_advocate),
        ("milestone", found.by_milestone),
        ("all", [found.all]),
    ):
        for row in rows:
            yield [by, *_cells(row)]


def _cells(row: Row) -> list[Any]:
    opened = "" if row.opened is None else row.opened
    return [row.name, row.about, opened, row.wrote, row.qualified, row.won, row.lost, row.worth]
