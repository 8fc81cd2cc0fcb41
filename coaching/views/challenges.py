"""What stands in a customer's way: opened, its steps ticked, closed with a sentence."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coaching import challenging
from coaching.forms.challenges import ChallengeForm, ClosingForm
from coaching.models import Challenge, ChallengeKind, ChallengeStep
from customers.models import Customer
from organisations.access import MemberRequest, colleagues, csm_required, member_required
from ui.addresses import own_page, whole_number
from ui.htmx import render_page
from ui.toasts import toast

MOST_CLOSED = 100
ENDINGS = {"resolved": challenging.resolve, "given_up": challenging.give_up}


@require_http_methods(["GET", "HEAD"])
@member_required
def challenges(request: MemberRequest, pk: int) -> HttpResponse:
    """A customer's challenges: open ones with their steps, then how the others ended."""
    return _page(request, _customer(pk))


@require_http_methods(["GET", "HEAD", "POST"])
@csm_required
def challenge_new(request: MemberRequest, pk: int) -> HttpResponse:
    """Open one, and read beforehand what it brings."""
    customer = _customer(pk)
    form = ChallengeForm(
        request.POST if request.method == "POST" else None,
        customer=customer,
        members=colleagues(request.organisation, who_write=True),
        initial={
            "owner": customer.owner_id or request.user.pk,
            "kind": whole_number(request.GET.get("kind", "")) or None,
        },
    )
    if form.is_valid():
        try:
            challenge = challenging.open_challenge(
                customer=customer, by=request.user, now=request.now, **form.cleaned_data
            )
        except challenging.NotPossible as refused:
            form.add_error("kind", str(refused))
        else:
            messages.success(request, _("Opened, with its steps: %(name)s.") % {"name": challenge.kind.name})
            return _to_customer(request, customer.pk)
    context: dict[str, Any] = {"nav": "customers", "customer": customer, "form": form}
    context["kinds"] = list(ChallengeKind.objects.not_open_at(customer).in_order())
    status = 422 if form.is_bound else 200
    return render_page(request, "coaching/challenge_new.html", context, status=status)


@require_POST
@csm_required
def challenge_step(request: MemberRequest, pk: int) -> HttpResponse:
    """Tick a step, or take the tick back."""
    step = get_object_or_404(ChallengeStep.objects.select_related("challenge__customer"), pk=pk)
    is_done = (request.POST.get("is") or request.GET.get("is")) != "open"
    verb = challenging.tick if is_done else challenging.untick
    before = step.is_done
    try:
        verb(step=step, by=request.user, now=request.now)
    except challenging.NotPossible as refused:
        messages.error(request, str(refused))
    else:
        if is_done and not before:
            undo = reverse("coaching:challenge_step", args=[request.organisation.slug, pk])
            toast(request, _("Done: %(step)s") % {"step": step.words}, undo=f"{undo}?is=open")
    return HttpResponseRedirect(_back(request, step.challenge.customer_id))


@require_POST
@csm_required
def challenge_closing(request: MemberRequest, pk: int) -> HttpResponse:
    """Resolved or given up, with a sentence."""
    challenge = get_object_or_404(Challenge.objects.select_related("customer", "kind"), pk=pk)
    if request.POST.get("state") not in ENDINGS:
        raise Http404
    form = ClosingForm(request.POST, prefix=f"closing-{pk}")
    customer = _customer(challenge.customer_id)
    if not form.is_valid():
        return _page(request, customer, faulty={pk: form}, status=422)
    try:
        verb = ENDINGS[request.POST["state"]]
        verb(challenge=challenge, why=form.cleaned_data["why"], by=request.user, now=request.now)
    except challenging.Incomplete as refused:
        form.add_error(refused.field, str(refused))
        return _page(request, customer, faulty={pk: form}, status=422)
    except challenging.NotPossible as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Closed: %(name)s.") % {"name": challenge.kind.name})
    return _to_customer(request, customer.pk)


@require_POST
@csm_required
def challenge_return(request: MemberRequest, pk: int) -> HttpResponse:
    """Open again what was closed."""
    challenge = get_object_or_404(Challenge.objects.select_related("customer"), pk=pk)
    try:
        challenging.reopen(challenge=challenge, by=request.user, now=request.now)
    except challenging.NotPossible as refused:
        messages.error(request, str(refused))
    return _to_customer(request, challenge.customer_id)


def _page(
    request: MemberRequest,
    customer: Customer,
    *,
    faulty: dict[int, ClosingForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    rows = Challenge.objects.filter(customer=customer).with_steps()
    open_ones = list(rows.open().newest_first())
    forms = faulty or {}
    context = {
        "nav": "customers",
        "customer": customer,
        "open": [(one, forms.get(one.pk) or ClosingForm(prefix=f"closing-{one.pk}")) for one in open_ones],
        "closed": list(rows.closed().order_by("-closed_at", "-id")[:MOST_CLOSED]),
        "faulty": list(forms.values()),
        "today": localtime(request.now).date(),
        "has_kinds": ChallengeKind.objects.current().exists(),
    }
    return render_page(request, "coaching/challenges.html", context, status=status)


def _customer(pk: int) -> Customer:
    row: Customer = get_object_or_404(Customer.objects.select_related("organisation", "owner"), pk=pk)
    return row


def _to_customer(request: MemberRequest, pk: int) -> HttpResponse:
    return redirect("coaching:challenges", request.organisation.slug, pk)


def _back(request: MemberRequest, customer_id: int) -> str:
    """To the page it was ticked on."""
    came_from = request.POST.get("next") or request.META.get("HTTP_REFERER", "")
    if own_page(request, came_from):
        return came_from
    return reverse("coaching:challenges", args=[request.organisation.slug, customer_id])
