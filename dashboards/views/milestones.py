"""Milestones for the manager: how many reach them, in time, verified; each number opens its customers."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
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
from dashboards.figures import Figures, Wish, baselines, behind, figures
from dashboards.figures.kept import busiest_first, report
from dashboards.figures.wishes import NONE
from milestones.models import Journey
from organisations.access import MemberRequest, colleagues, member_required, reads_replica
from ui.addresses import whole_number
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
    "all_due_achieved": gettext_lazy("all that was due is achieved"),
    "onboarding": gettext_lazy("still in onboarding"),
    "achieved": gettext_lazy("achieved"),
    "verified": gettext_lazy("verified by the customer"),
    "on_time": gettext_lazy("achieved on time"),
    "late": gettext_lazy("late"),
    "not_yet_due": gettext_lazy("not yet due"),
    "contested": gettext_lazy("contested"),
    "timed": gettext_lazy("whose days are counted"),
    "reached": gettext_lazy("reached, before they left if they did"),
    "left": gettext_lazy("left before they reached it"),
    "on_the_way": gettext_lazy("still on the way"),
}


FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2200, 1, 1)


class _RowsOrNone(forms.models.ModelChoiceIterator):
    def __iter__(self) -> Iterator[tuple[Any, str]]:
        yield from super().__iter__()
        yield NONE, self.field.none_label  # type: ignore[attr-defined]


class RowOrNoneField(forms.ModelChoiceField):
    """One of the rows, or those that have none."""

    iterator = _RowsOrNone

    def __init__(self, *, none_label: Any, **kwargs: Any) -> None:
        self.none_label = none_label
        super().__init__(queryset=None, required=False, **kwargs)

    def to_python(self, value: Any) -> Any:
        return NONE if value == NONE else super().to_python(value)


class WishForm(forms.Form):
    """The filters of the address."""

    journey: "forms.ModelChoiceField[Any]" = forms.ModelChoiceField(
        queryset=None, to_field_name="slug", label=gettext_lazy("Journey"), empty_label=None
    )
    period = forms.ChoiceField(choices=list(PERIODS.items()), label=gettext_lazy("Period"), required=False)
    as_of = forms.DateField(
        label=gettext_lazy("As of"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        validators=[MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)],
    )
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
    verified = forms.BooleanField(label=gettext_lazy("Verified only"), required=False)
    variants = forms.BooleanField(label=gettext_lazy("With variants"), required=False)

    def __init__(self, request: MemberRequest, journeys: list[Journey]) -> None:
        given = request.GET.copy()
        if "journey" not in given and journeys:
            given["journey"] = journeys[0].slug
        super().__init__(given)
        for name, field in self.fields.items():
            if name not in ("verified", "variants"):
                field.widget.attrs["class"] = "input"
        self.fields["journey"].queryset = Journey.objects.published()  # type: ignore[attr-defined]
        self.fields["segment"].queryset = Segment.objects.all()  # type: ignore[attr-defined]
        self.fields["owner"].queryset = colleagues(request.organisation)  # type: ignore[attr-defined]

    def wish(self, request: MemberRequest) -> Wish | None:
        """The question asked; None when the address asks for something that is not there."""
        if not self.is_valid():
            return None
        given = self.cleaned_data
        as_of = given["as_of"] or _today(request)
        return Wish(
            organisation=request.organisation,
            journey=given["journey"],
            as_of=as_of,
            since=begins(given["period"], as_of),
            segment=given["segment"],
            owner=given["owner"],
            with_variants=given["variants"],
        )


def _today(request: MemberRequest) -> date:
    return localdate(request.now, request.organisation.tzinfo)


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
@reads_replica
def milestones(request: MemberRequest) -> HttpResponseBase:
    journeys = busiest_first(request.organisation)
    form = WishForm(request, journeys)
    wish = form.wish(request)
    context: dict[str, Any] = {"nav": "milestones", "form": form, "journeys": journeys, "wish": wish}
    if wish:
        if request.GET.get("format") == "csv":
            return csv_response(f"milestones-{wish.journey.slug}.csv", *_table(figures(wish)))
        counted = report(wish, now=request.now - timedelta(seconds=request.replica_age))
        context |= {
            "report": counted,
            "found": counted.found,
            "headline": counted.headline,
            "onboarding": counted.onboarding if wish.as_of >= _today(request) else None,
            "by_owner": counted.by_owner,
            "by_segment": counted.by_segment,
            "verified_only": form.cleaned_data["verified"],
            "has_variants": wish.journey.variants.exists(),
            "comparison": baselines.compare(counted.found, counted.times),
            "is_of_everybody": baselines.is_of_everybody(wish),
            **_links(request, wish, form),
        }
    return render_page(request, "dashboards/milestones.html", context)


@require_safe
@member_required
@reads_replica
def milestone_customers(request: MemberRequest, journey: str) -> HttpResponseBase:
    """The customers behind one number of the page, with the same filters in the address."""
    chosen = get_object_or_404(Journey.objects.published(), slug=journey)
    form = WishForm(request, [chosen])
    wish = form.wish(request)
    kind, key = request.GET.get("kind", "enrolled"), request.GET.get("milestone", "")
    names = {m.key: m.name for m in reversed(wish.milestones)} if wish else {}
    if wish is None or not behind.is_a_number(kind, key) or (key and key not in names):
        raise Http404
    if request.GET.get("format") == "csv":
        name = "-".join(part for part in (wish.journey.slug, key, kind) if part)
        return csv_response(f"{name}.csv", *_customers(wish, kind, key))
    after = whole_number(request.GET.get("after", ""))
    rows = behind.page(wish, kind=kind, key=key, after=after, size=behind.PAGE + 1)
    more, rows = len(rows) > behind.PAGE, rows[: behind.PAGE]
    context = {
        "nav": "milestones",
        "wish": wish,
        "whose": _whose(form),
        "milestone_name": names.get(key, ""),
        "kind": kind,
        "kind_words": KIND_WORDS[kind],
        "shows_milestone": not key and kind in behind.OF_ALL_MILESTONES,
        "shows_evidence": key or kind in behind.OF_ALL_MILESTONES,
        "rows": rows,
        "said": _said(behind.count(wish, kind=kind, key=key), key, kind),
        "later_url": _from(request, rows[-1].place) if more else "",
        "first_url": _from(request, 0) if after else "",
        "back_query": _query(request, form),
    }
    return render_page(request, "dashboards/milestone_customers.html", context)


def _links(request: MemberRequest, wish: Wish, form: WishForm) -> dict[str, Any]:
    """Where each number leads, with the filters that made it."""
    rows_url = reverse("dashboards:milestone_customers", args=[request.organisation.slug, wish.journey.slug])
    query = _query(request, form)
    whole = behind.OF_JOURNEY + behind.OF_ALL_MILESTONES
    behind_urls = {kind: f"{rows_url}?{query}&kind={kind}" for kind in whole}
    group_query = {name: _query(request, form, without=name) for name in ("owner", "segment")}
    return {"rows_url": rows_url, "query": query, "behind_urls": behind_urls, "group_query": group_query}


def _said(n: int, key: str, kind: str) -> str:
    """How long the list is, and of what."""
    if not key and kind in behind.OF_ALL_MILESTONES:
        return ngettext("%(n)d milestone", "%(n)d milestones", n) % {"n": n}
    return ngettext("%(n)d customer", "%(n)d customers", n) % {"n": n}


def _whose(form: WishForm) -> list[str]:
    """The CSM and the segment that the numbers are held to, in words."""
    chosen = [(form.fields[name], form.cleaned_data[name]) for name in ("owner", "segment")]
    return [str(field.none_label if value == NONE else value) for field, value in chosen if value]  # type: ignore[attr-defined]


def _query(request: MemberRequest, form: WishForm, *, without: str = "") -> str:
    """The filters as an address, for the links behind the numbers."""
    names = [name for name in form.fields if name != without]
    return urlencode({name: request.GET[name] for name in names if request.GET.get(name)})


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
    header = [_("Their id"), _("Customer"), _("CSM"), _("Start"), _("Milestone"), _("Target")]
    header += [_("Achieved"), _("Days")]
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
            row.milestone.name if row.milestone else "",
            row.target_on or "",
            localtime(row.achieved_at, zone).date() if row.achieved_at else "",
            "" if row.days is None else row.days,
            localtime(row.verified_at, zone).date() if row.verified_at else "",
            row.evidence,
            row.contest_words,
        ]
