"""Meetings of a circle: planned, changed, called off."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from advocacy import convening
from advocacy.forms.circles import MeetingForm
from advocacy.models import CircleMeeting
from advocacy.views.circles import circle_of
from organisations.access import MemberRequest, csm_required
from ui.htmx import render_page


@require_http_methods(["GET", "HEAD", "POST"])
@csm_required
def circle_meeting_new(request: MemberRequest, pk: int) -> HttpResponse:
    circle, form = circle_of(pk), MeetingForm(request.POST or None, initial=MeetingForm.initial_of(None))
    if form.is_valid():
        try:
            convening.plan(circle=circle, values=form.values(), by=request.user, now=request.now)
        except convening.WordsMissing as refused:
            form.add_error(refused.field, str(refused))
        except convening.NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Planned. It goes to every calendar in the circle in two minutes."))
            return redirect("advocacy:circle", request.organisation.slug, pk)
    context = {"nav": "advocacy", "circle": circle, "form": form, "meeting": None}
    return render_page(request, "advocacy/circle_meeting.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@csm_required
def circle_meeting(request: MemberRequest, pk: int) -> HttpResponse:
    row = _meeting(pk)
    form = MeetingForm(request.POST or None, initial=MeetingForm.initial_of(row))
    if form.is_valid():
        try:
            convening.change(meeting=row, values=form.values(), by=request.user, now=request.now)
        except convening.WordsMissing as refused:
            form.add_error(refused.field, str(refused))
        except convening.NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Kept. Every calendar hears what changed in two minutes."))
            return redirect("advocacy:circle", request.organisation.slug, row.circle_id)
    context = {"nav": "advocacy", "circle": row.circle, "form": form, "meeting": row}
    context["is_ahead"] = row.is_ahead(request.now)
    return render_page(request, "advocacy/circle_meeting.html", context, status=422 if form.is_bound else 200)


@require_POST
@csm_required
def circle_meeting_off(request: MemberRequest, pk: int) -> HttpResponse:
    row = _meeting(pk)
    try:
        convening.call_off(meeting=row, by=request.user, now=request.now)
    except convening.NotPossible as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Off. It goes from every calendar that had it."))
    return redirect("advocacy:circle", request.organisation.slug, row.circle_id)


def _meeting(pk: int) -> CircleMeeting:
    rows = CircleMeeting.objects.select_related("organisation", "circle__organisation")
    found: CircleMeeting = get_object_or_404(rows, pk=pk)
    return found
