"""Who gets which journey of a family: shown first, with the reason, then done."""

from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.models import Customer
from milestones import assigning
from milestones.enrolling import candidates
from milestones.fits import family_of, rule_words
from milestones.forms.enrolments import EnrolForm, FilterForm, ticked_customers
from milestones.models import Enrolment, Journey
from milestones.views.journeys import find_journey
from organisations.access import MemberRequest, csm_required
from ui.addresses import own_page, whole_number
from ui.htmx import render_page

MOST, SHOWN = 5000, 50


@dataclass(frozen=True)
class Group:
    """Who sets out on one journey, and why on that."""

    journey: Journey
    why: str
    customers: list[Customer]

    @property
    def shown(self) -> list[Customer]:
        return self.customers[:SHOWN]


@csm_required
def assignment(request: MemberRequest, journey_slug: str) -> HttpResponseBase:
    """Of those in `customer`; else (GET, or `whom=all`) of everybody the filter finds.

    With `step=apply` they set out, else it is only shown.
    """
    journey = find_journey(request, journey_slug)
    today = timezone.localdate(request.now)
    if journey.family.current_version() is None:
        messages.error(request, _("Publish the journey first; then customers can set out on it."))
        return redirect("milestones:journey", request.organisation.slug, journey.slug)
    step = request.POST.get("step", "")
    is_filled = step == "apply" or "started_on" in request.POST
    form = EnrolForm(request.POST if is_filled else None, today=today)
    plan = assigning.plan(journey, _chosen(request, journey))
    if step == "apply" and form.is_valid():
        try:
            return _enrolled(request, journey, form, plan)
        except assigning.Outdated:
            said = _("Somebody or something changed since you looked. Nobody was enrolled; look again.")
            messages.error(request, said)
    is_refused = step == "apply"
    return _page(request, journey, form, plan, status=422 if is_refused else 200)


def _chosen(request: MemberRequest, journey: Journey) -> list[Customer]:
    """Those ticked; else everybody found who is on no journey of the family yet, up to `MOST`."""
    if not _is_everybody(request):
        return ticked_customers(_asked(request).getlist("customer"))
    asked = FilterForm(_asked(request))
    asked.is_valid()
    rows = candidates(
        journey=journey,
        text=asked.cleaned_data.get("q", ""),
        segment=asked.cleaned_data.get("segment"),
    )
    there = Enrolment.objects.open().filter(journey__in=family_of(journey).ids, customer=OuterRef("pk"))
    return list(rows.exclude(Exists(there))[:MOST])


def _asked(request: MemberRequest) -> QueryDict:
    return request.POST if request.method == "POST" else request.GET


def _is_everybody(request: MemberRequest) -> bool:
    if request.method == "POST":
        return request.POST.get("whom") == "all"
    return "customer" not in request.GET


def _enrolled(
    request: MemberRequest, journey: Journey, form: EnrolForm, plan: assigning.Plan
) -> HttpResponseBase:
    day = form.cleaned_data["started_on"]
    assigned = assigning.enrol_fitting(
        organisation=request.organisation,
        journey=journey,
        starts={line.customer.pk: day for line in plan.lines},
        by=request.user,
        now=request.now,
        history=form.cleaned_data["history"],
        decisions={
            name.removeprefix("tie-"): whole_number(str(chosen))
            for name, chosen in request.POST.items()
            if name.startswith("tie-")
        },
        mark=request.POST.get("mark", ""),
    )
    messages.success(request, _said(assigned))
    back = own_page(request, request.POST.get("next", ""))
    here = reverse("milestones:journey", args=[request.organisation.slug, journey.family.slug])
    return redirect(back or here)


def _said(assigned: assigning.Assigned) -> str:
    """ "3 customers have set out: 2 on “Freight”, 1 on “First data”." """
    on: dict[str, int] = {}
    for each in assigned.enrolments:
        on[each.journey.name] = on.get(each.journey.name, 0) + 1
    count = len(assigned.enrolments)
    said = ngettext(
        "%(count)d customer has set out: %(on)s.", "%(count)d customers have set out: %(on)s.", count
    )
    each_on = [_("%(n)d on “%(name)s”") % {"n": n, "name": name} for name, n in on.items()]
    words = [said % {"count": count, "on": ", ".join(each_on)}] if count else [_("Nobody has set out.")]
    if assigned.undecided:
        waiting = ngettext(
            "%(count)d waits for a decision.", "%(count)d wait for a decision.", assigned.undecided
        )
        words.append(waiting % {"count": assigned.undecided})
    return " ".join(words)


def _page(
    request: MemberRequest, journey: Journey, form: EnrolForm, plan: assigning.Plan, *, status: int
) -> HttpResponse:
    filters = FilterForm(_asked(request))
    base = plan.family.base
    groups = [Group(each, _why(each, base), customers) for each, customers in plan.going.items() if customers]
    is_everybody = _is_everybody(request)
    context = {
        "nav": "journeys",
        "journey": base,
        "form": form,
        "filter": filters,
        "plan": plan,
        "groups": groups,
        "count": sum(len(each.customers) for each in groups),
        "ties": [(tie, [(one, rule_words(one)) for one in tie.variants]) for tie in plan.ties],
        "is_everybody": is_everybody,
        "is_cut": is_everybody and len(plan.lines) == MOST,
        "most": MOST,
        "next": own_page(request, request.POST.get("next") or request.GET.get("next") or ""),
    }
    return render_page(request, "milestones/assignment.html", context, status=status)


def _why(journey: Journey, base: Journey) -> str:
    if journey == base:
        return _("no variant is for them, and the base is for everybody else")
    return rule_words(journey)
