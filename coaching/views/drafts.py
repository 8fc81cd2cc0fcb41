"""What is typed into the call form reaches the server every few seconds."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from coaching import scheduling
from coaching.forms import token_of, typed
from customers.models import Customer
from organisations.access import MemberRequest, csm_required
from ui.toasts import toast


@require_POST
@csm_required
def call_draft(request: MemberRequest, pk: int) -> HttpResponse:
    """Keep the form as it stands."""
    customer = get_object_or_404(Customer.objects, pk=pk)
    try:
        scheduling.keep_draft(
            organisation=request.organisation,
            customer=customer,
            by=request.user,
            fields=typed(request.POST),
            now=request.now,
            token=token_of(request.POST),
        )
    except scheduling.DraftTooLong:
        return HttpResponse(_("This is more than a draft holds. Save the call."), status=413)
    return HttpResponse(status=204)


@require_POST
@csm_required
def call_draft_removal(request: MemberRequest, pk: int) -> HttpResponse:
    """Start afresh."""
    customer = get_object_or_404(Customer.objects, pk=pk)
    scheduling.drop_draft(customer=customer, by=request.user)
    toast(request, _("The draft is gone. This is a fresh form."))
    return redirect("coaching:call_new", request.organisation.slug, customer.pk)
