"""The brief for a call: one page to read, or to print."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from customers.models import Customer
from dashboards.brief import brief_of
from organisations.access import MemberRequest, member_required
from ui.htmx import render_page


@require_safe
@member_required
def brief(request: MemberRequest, pk: int) -> HttpResponse:
    customer = get_object_or_404(Customer.objects.select_related("owner", "segment"), pk=pk)
    customer.organisation = request.organisation
    now = localtime(request.now)
    context = {
        "nav": "customers",
        "customer": customer,
        "brief": brief_of(customer, organisation=request.organisation, now=now),
        "today": now.date(),
    }
    return render_page(request, "dashboards/brief.html", context)
