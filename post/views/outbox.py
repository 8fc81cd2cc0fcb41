"""The outbox: every mail that left, waits, or did not leave, and why."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from organisations.access import MemberRequest, member_required
from post.forms import FilterForm
from post.outbox import COUNTED, GROUPS, Wish, counts, every, page
from post.sights import Sight, obstacle
from ui.htmx import render_page
from ui.spreadsheets import csv_response

CSV_HEADER = [
    *("address", "purpose", "subject", "state", "reason", "created_at", "due_at", "sent_at"),
    *("attempts", "message_id"),
]


@require_safe
@member_required
def outbox(request: MemberRequest) -> HttpResponseBase:
    form = FilterForm(request.GET)
    wish = form.wish()
    if request.GET.get("format") == "csv":
        return csv_response("outbox.csv", CSV_HEADER, _cells(wish))
    found = page(wish, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    context = {
        "nav": "outbox",
        "form": form,
        "wish": wish,
        "rows": [Sight(row, request.membership, request.now) for row in found.rows],
        "chips": _chips(wish),
        "is_filtered": wish != Wish(),
        "shows_holds": wish in (Wish(), Wish(group="waiting")) and not found.earlier,
        "obstacle": obstacle(),
        "mail_from": settings.MAIL_FROM,
        "earlier_url": _beside(request, before=found.earlier) if found.earlier else "",
        "later_url": _beside(request, after=found.later) if found.later else "",
    }
    return render_page(request, "post/outbox.html", context)


def _chips(wish: Wish) -> list[dict[str, Any]]:
    counted = counts()
    return [
        {
            "group": group,
            "words": words,
            "is_on": group == wish.group,
            "count": _capped(counted.get(group, 0)),
        }
        for group, words in GROUPS.items()
    ]


def _capped(count: int) -> str:
    if not count:
        return ""
    return str(count) if count <= COUNTED else f"{COUNTED}+"


def _cells(wish: Wish) -> Iterator[list[object]]:
    for row in every(wish):
        times = [at.isoformat() if at else "" for at in (row.created_at, row.due_at, row.sent_at)]
        said = [row.address, row.purpose, row.subject, row.state, row.reason]
        yield [*said, *times, row.attempts, row.message_id]


def _beside(request: MemberRequest, **key: str) -> str:
    """The same list from another key on."""
    query = request.GET.copy()
    for name in ("after", "before", "format"):
        query.pop(name, None)
    query.update(key)
    return f"{request.path}?{query.urlencode()}"
