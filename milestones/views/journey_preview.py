"""Before publishing: who would meet the draft today."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from milestones.outline_rows import outline_of
from milestones.previewing import preview
from milestones.views.journeys import find_journey
from organisations.access import MemberRequest, manager_required
from ui.htmx import render_page


@require_safe
@manager_required
def journey_preview(request: MemberRequest, journey_slug: str) -> HttpResponse:
    journey = find_journey(request, journey_slug)
    version = journey.draft() or journey.current_version()
    assert version is not None  # a journey has a draft until it is published
    on_it = journey.enrolments.open().filter(is_judged=True).count()
    is_all = request.GET.get("who") == "all" or not on_it
    seen = preview(
        outline_of(version),
        organisation=request.organisation,
        journey=None if is_all else journey,
        now=request.now,
    )
    context = {
        "nav": "journeys", "journey": journey, "version": version, "preview": seen, "is_all": is_all,
        "on_it": on_it,
    }  # fmt: skip
    return render_page(request, "milestones/journey_preview.html", context)
