"""Demo mode alone: a member opens the customer's page as somebody there. What is answered is marked."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from customers.models import Contact
from organisations.access import MemberRequest, csm_required
from post import linking

DAYS = 1


@require_POST
@csm_required
def their_page(request: MemberRequest, pk: int) -> HttpResponse:
    """Outside the demo nobody but the customer holds their link, so that only they can answer."""
    if not settings.DEMO:
        raise Http404
    people = Contact.objects.current().exclude(recipient=None).select_related("recipient")
    contact = get_object_or_404(people, pk=pk)
    token = linking.make(
        organisation=request.organisation,
        purpose="customer",
        subject_id=contact.pk,
        address=contact.address,
        now=request.now,
        days=DAYS,
        by=request.user,
        is_demo=True,
    )
    page = "favour" if request.POST.get("to") == "favour" else "customer_page"
    return redirect(f"dashboards:{page}", token)
