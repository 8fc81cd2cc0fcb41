"""What was promised: by whom, by when, and how it ended."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coaching import scheduling
from coaching.models import Commitment
from customers.models import Customer
from organisations.access import MemberRequest, csm_required, member_required
from ui.addresses import own_page
from ui.htmx import render_page
from ui.toasts import toast

MOST_SETTLED = 100


@require_safe
@member_required
def commitments(request: MemberRequest, pk: int) -> HttpResponse:
    """A customer's commitments, the open ones on top."""
    customer = get_object_or_404(Customer.objects, pk=pk)
    rows = Commitment.objects.filter(customer=customer).with_owners()
    context = {
        "nav": "customers",
        "customer": customer,
        "open": rows.open().soonest_first(),
        "settled": rows.exclude(state=Commitment.State.OPEN).order_by("-settled_at", "-id")[:MOST_SETTLED],
    }
    return render_page(request, "coaching/commitments.html", context)


@require_POST
@csm_required
def commitment_settlement(request: MemberRequest, pk: int) -> HttpResponse:
    """Say how it ended, or open it again; the toast takes it back."""
    commitment = get_object_or_404(Commitment.objects, pk=pk)
    before, state = commitment.state, request.POST.get("state") or request.GET.get("state")
    if state not in Commitment.State.values:
        raise Http404
    scheduling.settle(commitment=commitment, state=state, by=request.user, now=request.now)
    if state != before:
        undo = reverse("coaching:commitment_settlement", args=[request.organisation.slug, pk])
        toast(request, _said(commitment, state), undo=f"{undo}?state={before}")
    return redirect(_back(request, commitment.customer_id))


def _said(commitment: Commitment, state: str) -> str:
    words = {
        Commitment.State.KEPT: _("Kept: %(will)s"),
        Commitment.State.NOT_KEPT: _("Not kept: %(will)s"),
        Commitment.State.OPEN: _("Open again: %(will)s"),
    }
    return words[Commitment.State(state)] % {"will": commitment.will}


def _back(request: MemberRequest, customer_id: int) -> str:
    """To the page it was settled on."""
    came_from = request.POST.get("next") or request.META.get("HTTP_REFERER", "")
    slug = request.organisation.slug
    return own_page(request, came_from) or reverse("coaching:commitments", args=[slug, customer_id])
