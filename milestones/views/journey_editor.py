"""The journey editor: one part of the draft open at a time, every submit keeps it."""

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from milestones import designing
from milestones.checking import Problem
from milestones.editing import MOST_CRITERIA, MOST_MILESTONES, Edit, Overtaken
from milestones.forms.journeys import PartForms, edit_from, journey_forms, milestone_forms
from milestones.models import Journey, JourneyVersion
from milestones.outline_rows import known_metrics, outline_of
from milestones.outlines import MilestoneOutline, Outline
from milestones.views.garden import Column, columns
from milestones.views.journeys import find_journey
from organisations.access import MemberRequest, manager_required
from ui.addresses import whole_number
from ui.fields import Fault, faults
from ui.htmx import render_page

TEMPLATE = "milestones/journey_edit.html"


@dataclass(frozen=True)
class Editor:
    """What the editor's page shows."""

    journey: Journey
    version: JourneyVersion
    outline: Outline
    problems: tuple[Problem, ...]
    handle: int
    """The part that is open: a milestone's, or 0 for name and purpose."""
    forms: PartForms
    columns: tuple[Column, ...]
    basis: str
    form_token: str
    has_fixed_key: bool
    is_overtaken: bool = False
    is_checked: bool = False
    """Whether the faults are told at the top too: after publishing was refused."""

    @property
    def position(self) -> int:
        return next((at for at, one in enumerate(self.columns, start=1) if one.is_open), 0)

    @property
    def missing(self) -> list[Problem]:
        return [problem for problem in self.problems if not problem.is_warning]

    @property
    def missing_by_part(self) -> list[tuple[int, str, list[Problem]]]:
        return self._by_part(self.missing)

    @property
    def doubts_by_part(self) -> list[tuple[int, str, list[Problem]]]:
        return self._by_part([one for one in self.problems if one.is_warning and not one.is_set_aside])

    @property
    def set_aside_by_part(self) -> list[tuple[int, str, list[Problem]]]:
        return self._by_part([one for one in self.problems if one.is_set_aside])

    def _by_part(self, problems: list[Problem]) -> list[tuple[int, str, list[Problem]]]:
        """Handle, title and problems of each part that has some."""
        titles = {0: _("The journey")}
        titles |= {one.handle: f"{at}. {one.name}" for at, one in enumerate(self.columns, start=1)}
        by_part: dict[int, list[Problem]] = {}
        for problem in problems:
            by_part.setdefault(problem.handle, []).append(problem)
        return [(handle, titles[handle], found) for handle, found in by_part.items()]

    @property
    def doubts_here(self) -> list[Problem]:
        doubts = [one for one in self.problems if one.is_warning and not one.is_set_aside]
        return [one for one in doubts if one.handle == self.handle]

    @property
    def criteria_missing(self) -> list[Problem]:
        return [one for one in self.missing if one.handle == self.handle and one.field == "criteria"]

    @property
    def faults(self) -> list[Fault]:
        return [fault for form in self.forms.all for fault in faults(form)]

    @property
    def can_take_milestones(self) -> bool:
        return len(self.columns) < MOST_MILESTONES

    @property
    def can_take_criteria(self) -> bool:
        return len(self.forms.criteria) < MOST_CRITERIA


@manager_required
def journey_edit(request: MemberRequest, journey_slug: str) -> HttpResponse:
    journey = find_journey(request, journey_slug)
    if request.method != "POST":
        page = render_page(request, TEMPLATE, _context(request, journey, _asked_handle(request)))
        if request.htmx:  # the answer to a step: the address follows, so that reload and back work
            moved = request.get_full_path() != request.htmx.current_url_abs_path
            page["HX-Push-Url" if moved else "HX-Replace-Url"] = request.get_full_path()
        return page
    edit = edit_from(request.POST)
    try:
        version = _kept(request, journey, edit)
    except Overtaken:
        return _overtaken(request, journey, edit)
    if "keep" in request.GET:
        return HttpResponse(status=204)
    if edit.does == "save":
        messages.success(request, _("Draft kept."))
    return redirect(_address(request, journey, edit.opens(outline_of(version))))


def _kept(request: MemberRequest, journey: Journey, edit: Edit) -> JourneyVersion:
    if edit.sets_aside:
        handle, code = edit.sets_aside
        return designing.set_advice_aside(
            journey=journey, handle=handle, code=code, change=edit, by=request.user, now=request.now
        )
    return designing.save_draft(journey=journey, change=edit, by=request.user, now=request.now)


@manager_required
@require_POST
def journey_publication(request: MemberRequest, journey_slug: str) -> HttpResponse:
    """Publish the draft, with what the editor's form says, if it came from there."""
    journey = find_journey(request, journey_slug)
    edit = edit_from(request.POST) if "handle" in request.POST else None
    try:
        version = designing.publish(journey=journey, change=edit, by=request.user, now=request.now)
    except Overtaken:
        assert edit
        return _overtaken(request, journey, edit)
    except designing.NoDraft:
        messages.info(request, _("There was no draft to publish: what you see is in force."))
        return redirect("milestones:journey", request.organisation.slug, journey.slug)
    except designing.NotReady as refused:
        count = len(refused.problems)
        said = ngettext(
            "Not published yet: %(count)d thing is missing. The draft is kept.",
            "Not published yet: %(count)d things are missing. The draft is kept.",
            count,
        )
        messages.error(request, said % {"count": count})
        return redirect(_address(request, journey, refused.problems[0].handle, is_checked=True))
    messages.success(
        request, _("Version %(number)d is in force for new enrolments.") % {"number": version.number}
    )
    return redirect("milestones:journey", request.organisation.slug, journey.slug)


@manager_required
@require_POST
def journey_draft_removal(request: MemberRequest, journey_slug: str) -> HttpResponse:
    """Throw the draft away; a journey that was never published goes with it."""
    journey = find_journey(request, journey_slug)
    try:
        left = designing.discard_draft(journey=journey)
    except designing.NoDraft:
        left = journey
    if left is None:
        messages.success(request, _("“%(name)s” is gone; it was never published.") % {"name": journey.name})
        return redirect("milestones:journey_list", request.organisation.slug)
    messages.success(request, _("The draft is gone. What you see is in force."))
    return redirect("milestones:journey", request.organisation.slug, journey.slug)


def _asked_handle(request: MemberRequest) -> int | None:
    asked = request.GET.get("milestone", "")
    return whole_number(asked) if asked else None


def _address(request: MemberRequest, journey: Journey, handle: int, *, is_checked: bool = False) -> str:
    page = reverse("milestones:journey_edit", args=[request.organisation.slug, journey.slug])
    return f"{page}?{urlencode({'milestone': handle} | ({'check': 1} if is_checked else {}))}"


def _overtaken(request: MemberRequest, journey: Journey, edit: Edit) -> HttpResponse:
    """Somebody was faster: show what this form says, ready to be saved over what is kept now."""
    context = _context(request, journey, edit.handle, typed=edit)
    return render_page(request, TEMPLATE, context, status=422)


def _context(
    request: MemberRequest, journey: Journey, handle: int | None, typed: Edit | None = None
) -> dict[str, object]:
    version = journey.draft() or journey.current_version()
    assert version is not None  # a journey has a draft until it is published
    outline = outline_of(version)
    handles = [one.handle for one in outline.milestones]
    if handle is None or (handle and handle not in handles and typed is None):
        handle = handles[0] if handles else 0
    problems = tuple(designing.what_is_missing(version))
    metrics = known_metrics(outline)
    part = typed.part_of(outline) if typed else (outline.milestone(handle) if handle else outline)
    here = [one for one in problems if one.handle == handle and not one.is_warning]
    shown = here if "check" in request.GET or typed else [one for one in here if _is_filled(part, one.field)]
    forms = (
        milestone_forms(part, shown, sorted(metrics.values(), key=lambda one: one.name))
        if isinstance(part, MilestoneOutline)
        else journey_forms(part or outline, shown)
    )
    key = part.key if isinstance(part, MilestoneOutline) else ""
    editor = Editor(
        journey=journey,
        version=version,
        outline=outline,
        problems=problems,
        handle=handle,
        forms=forms,
        columns=tuple(columns(outline, metrics=metrics, open_handle=handle, problems=problems)),
        basis=outline.fingerprint(handle) if not handle or handle in handles else "",
        form_token=str(uuid4()),
        has_fixed_key=key in journey.published_keys(),
        is_overtaken=typed is not None,
        is_checked="check" in request.GET,
    )
    on_it = journey.enrolments.open().count()
    return {"nav": "journeys", "journey": journey, "editor": editor, "on_it": on_it}


def _is_filled(part: Outline | MilestoneOutline | None, field: str) -> bool:
    """Whether something stands in the field, so that its fault is worth telling while it is written."""
    if not isinstance(part, MilestoneOutline):
        return False
    if field.startswith("criterion-"):
        place, name = field.split("-")[1:]
        return bool(getattr(part.criteria[int(place) - 1], name))
    return bool(getattr(part, field, ""))
