"""Plan the next call with a customer, move it, or say that it will not be."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coaching import scheduling
from coaching.forms import NextCallForm
from coaching.models import Touchpoint
from customers.models import Customer
from organisations.access import MemberRequest, csm_required
from ui.addresses import own_page
from ui.htmx import render_page
from ui.moments import when_words
from ui.toasts import toast


@require_http_methods(["GET", "HEAD", "POST"])
@csm_required
def next_call(request: MemberRequest, pk: int) -> HttpResponse:
    customer = get_object_or_404(Customer.objects, pk=pk)
    planned = (
        Touchpoint.objects.planned().filter(customer=customer, owner=request.user).soonest_first().last()
    )
    form = NextCallForm(request.POST or None, now=request.now, initial=_initial(request, planned))
    if request.method == "POST" and form.is_valid():
        due_at = form.cleaned_data["due_at"]
        scheduling.plan(
            organisation=request.organisation,
            customer=customer,
            owner=request.user,
            due_at=due_at,
            by=request.user,
            now=request.now,
            purpose=form.cleaned_data["purpose"],
        )
        words = {"customer": customer.name, "when": when_words(due_at, now=request.now)}
        toast(request, _("Call with %(customer)s planned, %(when)s.") % words)
        return redirect(_back(request, customer))
    context = {
        "nav": "customers",
        "form": form,
        "customer": customer,
        "planned": planned,
        "next": request.POST.get("next") or request.GET.get("next", ""),
    }
    return render_page(request, "coaching/next_call.html", context, status=422 if form.is_bound else 200)


@require_POST
@csm_required
def touchpoint_skip(request: MemberRequest, pk: int) -> HttpResponse:
    """This planned call will not be held."""
    planned = get_object_or_404(Touchpoint.objects.select_related("customer"), pk=pk)
    scheduling.skip(touchpoint=planned, by=request.user, now=request.now)
    toast(request, _("The planned call with %(customer)s is off.") % {"customer": planned.customer.name})
    return redirect(_back(request, planned.customer))


def _back(request: MemberRequest, customer: Customer) -> str:
    """To the page that asked for the form, else to the customer."""
    return own_page(request, request.POST.get("next", "")) or reverse(
        "dashboards:customer", args=[request.organisation.slug, customer.pk]
    )


def _initial(request: MemberRequest, planned: Touchpoint | None) -> dict[str, Any]:
    """What is planned; else tomorrow at this hour."""
    due = timezone.localtime(planned.due_at if planned else request.now + timedelta(days=1))
    if planned is None:
        due = due.replace(minute=0)
    return {
        "next_on": due.date(),
        "next_time": due.time().replace(second=0, microsecond=0),
        "purpose": planned.purpose if planned else "",
    }
