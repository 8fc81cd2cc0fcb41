"""How long milestones take: a journey's timelines, one milestone's, and a measured target into the draft."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from dashboards import curves
from dashboards.figures import Wish, baselines, comparing
from dashboards.figures.kept import time_report
from dashboards.figures.timelines import (
    DEFINITIONS,
    FEWEST,
    FEWEST_REACHED,
    Timeline,
    Timelines,
    curve_json,
)
from dashboards.figures.timelines import timelines as measured
from dashboards.views.milestones import FIRST_DAY, LAST_DAY, WishForm
from milestones.models import Journey
from milestones.targeting import NotInDraft, take_target, target_in_draft
from organisations.access import MemberRequest, manager_required, member_required, reads_replica
from ui.htmx import render_page
from ui.spreadsheets import csv_response

TERMS = {
    "n": gettext_lazy("Set out"),
    "reached": gettext_lazy("Reached"),
    "left": gettext_lazy("Left before"),
    "on_the_way": gettext_lazy("Still on the way"),
    "share": gettext_lazy("Share reached"),
    "interval": gettext_lazy("Interval"),
    "median": gettext_lazy("Half by day"),
    "days": gettext_lazy("Days"),
    "step": gettext_lazy("Step"),
}
BY = {
    comparing.SEGMENT: gettext_lazy("By segment"),
    comparing.OWNER: gettext_lazy("By CSM"),
    comparing.COHORT: gettext_lazy("By when they set out"),
}


class TimeForm(WishForm):
    """The filters of the address. The journey stands in the path; the period is when customers set out."""

    verified = None  # type: ignore[assignment]

    def __init__(self, request: MemberRequest, journey: Journey) -> None:
        super().__init__(request, [journey])
        self.fields["journey"].required = False
        self.of = journey

    def wish(self, request: MemberRequest) -> Wish | None:
        wish = super().wish(request)
        return replace(wish, journey=self.of) if wish else None


@dataclass(frozen=True)
class Asked:
    """What an address of these pages asks for."""

    journey: Journey
    form: TimeForm
    wish: Wish | None

    @property
    def query(self) -> str:
        """The filters as an address, for the links behind the numbers."""
        given = self.form.data
        names = [name for name in self.form.fields if name != "journey" and given.get(name)]
        return urlencode({name: given[name] for name in names})


def _asked(request: MemberRequest, slug: str) -> Asked:
    journey = get_object_or_404(Journey.objects.published(), slug=slug)
    form = TimeForm(request, journey)
    return Asked(journey, form, form.wish(request))


@require_safe
@member_required
@reads_replica
def timelines(request: MemberRequest, journey: str) -> HttpResponseBase:
    asked = _asked(request, journey)
    context = _context(request, asked)
    if asked.wish:
        if request.GET.get("format") == "csv":
            return csv_response(f"timelines-{asked.journey.slug}.csv", *_table(measured(asked.wish)))
        counted = time_report(asked.wish, now=request.now - timedelta(seconds=request.replica_age))
        baseline = baselines.newest(asked.journey) if baselines.is_of_everybody(asked.wish) else None
        context |= {
            "report": counted,
            "found": counted.found,
            "lines": [
                (one, curves.small(one), _then(baseline, one.milestone.key))
                for one in counted.found.milestones
            ],
            "baseline": baseline,
        }
    return render_page(request, "dashboards/timelines.html", context)


@require_safe
@member_required
@reads_replica
def timeline(request: MemberRequest, journey: str, milestone: str) -> HttpResponseBase:
    asked = _asked(request, journey)
    if asked.wish and request.GET.get("format") == "csv":
        return csv_response(f"timeline-{asked.journey.slug}-{milestone}.csv", *_days(asked.wish, milestone))
    return _one(request, asked, milestone, age=request.replica_age)


@manager_required
@require_POST
def timeline_target(request: MemberRequest, journey: str, milestone: str) -> HttpResponseBase:
    """Take the proposal that was shown, if it is what the figures of that day still say."""
    asked = _asked(request, journey)
    wish = asked.wish and Wish(request.organisation, asked.journey, _day(request, asked.wish.as_of))
    found = measured(wish, key=milestone).of(milestone) if wish else None
    if wish is None or found is None:
        raise Http404
    if not found.has_proposal or str(found.three_quarters.day) != request.POST.get("days"):
        messages.error(
            request,
            _("The figures have moved since this page was drawn: nothing was taken. See what they say now."),
        )
        return _one(request, replace(asked, wish=wish), milestone, status=409)
    return _taken(request, asked, found, wish)


def _day(request: MemberRequest, otherwise: date) -> date:
    try:
        day = date.fromisoformat(request.POST.get("as_of", ""))
    except ValueError:
        return otherwise
    return day if FIRST_DAY <= day <= LAST_DAY else otherwise


def _taken(request: MemberRequest, asked: Asked, found: Timeline, wish: Wish) -> HttpResponse:
    best = found.three_quarters
    assert best.day is not None
    because = {"share": best.share, "low": best.low, "high": best.high, "n": found.n}
    here = [request.organisation.slug, asked.journey.slug]
    try:
        take_target(
            journey=asked.journey,
            key=found.milestone.key,
            days=best.day,
            because=because | {"as_of": wish.as_of.isoformat()},
            by=request.user,
            now=request.now,
        )
    except NotInDraft:
        messages.error(request, _("The draft has no such milestone any more, so nothing was taken."))
        return redirect("dashboards:timeline", *here, found.milestone.key)
    words = {"name": found.milestone.name, "days": best.day}
    messages.success(
        request,
        _("The draft says now: “%(name)s” within %(days)d days. Publish it to put it in force.") % words,
    )
    return redirect("milestones:journey_edit", *here)


def _one(
    request: MemberRequest, asked: Asked, key: str, *, age: float = 0, status: int = 200
) -> HttpResponse:
    context = _context(request, asked)
    if asked.wish:
        counted = time_report(asked.wish, now=request.now - timedelta(seconds=age), key=key)
        found = counted.found.of(key)
        if found is None:
            raise Http404
        is_of_everybody = baselines.is_of_everybody(asked.wish)
        baseline = baselines.newest(asked.journey) if is_of_everybody else None
        context |= {
            "report": counted,
            "found": found,
            "left_out": counted.found.left_out,
            "curve": curves.drawn(found, baseline),
            "comparisons": [(BY[one.kind], one) for one in counted.comparisons],
            "is_of_everybody": is_of_everybody,
            "baseline": baseline,
            "then": _then(baseline, key),
            "in_draft": target_in_draft(asked.journey, key) if request.membership.can_manage else None,
        }
    return render_page(request, "dashboards/timeline.html", context, status=status)


def _then(baseline: Any, key: str) -> Any:
    rows = baseline.rates.all() if baseline else []
    return next((row for row in rows if row.milestone_key == key), None)


def _context(request: MemberRequest, asked: Asked) -> dict[str, Any]:
    here = [request.organisation.slug, asked.journey.slug]
    return {
        "nav": "milestones",
        "journey": asked.journey,
        "form": asked.form,
        "wish": asked.wish,
        "has_variants": asked.journey.variants.exists(),
        "query": asked.query,
        "rows_url": reverse("dashboards:milestone_customers", args=here),
        "definitions": [(TERMS[name], words) for name, words in DEFINITIONS.items()],
        "fewest": FEWEST,
        "fewest_reached": FEWEST_REACHED,
    }


def _table(found: Timelines) -> tuple[list[str], Iterator[list[object]]]:
    counts = ["key", "name", "position", "target_days", "n", "reached", "left", "on_the_way", "estimate"]
    quantiles = ["median", "p75", "p90"]
    header = [*counts, *(f"{name}_{part}" for name in quantiles for part in ("days", "low", "high"))]
    lines = (one.as_json() for one in found.milestones)
    return header, (
        [
            *(_cell(line[name]) for name in counts),
            *(_cell(value) for q in quantiles for value in line[q].values()),
        ]
        for line in lines
    )


def _days(wish: Wish, key: str) -> tuple[list[str], Iterator[list[object]]]:
    found = measured(wish, key=key).of(key)
    if found is None:
        raise Http404
    names = ["day", "at_risk", "reached", "left", "waiting", "share", "variance", "low", "high"]
    return names, ([_cell(value) for value in line.values()] for line in curve_json(found.curve))


def _cell(value: object) -> object:
    return "" if value is None else value
