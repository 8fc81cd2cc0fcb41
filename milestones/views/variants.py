"""Variants of a journey: begun, said for whom, held against the base, and brought up to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from milestones import varying
from milestones.differences import Difference, Part, differences, label_of, sides_of
from milestones.fits import rule_words
from milestones.forms.variants import RuleForm, VariantForm
from milestones.models import Journey, JourneyVersion
from milestones.models.journeys import FEWEST, MOST
from milestones.outline_rows import known_metrics, outline_of
from milestones.outlines import MetricOutline
from milestones.overlays import Conflict
from milestones.views.journeys import find_journey, posted
from organisations.access import MemberRequest, manager_required, member_required
from ui.htmx import render_page


@dataclass(frozen=True, slots=True)
class Side:
    """Something to hold against something else."""

    value: str
    label: str
    short: str
    version: JourneyVersion


@dataclass(frozen=True, slots=True)
class Shown:
    """A conflict with both its sides in words: the base's left, the variant's right."""

    id: str
    title: str
    parts: tuple[Part, ...]
    is_left_out: str
    """Which side left the milestone out: "base", "own" or neither."""


@manager_required
def variant_new(request: MemberRequest, journey_slug: str) -> HttpResponse:
    base = find_journey(request, journey_slug)
    form = VariantForm(posted(request))
    if form.is_valid():
        try:
            journey = varying.begin_variant(base=base, by=request.user, now=request.now, **form.cleaned_data)
        except varying.NotABase:
            form.add_error(None, _("A variant is made of a published journey that is no variant itself."))
        else:
            said = _("“%(name)s” is begun: its draft says what “%(base)s” does. Change what is different.")
            messages.success(request, said % {"name": journey.name, "base": base.name})
            return redirect("milestones:journey_edit", request.organisation.slug, journey.slug)
    context = {"nav": "journeys", "journey": base, "form": form, "is_new": True}
    status = 422 if form.is_bound else 200
    return render_page(request, "milestones/variant_edit.html", context, status=status)


@manager_required
def variant_rule(request: MemberRequest, journey_slug: str) -> HttpResponse:
    journey = find_journey(request, journey_slug)
    if journey.base is None:
        return _not_a_variant(request, journey)
    segment = journey.for_segment.name if journey.for_segment else ""
    form = RuleForm(posted(request), initial={"segment": segment, "use_case": journey.for_use_case})
    if form.is_valid():
        journey = varying.change_rule(journey=journey, by=request.user, now=request.now, **form.cleaned_data)
        said = _("“%(name)s” is for: %(rule)s. Whoever is on a journey stays there.")
        if not rule_words(journey):
            said = _("“%(name)s” is chosen by hand alone now. Whoever is on a journey stays there.")
        messages.success(request, said % {"name": journey.name, "rule": rule_words(journey)})
        return redirect("milestones:journey", request.organisation.slug, journey.slug)
    context = {"nav": "journeys", "journey": journey, "form": form}
    status = 422 if form.is_bound else 200
    return render_page(request, "milestones/variant_edit.html", context, status=status)


@manager_required
def takeover(request: MemberRequest, journey_slug: str) -> HttpResponse:
    """GET: what the base says anew. POST: bring it into the draft, with a side for each conflict."""
    journey = find_journey(request, journey_slug)
    if journey.base is None:
        return _not_a_variant(request, journey)
    status = 200
    if request.method == "POST":
        try:
            return _taken_over(request, journey)
        except varying.NothingAnew:
            messages.info(request, _("There is nothing anew: it was taken over already."))
            return redirect("milestones:journey", request.organisation.slug, journey.slug)
        except varying.Outdated:
            said = _("Something changed since you opened this page. Nothing was taken over; look again.")
            messages.error(request, said)
            status = 422
    news = varying.news_for(journey)
    context: dict[str, object] = {"nav": "journeys", "journey": journey, "news": news}
    if news:
        own, after = outline_of(news.own), news.overlay.outline
        metrics = known_metrics(outline_of(news.version)) | known_metrics(after)
        names = {one.key: one.name for one in (*outline_of(news.version).milestones, *own.milestones)}
        context |= {
            "difference": differences(own, after, metrics),
            "conflicts": [_shown(one, names, metrics) for one in news.overlay.conflicts],
            "count": len(after.milestones),
            "is_too_many": not FEWEST <= len(after.milestones) <= MOST,
            "fewest": FEWEST,
            "most": MOST,
        }
    return render_page(request, "milestones/takeover.html", context, status=status)


def _taken_over(request: MemberRequest, journey: Journey) -> HttpResponse:
    number = request.POST.get("number", "")
    taking = [
        name.removeprefix("conflict-")
        for name, side in request.POST.items()
        if name.startswith("conflict-") and side == "base"
    ]
    version = varying.take_base_over(
        journey=journey,
        number=int(number) if number.isascii() and number.isdigit() else 0,
        taking=taking,
        by=request.user,
        now=request.now,
    )
    if version.is_draft:
        said = _("Taken over into draft %(number)d. Look through it, then publish.")
        messages.success(request, said % {"number": version.number})
        return redirect("milestones:journey_edit", request.organisation.slug, journey.slug)
    messages.success(request, _("Nothing of it changes this variant, and it is noted as seen."))
    return redirect("milestones:journey", request.organisation.slug, journey.slug)


def _shown(conflict: Conflict, names: Mapping[str, str], metrics: Mapping[str, MetricOutline]) -> Shown:
    name = names.get(conflict.key, conflict.key)
    label = label_of(conflict.part)
    title = f"{name}: {label}" if conflict.key else label
    left_out = "base" if conflict.base is None else "own" if conflict.own is None else ""
    return Shown(conflict.id, title, sides_of(conflict, names, metrics), left_out)


def _not_a_variant(request: MemberRequest, journey: Journey) -> HttpResponse:
    context = {"nav": "journeys", "journey": journey}
    return render_page(request, "milestones/no_variant.html", context, status=404)


@member_required
def difference(request: MemberRequest, journey_slug: str) -> HttpResponse:
    """Two versions side by side, in words: of this journey, or of its base."""
    journey = find_journey(request, journey_slug)
    sides = {side.value: side for side in _sides(request, journey)}
    standard = _standard(journey, sides)
    left, right = (
        sides.get(request.GET.get(name, "")) or sides[value]
        for name, value in zip(("left", "right"), standard, strict=True)
    )
    context: dict[str, Any] = {
        "nav": "journeys",
        "journey": journey,
        "sides": list(sides.values()),
        "left": left,
        "right": right,
        "difference": _held(left, right),
    }
    return render_page(request, "milestones/difference.html", context)


def _held(left: Side, right: Side) -> Difference:
    one, other = outline_of(left.version), outline_of(right.version)
    return differences(one, other, known_metrics(one) | known_metrics(other))


def _sides(request: MemberRequest, journey: Journey) -> list[Side]:
    """What this member may hold against each other: the base's published versions, and the journey's own."""
    found = []
    if journey.base:
        for version in journey.base.versions.exclude(published_at=None).order_by("number"):
            words = {"name": journey.base.name, "number": version.number}
            label, short = _("%(name)s, version %(number)d"), _("base, version %(number)d")
            found.append(Side(f"base-{version.number}", label % words, short % words, version))
    versions = journey.versions.order_by("number")
    if not request.membership.can_manage:
        versions = versions.exclude(published_at=None)
    for version in versions:
        words = {"name": journey.name, "number": version.number}
        label, short = _("%(name)s, version %(number)d"), _("version %(number)d")
        if version.is_draft:
            label, short = _("%(name)s, draft %(number)d"), _("draft %(number)d")
        found.append(Side(str(version.number), label % words, short % words, version))
    return found


def _standard(journey: Journey, sides: Mapping[str, Side]) -> tuple[str, str]:
    """Of a variant the base it was made from and the newest of its own; else the last two."""
    own = [value for value in sides if not value.startswith("base-")]
    made_from = sides[own[-1]].version.base_version
    if journey.base and made_from and f"base-{made_from.number}" in sides:
        return f"base-{made_from.number}", own[-1]
    return own[-2] if len(own) > 1 else own[-1], own[-1]
