"""What is done about a champion who may be lost, and about what a customer picked."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from coaching import challenging, noticing, picking
from coaching.models import ChallengeKind
from customers.models import ChampionChange
from customers.noticing import Incomplete
from milestones.models import Pick
from organisations.access import MemberRequest, csm_required
from ui.addresses import own_page, whole_number


@csm_required
@require_POST
def champion_answer(request: MemberRequest, pk: int) -> HttpResponse:
    """Say what is so, or open a challenge against it."""
    change = get_object_or_404(ChampionChange.objects.select_related("customer__organisation"), pk=pk)
    kind_id = whole_number(request.POST.get("kind", ""))
    kind = get_object_or_404(ChallengeKind.objects.current(), pk=kind_id) if kind_id else None
    why = request.POST.get("why", "").replace("\x00", "")
    try:
        noticing.answer(change=change, why=why, kind=kind, by=request.user, now=request.now)
    except (Incomplete, challenging.NotPossible) as refused:
        messages.error(request, str(refused))
    else:
        said = _("Opened, with its steps: %(name)s.") % {"name": kind.name} if kind else _("Settled.")
        messages.success(request, said)
    return redirect("dashboards:customer", request.organisation.slug, change.customer_id)


@csm_required
@require_POST
def pick_taking_up(request: MemberRequest, pk: int) -> HttpResponse:
    """Go on with what a customer picked: it leaves Today."""
    row = get_object_or_404(Pick.objects.select_related("enrolment"), pk=pk)
    picking.take_up(pick=row, by=request.user, now=request.now)
    if there := own_page(request, request.POST.get("next", "")):
        return HttpResponseRedirect(there)
    return redirect("dashboards:customer", request.organisation.slug, row.enrolment.customer_id)
