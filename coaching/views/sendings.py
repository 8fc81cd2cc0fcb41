"""Resources for one customer: what fits them now, what they were sent; and sending one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coaching import sharing
from coaching.models import ResourceEdition, Sending
from coaching.views.resources import find, sending_form, show_resource
from customers.models import Customer
from organisations.access import MemberRequest, csm_required, member_required
from ui.htmx import render_page

MOST = 100


@require_safe
@member_required
def customer_resources(request: MemberRequest, pk: int) -> HttpResponse:
    """Suggested, because it fits where they are; and everything they were sent, with what came of it."""
    customer = get_object_or_404(Customer.objects, pk=pk)
    fit = sharing.fit_of(customer)
    suggested = sharing.suggested(fit, customer=customer)
    context = {
        "nav": "customers",
        "customer": customer,
        "fit": fit,
        "suggested": suggested,
        "editions": ResourceEdition.objects.by_resource(suggested),
        "sendings": list(Sending.objects.filter(customer=customer).with_people().newest_first()[:MOST]),
    }
    return render_page(request, "coaching/customer_resources.html", context)


@require_POST
@csm_required
def resource_sending(request: MemberRequest, pk: int) -> HttpResponse:
    """Send it to one person of the customer that was chosen."""
    found = find(pk)
    form = sending_form(request, request.POST)
    if form is None:
        messages.error(request, _("Choose a customer first, then to whom of them it goes."))
        return redirect("coaching:resource", request.organisation.slug, pk)
    if form.is_valid():
        contact = form.cleaned_data["contact"]
        try:
            sharing.send(
                resource=found,
                contact=contact,
                words=form.cleaned_data["words"],
                by=request.user,
                now=request.now,
            )
        except sharing.NotPossible as refused:
            form.add_error("contact", str(refused))
        else:
            messages.success(
                request,
                _("“%(title)s” is in the outbox for %(name)s.")
                % {"title": found.title, "name": contact.name},
            )
            return redirect("coaching:customer_resources", request.organisation.slug, contact.customer_id)
    return show_resource(request, found, form=form, status=422)
