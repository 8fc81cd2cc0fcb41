"""The journeys of an organisation, and one of them to read."""

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from milestones import designing
from milestones.forms.files import BLANK, NewJourneyForm
from milestones.models import Journey
from milestones.outline_rows import known_metrics, outline_of
from milestones.starters import starters
from milestones.views.families import family_part
from milestones.views.garden import columns, path_stones
from organisations.access import MemberRequest, manager_required, member_required
from ui.htmx import render_page


@member_required
def journey_list(request: MemberRequest) -> HttpResponse:
    journeys = Journey.objects.for_list()
    if not request.membership.can_manage:
        journeys = journeys.published()
    context = {"nav": "journeys", "journeys": list(journeys), "starters": list(starters().values())}
    return render_page(request, "milestones/journey_list.html", context)


@manager_required
def journey_new(request: MemberRequest) -> HttpResponse:
    """Begin with a journey that ships, or with a blank page."""
    shipped = list(starters())
    initial = {"start": request.GET.get("start", shipped[0])}
    form = NewJourneyForm(posted(request), initial=initial)
    if form.is_valid():
        start = form.cleaned_data["start"]
        journey = designing.new_journey(
            organisation=request.organisation,
            name=form.cleaned_data["name"],
            starter="" if start == BLANK else start,
            by=request.user,
            now=request.now,
        )
        messages.success(request, _("“%(name)s” is begun, as a draft.") % {"name": journey.name})
        return redirect("milestones:journey_edit", request.organisation.slug, journey.slug)
    context = {
        "nav": "journeys",
        "form": form,
        "starters": list(starters().values()),
        "chosen": form["start"].value(),
    }
    status = 422 if form.is_bound else 200
    return render_page(request, "milestones/journey_new.html", context, status=status)


@member_required
def journey(request: MemberRequest, journey_slug: str) -> HttpResponse:
    """The version in force; a journey that has none yet shows its draft to those who may design."""
    found = find_journey(request, journey_slug)
    draft = found.draft()
    version = found.current_version() or draft
    assert version is not None  # a journey has a draft until it is published
    outline = outline_of(version)
    enrolled = found.enrolments.count()
    drawn = columns(outline, metrics=known_metrics(outline), reached=found.reached() if enrolled else None)
    context = {
        "nav": "journeys",
        "journey": found,
        "outline": outline,
        "version": version,
        "draft": draft,
        "columns": drawn,
        "stones": path_stones(drawn),
        "enrolled": enrolled,
        "on_it": found.enrolments.open().count(),
        "family": family_part(found, version, can_manage=request.membership.can_manage),
    }
    return render_page(request, "milestones/journey.html", context)


def find_journey(request: MemberRequest, journey_slug: str) -> Journey:
    """The journey, if this member may see it: what was never published is the designers' alone."""
    journeys = Journey.objects.all()
    if not request.membership.can_manage:
        journeys = journeys.published()
    return get_object_or_404(journeys, slug=journey_slug)


def posted(request: MemberRequest) -> QueryDict | None:
    """What a form is bound to: whatever was posted, even nothing."""
    return request.POST if request.method == "POST" else None
