"""Milestones for the manager: how many reach them, in time, verified; each number opens its customers."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from customers.models import Segment
from dashboards.figures import Figures, Wish, behind, figures
from dashboards.figures.kept import busiest_first, report
from milestones.models import Journey
from organisations.access import MemberRequest, colleagues, member_required
from ui.htmx import render_page
from ui.spreadsheets import csv_response

PERIODS = {
    "all": gettext_lazy("Since the beginning"),
    "month": gettext_lazy("This month"),
    "quarter": gettext_lazy("This quarter"),
    "year": gettext_lazy("This year"),
    "days90": gettext_lazy("Last 90 days"),
    "days365": gettext_lazy("Last 365 days"),
}
KIND_WORDS = {
    "enrolled": gettext_lazy("enrolled"),
    "achieved": gettext_lazy("achieved"),
    "verified": gettext_lazy("verified by the customer"),
    "on_time": gettext_lazy("achieved on time"),
    "late": gettext_lazy("late"),
    "not_yet_due": gettext_lazy("not yet due"),
    "contested": gettext_lazy("contested"),
}


class WishForm(forms.Form):
    """The filters of the address."""

    journey: "forms.ModelChoiceField[Any]" = forms.ModelChoiceField(
        queryset=None, to_field_name="slug", label=gettext_lazy("Journey"), empty_label=None
    )
    period = forms.ChoiceField(choices=list(PERIODS.items()), label=gettext_lazy("Period"), required=False)
    as_of = forms.DateField(
        label=gettext_lazy("As of"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    segment: "forms.ModelChoiceField[Any]" = forms.ModelChoiceField(
        queryset=None,
        label=gettext_lazy("Segment"),
        required=False,
        to_field_name="slug",
        empty_label=gettext_lazy("Every segment"),
    )
    owner: "forms.ModelChoiceField[Any]" = forms.ModelChoiceField(
        queryset=None, label=gettext_lazy("CSM"), required=False, empty_label=gettext_lazy("Every CSM")
    )
    verified = forms.BooleanField(label=gettext_lazy("Verified only"), required=False)

    def __init__(self, request: MemberRequest, journeys: list[Journey]) -> None:
        given = request.GET.copy()
        if "journey" not in given and journeys:
            given["journey"] = journeys[0].slug
        super().__init__(given)
        for name, field in self.fields.items():
            if name != "verified":
                field.widget.attrs["class"] = "input"
        self.fields["journey"].queryset = Journey.objects.published()  # type: ignore[attr-defined]
        self.fields["segment"].queryset = Segment.objects.all()  # type: ignore[attr-defined]
        self.fields["owner"].queryset = colleagues(request.organisation)  # type: ignore[attr-defined]

    def wish(self, request: MemberRequest) -> Wish | None:
        """The question asked; None when the address asks for something that is not there."""
        if not self.is_valid():
            return None
        given = self.cleaned_data
        as_of = given["as_of"] or localdate(request.now, request.organisation.tzinfo)
        return Wish(
            organisation=request.organisation,
            journey=given["journey"],
            as_of=as_of,
            since=begins(given["period"], as_of),
            segment=given["segment"],
            owner=given["owner"],
        )


def begins(period: str, as_of: date) -> date | None:
    """The first day of a period that ends on `as_of`; none when it has no beginning."""
    quarter = as_of.replace(month=(as_of.month - 1) // 3 * 3 + 1, day=1)
    starts = {
        "month": as_of.replace(day=1),
        "quarter": quarter,
        "year": as_of.replace(month=1, day=1),
        "days90": as_of - timedelta(days=89),
        "days365": as_of - timedelta(days=364),
    }
    return starts.get(period)


@require_safe
@member_required
def milestones(request: MemberRequest) -> HttpResponseBase:
    journeys = busiest_first(request.organisation)
    form = WishForm(request, journeys)
    wish = form.wish(request)
    context: dict[str, Any] = {"nav": "milestones", "form": form, "journeys": journeys, "wish": wish}
    if wish:
        if request.GET.get("format") == "csv":
            return csv_response(f"milestones-{wish.journey.slug}.csv", *_table(figures(wish)))
        counted = report(wish, now=request.now)
        context |= {
            "counted_at": counted.counted_at,
            "found": counted.found,
            "headline": counted.headline,
            "onboarding": counted.onboarding,
            "by_owner": counted.by_owner,
            "by_segment": counted.by_segment,
            "verified_only": form.cleaned_data["verified"],
            "rows_url": reverse(
                "dashboards:milestone_customers", args=[request.organisation.slug, wish.journey.slug]
            ),
            "query": _query(request, form),
        }
    return render_page(request, "dashboards/milestones.html", context)


@require_safe
@member_required
def milestone_customers(request: MemberRequest, journey: str) -> HttpResponseBase:
    """The customers behind one number of the page, with the same filters in the address."""
    chosen = get_object_or_404(Journey.objects.published(), slug=journey)
    form = WishForm(request, [chosen])
    wish = form.wish(request)
    kind, key = request.GET.get("kind", "enrolled"), request.GET.get("milestone", "")
    names = {m.key: m.name for m in reversed(wish.milestones())} if wish else {}
    if wish is None or kind not in behind.KINDS or (kind != "enrolled" and key not in names):
        raise Http404
    if request.GET.get("format") == "csv":
        return csv_response(f"{wish.journey.slug}-{key}-{kind}.csv", *_customers(wish, kind, key))
    after = request.GET.get("after", "")
    rows = behind.page(wish, kind=kind, key=key, after=int(after) if after.isdigit() else 0, size=51)
    n = behind.behind(wish, kind=kind, key=key).count()
    context = {
        "nav": "milestones",
        "wish": wish,
        "milestone_name": names.get(key, ""),
        "kind": kind,
        "kind_words": KIND_WORDS[kind],
        "rows": rows[:50],
        "n": n,
        "said": ngettext("%(n)d customer", "%(n)d customers", n) % {"n": n},
        "later_url": _from(request, rows[49].enrolment.pk) if len(rows) > 50 else "",
        "first_url": _from(request, 0) if after else "",
        "back_query": _query(request, form),
    }
    return render_page(request, "dashboards/milestone_customers.html", context)


def _query(request: MemberRequest, form: WishForm) -> str:
    """The filters as an address, for the links behind the numbers."""
    kept = {name: request.GET[name] for name in form.fields if request.GET.get(name)}
    return urlencode(kept)


def _from(request: MemberRequest, after: int) -> str:
    query = request.GET.copy()
    query["after"] = str(after)
    return f"?{query.urlencode()}"


def _table(found: Figures) -> tuple[list[str], Iterator[list[object]]]:
    names = ["key", "name", "position", "achieved", "verified", "on_time", "late", "not_yet_due"]
    names += ["contested", "median_days", "median_n"]
    rows = ([found.enrolled, *[row.as_json()[name] for name in names]] for row in found.milestones)
    return ["enrolled", *names], rows


def _customers(wish: Wish, kind: str, key: str) -> tuple[list[str], Iterator[list[object]]]:
    header = [_("Their id"), _("Customer"), _("CSM"), _("Start"), _("Target"), _("Achieved"), _("Days")]
    header += [_("Verified"), _("Evidence"), _("Contested")]
    return header, _cells(wish, kind, key)


def _cells(wish: Wish, kind: str, key: str) -> Iterator[list[object]]:
    zone = wish.organisation.tzinfo
    for row in behind.every(wish, kind=kind, key=key):
        customer = row.enrolment.customer
        yield [
            customer.key,
            customer.name,
            customer.owner or "",
            row.enrolment.started_on or "",
            row.target_on or "",
            localtime(row.achieved_at, zone).date() if row.achieved_at else "",
            "" if row.days is None else row.days,
            localtime(row.verified_at, zone).date() if row.verified_at else "",
            row.evidence,
            row.contest_words,
        ]
