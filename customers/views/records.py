"""Writing down customers and the people there. Their page itself is in `dashboards`."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from customers import keeping
from customers.forms import ContactForm, CustomerForm
from customers.models import Contact, Customer
from organisations.access import MemberRequest, csm_required
from ui.htmx import render_page


def _to_customer(request: MemberRequest, customer: Customer) -> HttpResponse:
    return redirect("dashboards:customer", request.organisation.slug, customer.pk)


@csm_required
def customer_new(request: MemberRequest) -> HttpResponse:
    form = CustomerForm(
        request.POST or None, organisation=request.organisation, initial={"owner": request.user}
    )
    if form.is_valid() and (customer := _kept(form, request, None)):
        messages.success(request, _("%(name)s is in. Next: who works there.") % {"name": customer.name})
        return _to_customer(request, customer)
    return _form_page(request, "customers/customer_edit.html", {"form": form})


@csm_required
def customer_edit(request: MemberRequest, pk: int) -> HttpResponse:
    rows = Customer.objects.select_related("organisation", "segment", "owner")
    customer = get_object_or_404(rows, pk=pk)
    form = CustomerForm(
        request.POST or None,
        organisation=request.organisation,
        customer=customer,
        initial=CustomerForm.initial_of(customer),
    )
    if form.is_valid() and _kept(form, request, customer):
        messages.success(request, _("Saved. Imports keep what you changed."))
        return _to_customer(request, customer)
    return _form_page(request, "customers/customer_edit.html", {"form": form, "customer": customer})


def _kept(form: CustomerForm, request: MemberRequest, customer: Customer | None) -> Customer | None:
    given: dict[str, Any] = {"by": request.user, "now": request.now}
    try:
        if customer is None:
            return keeping.add_customer(organisation=request.organisation, values=form.cleaned_data, **given)
        values = form.values
        if values.get("key") == "":
            del values["key"]
        return keeping.edit_customer(customer=customer, values=values, **given)
    except keeping.KeyTaken:
        form.add_error("key", _("Another customer has this id. Choose another, or leave it empty."))
    return None


@csm_required
@require_POST
def archive(request: MemberRequest, pk: int) -> HttpResponse:
    customer = get_object_or_404(Customer.objects.select_related("organisation"), pk=pk)
    keeping.archive(customer=customer, by=request.user, now=request.now)
    messages.success(request, _("%(name)s is archived. Everything is kept.") % {"name": customer.name})
    return _to_customer(request, customer)


@csm_required
@require_POST
def restoration(request: MemberRequest, pk: int) -> HttpResponse:
    customer = get_object_or_404(Customer.objects.select_related("organisation"), pk=pk)
    keeping.restore(customer=customer, by=request.user, now=request.now)
    messages.success(request, _("%(name)s is back in the lists.") % {"name": customer.name})
    return _to_customer(request, customer)


@csm_required
@require_POST
def comeback(request: MemberRequest, pk: int) -> HttpResponse:
    customer = get_object_or_404(Customer.objects.select_related("organisation"), pk=pk)
    keeping.take_back(customer=customer, by=request.user, now=request.now)
    messages.success(request, _("%(name)s is back. Enrol them when they begin.") % {"name": customer.name})
    return _to_customer(request, customer)


@csm_required
def contact_new(request: MemberRequest, pk: int) -> HttpResponse:
    customer = get_object_or_404(Customer.objects.select_related("organisation"), pk=pk)
    form = ContactForm(request.POST or None, initial={"is_primary": not customer.contacts.exists()})
    if form.is_valid():
        try:
            contact = keeping.add_contact(
                customer=customer, values=form.cleaned_data, by=request.user, now=request.now
            )
        except keeping.AddressTaken:
            _say_address_taken(form)
        except keeping.Erased as refused:
            form.add_error("address", str(refused))
        else:
            messages.success(request, _("%(name)s is written down.") % {"name": contact.name})
            return _to_customer(request, customer)
    return _form_page(request, "customers/contact_edit.html", {"form": form, "customer": customer})


@csm_required
def contact_edit(request: MemberRequest, pk: int) -> HttpResponse:
    contact = get_object_or_404(Contact.objects.select_related("recipient", "customer__organisation"), pk=pk)
    form = ContactForm(request.POST or None, initial=ContactForm.initial_of(contact))
    if form.is_valid():
        try:
            keeping.edit_contact(contact=contact, values=form.values, by=request.user, now=request.now)
        except keeping.AddressTaken:
            _say_address_taken(form)
        except keeping.Erased as refused:
            form.add_error("address", str(refused))
        else:
            messages.success(request, _("Saved. Imports keep what you changed."))
            return _to_customer(request, contact.customer)
    context = {"form": form, "customer": contact.customer, "contact": contact}
    return _form_page(request, "customers/contact_edit.html", context)


def _say_address_taken(form: ContactForm) -> None:
    form.add_error("address", _("Somebody else at this customer has this address."))


@csm_required
@require_POST
def contact_return(request: MemberRequest, pk: int) -> HttpResponse:
    contact = get_object_or_404(Contact.objects.select_related("customer__organisation"), pk=pk)
    try:
        keeping.contact_returned(contact=contact, by=request.user, now=request.now)
    except keeping.Erased as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("%(name)s is there again.") % {"name": contact.name})
    return _to_customer(request, contact.customer)


def _form_page(request: MemberRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    status = 422 if context["form"].is_bound else 200
    return render_page(request, template, {"nav": "customers", **context}, status=status)
