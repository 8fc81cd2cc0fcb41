"""What a customer says of a milestone's wording, for members: read it, take it up."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from milestones import agreeing
from milestones.models import Agreement
from organisations.access import MemberRequest, csm_required, member_required
from ui.htmx import render_page


@require_safe
@member_required
def agreement(request: MemberRequest, pk: int) -> HttpResponse:
    found = _found(pk)
    context = {
        "agreement": found,
        "customer": found.enrolment.customer,
        "journey": found.enrolment.journey,
        "is_open": not found.is_right and found.settled_at is None,
    }
    return render_page(request, "milestones/agreement.html", context)


@require_POST
@csm_required
def agreement_settlement(request: MemberRequest, pk: int) -> HttpResponse:
    """Somebody here has taken it up; nothing else changes."""
    found = _found(pk)
    agreeing.settle(agreement=found, by=request.user, now=request.now)
    messages.success(request, _("Taken up. It stands in their history."))
    return redirect("dashboards:customer", request.organisation.slug, found.enrolment.customer_id)


def _found(pk: int) -> Agreement:
    related = ("enrolment__customer", "enrolment__journey", "milestone", "contact", "settled_by")
    answered = Agreement.objects.exclude(answered_at=None).select_related(*related)
    return get_object_or_404(answered, pk=pk)
