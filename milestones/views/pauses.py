"""Stopping the clock of a customer's journey, letting it run again, taking a pause back."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from milestones import pausing
from milestones.forms.pauses import PauseForm
from milestones.models import Enrolment, Pause
from milestones.views.journeys import posted
from organisations.access import MemberRequest, csm_required
from ui.addresses import own_page
from ui.htmx import render_page
from ui.moments import short_day
from ui.toasts import toast


@csm_required
def pause(request: MemberRequest, pk: int) -> HttpResponseBase:
    enrolment = get_object_or_404(
        Enrolment.objects.select_related("customer", "journey", "organisation"), pk=pk
    )
    form = PauseForm(posted(request), today=timezone.localdate(request.now, request.organisation.tzinfo))
    if form.is_valid():
        try:
            made = pausing.pause(enrolment=enrolment, by=request.user, now=request.now, **form.cleaned_data)
        except pausing.CannotPause as fault:
            form.add_error("starts_on" if fault.why != "ended" else None, refusal_words(fault, form.today))
        else:
            words = _("“%(journey)s” stands. Its dates move by the days it does.")
            undo = reverse("milestones:pause_withdrawal", args=[request.organisation.slug, made.pk])
            toast(request, words % {"journey": enrolment.journey.name}, undo=undo)
            return HttpResponseRedirect(_back(request, enrolment))
    context = {
        "nav": "customers",
        "enrolment": enrolment,
        "form": form,
        "pauses": enrolment.pauses.standing().select_related("paused_by").order_by("-starts_on"),
        "is_paused": enrolment.pauses.covering(form.today).exists(),
        "back": _back(request, enrolment),
        "next": own_page(request, request.POST.get("next") or request.GET.get("next") or ""),
    }
    status = 422 if form.is_bound else 200
    return render_page(request, "milestones/pause.html", context, status=status)


@csm_required
@require_POST
def resumption(request: MemberRequest, pk: int) -> HttpResponse:
    enrolment = get_object_or_404(Enrolment.objects.select_related("journey", "organisation"), pk=pk)
    today = timezone.localdate(request.now, request.organisation.tzinfo)
    try:
        pausing.resume(enrolment=enrolment, on=today, by=request.user, now=request.now)
    except pausing.NotPaused:
        messages.info(request, _("Its clock runs already. Nothing was changed."))
    else:
        messages.success(request, _("“%(journey)s” goes on.") % {"journey": enrolment.journey.name})
    return HttpResponseRedirect(_back(request, enrolment))


@csm_required
@require_POST
def pause_withdrawal(request: MemberRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Pause.objects.select_related("enrolment", "organisation"), pk=pk)
    gone = pausing.take_back_each(
        organisation=request.organisation, pause_ids=[found.pk], by=request.user, now=request.now
    )
    if gone:
        messages.success(request, _("The pause is taken back, as if it never was."))
    else:
        messages.info(request, _("It had been taken back already."))
    return HttpResponseRedirect(_back(request, found.enrolment))


def refusal_words(fault: pausing.CannotPause, today: date) -> str:
    """Why this one cannot be paused on these days, and what to do."""
    if fault.why == "ended":
        return _("They are off this journey: there is no clock to stop.")
    if fault.pause is None:
        return _("The journey had not begun by then. Choose a day after its start.")
    said = {"from": short_day(fault.pause.starts_on, today=today), "why": fault.pause.why}
    if fault.pause.resumes_on is None:
        return (
            _(
                "It stands already since %(from)s (%(why)s). Let it go on first, or choose earlier days. "
                "Nothing was changed."
            )
            % said
        )
    said["to"] = short_day(fault.pause.resumes_on, today=today)
    return (
        _(
            "Another pause lasts from %(from)s to %(to)s (%(why)s). Choose days that do not overlap, or take "
            "that one back. Nothing was changed."
        )
        % said
    )


def _back(request: MemberRequest, enrolment: Enrolment) -> str:
    page = own_page(request, request.POST.get("next") or request.GET.get("next") or "")
    return page or reverse("dashboards:customer", args=[request.organisation.slug, enrolment.customer_id])
