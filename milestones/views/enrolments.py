"""Setting customers out on a journey, ending it for one, and correcting when it began."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.models import Customer
from milestones import enrolling
from milestones.fits import family_of
from milestones.forms.enrolments import EndForm, EnrolForm, FilterForm, StartForm, ticked_customers
from milestones.models import Enrolment, Journey
from milestones.views.journeys import find_journey, posted
from organisations.access import MemberRequest, csm_required
from ui.addresses import own_page
from ui.htmx import render_page

SHOWN = 200


@dataclass(frozen=True)
class Choice:
    """The customers the page offers, and what would come of taking all of them."""

    rows: list[Customer]
    found: int
    on_it: int
    ticked: frozenset[int]

    @property
    def free(self) -> int:
        return self.found - self.on_it

    @property
    def hidden(self) -> int:
        return max(0, self.found - SHOWN)


@csm_required
def enrolments(request: MemberRequest, journey_slug: str) -> HttpResponseBase:
    """GET: choose customers. POST: enrol those in `customer`, or everyone the filter finds (`whom=all`)."""
    journey = find_journey(request, journey_slug)
    today = timezone.localdate(request.now)
    if journey.current_version() is None:
        messages.error(request, _("Publish the journey first; then customers can set out on it."))
        return redirect("milestones:journey_edit", request.organisation.slug, journey.slug)
    if request.method != "POST":
        return _choosing(request, journey, EnrolForm(today=today))
    form = EnrolForm(request.POST, today=today)
    chosen: list[Customer] = []
    if form.is_valid():
        chosen = _chosen(request, journey, form)
        if not chosen:
            form.add_error(None, _("Tick at least one customer. Nobody was enrolled."))
    if not form.is_valid():
        return _choosing(request, journey, form)
    begun = enrolling.enrol(
        organisation=request.organisation,
        customers=chosen,
        journey=journey,
        started_on=form.cleaned_data["started_on"],
        by=request.user,
        now=request.now,
        history=form.cleaned_data["history"],
    )
    messages.success(request, _begun_words(journey, len(begun), len(chosen)))
    return redirect(_next(request) or reverse("milestones:journey", args=_args(request, journey.slug)))


@csm_required
def enrolment_end(request: MemberRequest, pk: int) -> HttpResponseBase:
    enrolment = _open_enrolment(pk)
    form = EndForm(posted(request), use_required_attribute=False)
    if form.is_valid():
        try:
            enrolling.end(enrolment=enrolment, by=request.user, now=request.now, **form.cleaned_data)
        except enrolling.NotOpen:
            messages.info(request, _("It had ended already."))
        else:
            words = {"customer": enrolment.customer.name, "journey": enrolment.journey.name}
            messages.success(request, _("%(customer)s is off “%(journey)s”.") % words)
        return redirect(_back(request, enrolment))
    return _form_page(request, "milestones/enrolment_end.html", enrolment, form)


@csm_required
def enrolment_start(request: MemberRequest, pk: int) -> HttpResponseBase:
    enrolment = _open_enrolment(pk)
    today = timezone.localdate(request.now)
    initial = {"started_on": enrolment.started_on}
    form = StartForm(posted(request), today=today, initial=initial)
    if form.is_valid():
        try:
            enrolling.change_start(
                enrolment=enrolment,
                started_on=form.cleaned_data["started_on"],
                by=request.user,
                now=request.now,
            )
        except enrolling.NotOpen:
            messages.info(request, _("The journey has ended; its start stays as it is."))
        else:
            messages.success(request, _("The start is changed, and the milestones are counted again."))
        return redirect(_back(request, enrolment))
    return _form_page(request, "milestones/enrolment_start.html", enrolment, form)


def _chosen(request: MemberRequest, journey: Journey, form: EnrolForm) -> list[Customer]:
    if request.POST.get("whom") != "all":
        return ticked_customers(request.POST.getlist("customer"))
    rows = enrolling.candidates(
        journey=journey, text=form.cleaned_data["q"], segment=form.cleaned_data["segment"]
    )
    return list(rows)


def _choosing(request: MemberRequest, journey: Journey, form: EnrolForm) -> HttpResponse:
    asked = FilterForm(request.POST if form.is_bound else request.GET)
    asked.is_valid()
    ticked = ticked_customers(request.POST.getlist("customer")) if form.is_bound else []
    filters = {"text": asked.cleaned_data.get("q", ""), "segment": asked.cleaned_data.get("segment")}
    found = enrolling.candidates(journey=journey, **filters)
    counted = found.aggregate(found=Count("pk"), on_it=Count("on_it_since"))
    rows = list(found[:SHOWN])
    shown = {row.pk for row in rows}
    choice = Choice(
        rows=[*(row for row in ticked if row.pk not in shown), *rows],
        found=counted["found"],
        on_it=counted["on_it"],
        ticked=frozenset(row.pk for row in ticked),
    )
    context = {
        "nav": "journeys",
        "journey": journey,
        "version": journey.current_version(),
        "has_variants": bool(family_of(journey).variants),
        "form": form,
        "filter": asked,
        "choice": choice,
        "next": _next(request),
    }
    status = 422 if form.is_bound else 200
    return render_page(request, "milestones/enrolments.html", context, status=status)


def _begun_words(journey: Journey, begun: int, chosen: int) -> str:
    said = ngettext(
        "%(count)d customer has set out on “%(journey)s”.",
        "%(count)d customers have set out on “%(journey)s”.",
        begun,
    ) % {"count": begun, "journey": journey.name}
    if chosen == begun:
        return said
    stayed = ngettext(
        "%(count)d was on it already and stays as they are.",
        "%(count)d were on it already and stay as they are.",
        chosen - begun,
    ) % {"count": chosen - begun}
    return f"{said} {stayed}"


def _open_enrolment(pk: int) -> Enrolment:
    rows = Enrolment.objects.open().select_related("customer", "journey")
    return get_object_or_404(rows, pk=pk)


def _form_page(request: MemberRequest, template: str, enrolment: Enrolment, form: Any) -> HttpResponse:
    context = {
        "nav": "customers",
        "enrolment": enrolment,
        "form": form,
        "next": _next(request),
        "back": _back(request, enrolment),
    }
    return render_page(request, template, context, status=422 if form.is_bound else 200)


def _args(request: MemberRequest, *rest: str | int) -> list[str | int]:
    return [request.organisation.slug, *rest]


def _next(request: MemberRequest) -> str:
    """Where the page that sent us here wants to go back to; nothing that leaves the house."""
    return own_page(request, request.POST.get("next") or request.GET.get("next") or "")


def _back(request: MemberRequest, enrolment: Enrolment) -> str:
    return _next(request) or reverse("dashboards:customer", args=_args(request, enrolment.customer_id))
