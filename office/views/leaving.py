"""A customer leaves: the day and the reason, and what that ends."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy, ngettext

from customers.models import Customer
from milestones.models import Enrolment
from office import parting
from organisations.access import MemberRequest, csm_required
from ui.htmx import render_page


class LeavingForm(forms.Form):
    on = forms.DateField(
        label=gettext_lazy("Since when"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    why = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=200,
        help_text=gettext_lazy("In one sentence. It stands with the enrolments that end, too."),
    )


@csm_required
def customer_leaving(request: MemberRequest, pk: int) -> HttpResponse:
    customer = get_object_or_404(Customer.objects.select_related("organisation"), pk=pk)
    today = request.now.astimezone(request.organisation.tzinfo).date()
    form = LeavingForm(request.POST if request.method == "POST" else None, initial={"on": today})
    if form.is_valid():
        ended = parting.customer_leaves(
            customer=customer, by=request.user, now=request.now, **form.cleaned_data
        )
        messages.success(request, _left(customer, ended))
        return redirect("dashboards:customer", request.organisation.slug, customer.pk)
    journeys = Enrolment.objects.open().of_customer(customer).select_related("journey")
    context = {"nav": "customers", "form": form, "customer": customer, "enrolments": journeys}
    return render_page(request, "office/customer_leaving.html", context, status=422 if form.is_bound else 200)


def _left(customer: Customer, ended: int) -> str:
    words = ngettext(
        "%(name)s has left; %(n)d journey ended.", "%(name)s has left; %(n)d journeys ended.", ended
    )
    return words % {"name": customer.name, "n": ended}
