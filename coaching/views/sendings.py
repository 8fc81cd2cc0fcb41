"""Resources for one customer: what fits them now, what they were sent; and sending one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from coaching import sharing
from coaching.forms.resources import SendingForm
from coaching.models import Resource, ResourceEdition, Sending
from coaching.views.resources import find, show_resource
from customers.models import Contact, Customer
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


@require_http_methods(["GET", "HEAD", "POST"])
@csm_required
def resource_sending(request: MemberRequest, pk: int, resource: int) -> HttpResponse:
    """A resource, looked at for this customer; POST sends it to one of their people."""
    customer = get_object_or_404(Customer.objects, pk=pk)
    found = find(resource)
    people = Contact.objects.current().filter(customer=customer).exclude(recipient=None)
    first = people.filter(is_primary=True).values_list("pk", flat=True).first()
    form = SendingForm(
        request.POST if request.method == "POST" else None,
        people=people.order_by("-is_primary", "name", "pk"),
        initial={"contact": first},
    )
    if form.is_valid() and _sent(request, found, form):
        return redirect("coaching:customer_resources", request.organisation.slug, customer.pk)
    status = 422 if form.is_bound else 200
    return show_resource(request, found, customer=customer, form=form, status=status)


def _sent(request: MemberRequest, resource: Resource, form: SendingForm) -> bool:
    """False when it cannot be sent; the form says why."""
    contact, words = form.cleaned_data["contact"], form.cleaned_data["words"]
    try:
        sharing.send(resource=resource, contact=contact, words=words, by=request.user, now=request.now)
    except sharing.NotPossible as refused:
        form.add_error("contact", str(refused))
        return False
    said = _("“%(title)s” is in the outbox for %(name)s.")
    messages.success(request, said % {"title": resource.title, "name": contact.name})
    return True
