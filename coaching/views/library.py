"""The library: what there is to send, found by words and filters; and the milestones without anything."""

from collections.abc import Iterator
from typing import Any

from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from coaching.forms.resources import LibraryForm
from coaching.gaps import needs_of, shelves
from coaching.models import ChallengeKind, Resource
from coaching.shelf import SHOW, Wish, every, page
from coaching.starters import starter_resources
from organisations.access import MemberRequest, member_required
from ui.htmx import render_page
from ui.spreadsheets import csv_response

HEADER = (
    "key", "title", "type", "summary", "stages", "challenges", "owner", "edition", "reviewed_at", "sent",
    "opened", "helped", "judged",
)  # fmt: skip


@require_safe
@member_required
def library(request: MemberRequest) -> HttpResponseBase:
    """A list with filters in the address, its CSV, and the way to write one."""
    form = LibraryForm(request.GET, kinds=ChallengeKind.objects.current().in_order())
    wish = form.wish()
    reader: dict[str, Any] = {"reader": request.user, "now": request.now}
    if request.GET.get("format") == "csv":
        return csv_response("library.csv", HEADER, _cells(wish, reader))
    found = page(wish, **reader, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    held = set(Resource.objects.values_list("key", flat=True))
    context = {
        "nav": "coaching",
        "form": form,
        "wish": wish,
        "lines": found.lines,
        "is_filtered": wish != Wish(),
        "is_empty": not held,
        "missing": len(starter_resources().keys() - held),
        "types": Resource.Type.choices,
        "shows": [(key, words, key == wish.show) for key, words in SHOW.items()],
        "earlier_url": _beside(request, before=found.earlier) if found.earlier else "",
        "later_url": _beside(request, after=found.later) if found.later else "",
    }
    return render_page(request, "coaching/library.html", context)


@require_safe
@member_required
def library_gaps(request: MemberRequest) -> HttpResponseBase:
    """Each milestone in force, and whether a resource looked through of late is there for its stage."""
    needs = needs_of(now=request.now, journey=request.GET.get("journey", "")[:60])
    context = {
        "nav": "coaching",
        "needs": needs,
        "shelves": shelves(request.now).values(),
        "in_all": sum(len(each.milestones) for each in needs),
        "gaps": sum(len(each.gaps) for each in needs),
        "is_filtered": "journey" in request.GET,
    }
    return render_page(request, "coaching/library_gaps.html", context)


def _cells(wish: Wish, reader: dict[str, Any]) -> Iterator[list[Any]]:
    for line in every(wish, **reader):
        row, edition = line.resource, line.edition
        yield [
            row.key, row.title, row.type, edition.summary if edition else "",
            " ".join(row.stages), " ".join(kind.key for kind in row.kinds),
            row.owner.name if row.owner else "", edition.number if edition else "",
            row.reviewed_at.isoformat() if row.reviewed_at else "",
            line.sent, line.opened, line.helped, line.judged,
        ]  # fmt: skip


def _beside(request: MemberRequest, **key: str) -> str:
    """The same list from another key on."""
    query = request.GET.copy()
    for name in ("after", "before", "format"):
        query.pop(name, None)
    query.update(key)
    return f"{request.path}?{query.urlencode()}"
