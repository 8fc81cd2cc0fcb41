"""Who has which part at a customer, champions somebody sees slipping, requests about data."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from customers import keeping, noticing, requesting
from customers.models import ChampionChange, Contact, Customer, DataRequest
from organisations.access import MemberRequest, admin_required, csm_required
from ui.htmx import render_page

MOST_CLOSED = 50


@csm_required
@require_POST
def roles(request: MemberRequest, pk: int) -> HttpResponse:
    """Who has which part there: all of them at once."""
    customer = get_object_or_404(Customer.objects.select_related("organisation"), pk=pk)
    changed = 0
    for contact in Contact.objects.current().filter(customer=customer):
        role = request.POST.get(f"role-{contact.pk}")
        if role is None or role == contact.role or role not in ("", *Contact.Role.values):
            continue
        contact.customer = customer
        keeping.edit_contact(contact=contact, values={"role": role}, by=request.user, now=request.now)
        changed += 1
    if changed:
        messages.success(request, _("Kept: who has which part."))
    return _to_map(request, customer.pk)


@csm_required
@require_POST
def champion_sign(request: MemberRequest, pk: int) -> HttpResponse:
    """Somebody here saw that a champion may be lost."""
    rows = Contact.objects.current().select_related("customer__organisation")
    contact = get_object_or_404(rows, pk=pk)
    words = request.POST.get("words", "").replace("\x00", "")[:2000]
    try:
        noticing.notice(
            contact=contact, sign=ChampionChange.Sign.SEEN, words=words, by=request.user, now=request.now
        )
    except noticing.Incomplete as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Written down. It stays on Today until somebody says what is so."))
    return _to_map(request, contact.customer_id)


@require_safe
@admin_required
def data_requests(request: MemberRequest) -> HttpResponse:
    """What people at customers ask about their own data; those that wait first."""
    rows = DataRequest.objects.select_related("customer", "contact__recipient", "closed_by")
    context = {
        "nav": "customers",
        "open": rows.open().order_by("asked_at", "id"),
        "closed": rows.exclude(closed_at=None).order_by("-closed_at", "-id")[:MOST_CLOSED],
        "days": requesting.WITHIN_DAYS,
    }
    return render_page(request, "customers/data_requests.html", context)


@admin_required
@require_POST
def data_closing(request: MemberRequest, pk: int) -> HttpResponse:
    """It is done; the person reads what was done."""
    row = get_object_or_404(DataRequest.objects, pk=pk)
    answer = request.POST.get("answer", "").replace("\x00", "")
    try:
        requesting.close(request=row, answer=answer, by=request.user, now=request.now)
    except requesting.Incomplete as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Answered. They get it by mail, if they can still be written to."))
    return redirect("customers:data_requests", request.organisation.slug)


def _to_map(request: MemberRequest, pk: int) -> HttpResponse:
    answer = redirect("dashboards:customer", request.organisation.slug, pk)
    answer["Location"] += "#map"
    return answer
