"""The board of a journey: who is where and how they are doing; and when somebody counts as stuck."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from customers.models import Segment
from dashboards.board.changing import Kind
from dashboards.board.limits import LimitsForm
from dashboards.board.reading import END, ON_A_PAGE, Board, Card, Wish
from dashboards.board.states import State
from dashboards.figures.kept import board_counts, busiest_first
from dashboards.views.milestones import RowOrNoneField
from milestones import pacing
from milestones.fits import family_of
from milestones.models import Journey
from organisations.access import (
    MemberRequest,
    colleagues,
    exports_from_replica,
    manager_required,
    member_required,
)
from ui.htmx import render_page
from ui.spreadsheets import csv_response


class BoardForm(forms.Form):
    """The filters of the address."""

    segment = RowOrNoneField(
        label=gettext_lazy("Segment"),
        to_field_name="slug",
        empty_label=gettext_lazy("Every segment"),
        none_label=gettext_lazy("No segment"),
    )
    owner = RowOrNoneField(
        label=gettext_lazy("CSM"),
        empty_label=gettext_lazy("Every CSM"),
        none_label=gettext_lazy("Nobody’s"),
    )
    state = forms.ChoiceField(
        label=gettext_lazy("How they are doing"),
        choices=[("", gettext_lazy("However they are doing")), *State.choices],
        required=False,
    )

    def __init__(self, request: MemberRequest, given: QueryDict | None = None) -> None:
        super().__init__(request.GET if given is None else given)
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"
        self.fields["segment"].queryset = Segment.objects.all()  # type: ignore[attr-defined]
        self.fields["owner"].queryset = colleagues(request.organisation)  # type: ignore[attr-defined]

    def wish(self, request: MemberRequest, journey: Journey) -> Wish | None:
        """The board asked for; None when the address asks for something that is not there."""
        if not self.is_valid():
            return None
        today = localdate(request.now, request.organisation.tzinfo)
        return Wish(request.organisation, journey, today, **self.cleaned_data)


@require_safe
@member_required
@exports_from_replica
def board(request: MemberRequest, journey: str) -> HttpResponseBase:
    """The columns; with `milestone` in the address one of them as a list, in pages."""
    chosen = get_object_or_404(Journey.objects.published(), slug=journey)
    form = BoardForm(request)
    wish = form.wish(request, chosen)
    found = Board(wish) if wish else None
    key = request.GET.get("milestone")
    if found and key is not None and key != END and key not in found.milestones:
        raise Http404
    if found and request.GET.get("format") == "csv":
        return csv_response(f"board-{chosen.slug}.csv", *_table(found, key))
    context: dict[str, Any] = {
        "nav": "milestones",
        "journey": chosen,
        "journeys": busiest_first(request.organisation),
        "form": form,
        "is_filtered": any(request.GET.get(name) for name in form.fields),
        "board": found,
        "kinds": _kinds(chosen) if request.membership.can_write else [],
        "query": request.GET.urlencode(),
    }
    if found:
        context["counts"] = counts = board_counts(found, now=request.now)
        context |= _columns(found, counts.by_key) if key is None else _list(request, found, key)
    return render_page(request, "dashboards/board.html", context)


def _kinds(journey: Journey) -> list[tuple[str, str]]:
    """What can be done with several; moving to what fits where there is more than one to fit."""
    without = [] if family_of(journey).variants else [Kind.VARIANT]
    return [(kind.value, str(kind.label)) for kind in Kind if kind not in without]


def _columns(found: Board, counts: dict[str, dict[str, int]]) -> dict[str, Any]:
    columns = found.columns(counts)
    return {"columns": columns, "is_empty": not any(column.cards for column in columns)}


def _list(request: MemberRequest, found: Board, key: str) -> dict[str, Any]:
    after = request.GET.get("after", "")
    cards, more = found.page(key, after=after, size=ON_A_PAGE)
    return {
        "cards": cards,
        "milestone": found.milestones.get(key),
        "pace": found.paces.get(key),
        "is_empty": not cards,
        "later_url": _from(request, cards[-1].key) if more else "",
        "first_url": _from(request, "") if after else "",
    }


def _from(request: MemberRequest, after: str) -> str:
    query = request.GET.copy()
    query["after"] = after
    return f"?{query.urlencode()}"


def _table(found: Board, key: str | None) -> tuple[list[str], Iterator[list[object]]]:
    header = [_("Their id"), _("Customer"), _("Segment"), _("CSM"), _("Next milestone"), _("State"), _("Why")]
    header += [_("Days without news"), _("Target"), _("Start"), _("Version"), _("Out of order")]
    keys = [*found.milestones, *([] if found.wish.state else [END])] if key is None else [key]
    return header, (_cells(card) for card in found.every(keys))


def _cells(card: Card) -> list[object]:
    row = card.enrolment
    return [
        row.customer.key,
        row.customer.name,
        row.customer.segment or "",
        row.customer.owner or "",
        card.milestone,
        card.standing.state.label if card.standing.state else "",
        card.standing.why,
        card.standing.days,
        row.due_on or "",
        row.started_on or "",
        row.version.number,
        _("yes") if card.is_out_of_order else "",
    ]


@manager_required
def limits(request: MemberRequest, journey: str) -> HttpResponseBase:
    """When somebody counts as stuck: what is learned, and what is set by hand."""
    chosen = get_object_or_404(Journey.objects.published(), slug=journey)
    today = localdate(request.now, request.organisation.tzinfo)
    found = Board(Wish(request.organisation, chosen, today))
    form = LimitsForm(request.POST if request.method == "POST" else None, board=found)
    if form.is_valid():
        changed = pacing.set_limits(journey=chosen, limits=form.limits, by=request.user, now=request.now)
        said = _("The limits are set; the board goes by them.") if changed else _("Nothing was changed.")
        messages.success(request, said)
        return redirect("dashboards:board", request.organisation.slug, chosen.slug)
    context = {"nav": "milestones", "journey": chosen, "form": form, "today": today}
    status = 422 if form.is_bound else 200
    return render_page(request, "dashboards/limits.html", context, status=status)
