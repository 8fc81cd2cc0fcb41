"""What a customer wants to reach, for members: written down, measured, asked about. Nobody confirms here."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from customers import defining
from customers.defining.letters import PURPOSE
from customers.editions import history_of
from customers.forms import OutcomeForm, RetirementForm, WhomForm
from customers.measuring import progress_of
from customers.models import Customer, GoalLevel, GoalScale, Outcome, OutcomeAsk
from organisations.access import MemberRequest, csm_required, member_required
from post import linking
from ui.addresses import whole_number
from ui.htmx import render_page

DEMO_LINK_DAYS = 1


@require_safe
@member_required
def outcomes(request: MemberRequest, pk: int) -> HttpResponse:
    """All of a customer's outcomes, those that are retired below."""
    customer = get_object_or_404(Customer.objects.select_related("organisation"), pk=pk)
    rows = Outcome.objects.filter(customer=customer).select_related("metric", "contact", "confirmed_by")
    standing = list(rows.standing().in_order())
    context = {
        "nav": "customers",
        "customer": customer,
        "outcomes": standing,
        "progress": progress_of(standing),
        "retired": rows.exclude(retired_at=None).order_by("-retired_at", "-id"),
    }
    return render_page(request, "customers/outcomes.html", context)


@csm_required
def outcome_new(request: MemberRequest, pk: int) -> HttpResponse:
    customer = get_object_or_404(Customer.objects.select_related("organisation"), pk=pk)
    form = OutcomeForm(request.POST or None, customer=customer)
    if form.is_valid():
        try:
            defining.add(customer=customer, values=form.cleaned_data, by=request.user, now=request.now)
        except defining.Incomplete as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, _("Written down. Next: ask them whether it is right."))
            return redirect("customers:outcomes", request.organisation.slug, customer.pk)
    return _form_page(request, form, {"customer": customer})


@require_safe
@member_required
def outcome(request: MemberRequest, pk: int) -> HttpResponse:
    """One outcome: how it is written, how it came to be so, and what the customer says of it."""
    row = _outcome(pk)
    replies = row.replies.standing().select_related("contact").order_by("-at", "-id")
    context: dict[str, Any] = {
        "nav": "customers",
        "customer": row.customer,
        "outcome": row,
        "progress": progress_of([row]).get(row.pk),
        "history": history_of(row),
        "replies": replies,
        "asks": row.asks.filter(closed_at=None).select_related("contact").order_by("id"),
        "others": WhomForm(customer=row.customer),
        "retirement": RetirementForm(),
        "scale": GoalScale.objects.filter(outcome=row).first(),
        "level": GoalLevel.objects.standing().filter(scale__outcome=row).newest_first().first(),
        "is_demo": settings.DEMO,
    }
    return render_page(request, "customers/outcome.html", context)


@csm_required
def outcome_edit(request: MemberRequest, pk: int) -> HttpResponse:
    row = _outcome(pk)
    form = OutcomeForm(request.POST or None, initial=OutcomeForm.initial_of(row), customer=row.customer)
    if form.is_valid():
        try:
            defining.edit(outcome=row, values=form.values, by=request.user, now=request.now)
        except defining.Incomplete as refused:
            form.add_error(refused.field, str(refused))
        except defining.NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Saved. How it stood before is kept in its history."))
            return _to_outcome(request, row)
    return _form_page(request, form, {"customer": row.customer, "outcome": row})


def _form_page(request: MemberRequest, form: OutcomeForm, context: dict[str, Any]) -> HttpResponse:
    context = {"nav": "customers", "form": form, **context}
    status = 422 if form.is_bound else 200
    return render_page(request, "customers/outcome_edit.html", context, status=status)


@csm_required
@require_POST
def outcome_place(request: MemberRequest, pk: int) -> HttpResponse:
    """To another place among the customer's outcomes."""
    row = _outcome(pk)
    try:
        defining.move(
            outcome=row, to=whole_number(request.POST.get("to", "")) or 1, by=request.user, now=request.now
        )
    except defining.NotPossible as refused:
        messages.error(request, str(refused))
    return redirect("customers:outcomes", request.organisation.slug, row.customer_id)


@csm_required
@require_POST
def outcome_retirement(request: MemberRequest, pk: int) -> HttpResponse:
    row = _outcome(pk)
    try:
        defining.retire(
            outcome=row,
            why=request.POST.get("why", "").replace("\x00", ""),
            by=request.user,
            now=request.now,
        )
    except defining.NotPossible as refused:
        messages.error(request, str(refused))
        return _to_outcome(request, row)
    messages.success(request, _("Retired. It stays here, with everything that was said."))
    return redirect("customers:outcomes", request.organisation.slug, row.customer_id)


@csm_required
@require_POST
def outcome_return(request: MemberRequest, pk: int) -> HttpResponse:
    row = _outcome(pk)
    defining.restore(outcome=row, by=request.user, now=request.now)
    messages.success(request, _("It is wanted again."))
    return _to_outcome(request, row)


@csm_required
@require_POST
def outcome_question(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask somebody there whether it is right, or ask again."""
    row = _outcome(pk)
    form = WhomForm(request.POST, customer=row.customer)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["contact"])))
        return _to_outcome(request, row)
    contact = form.cleaned_data["contact"]
    try:
        defining.ask(outcome=row, contact=contact, by=request.user, now=request.now)
    except defining.NotPossible as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("%(name)s gets the question by mail.") % {"name": contact.name})
    return _to_outcome(request, row)


@csm_required
@require_POST
def outcome_visit(request: MemberRequest, pk: int) -> HttpResponse:
    """Demo mode alone: open the customer's page as the person asked. What is answered there is marked."""
    if not settings.DEMO:
        raise Http404
    ask = get_object_or_404(OutcomeAsk.objects.select_related("contact__recipient"), pk=pk)
    token = linking.make(
        organisation=request.organisation,
        purpose=PURPOSE,
        subject_id=ask.pk,
        address=ask.contact.address,
        now=request.now,
        days=DEMO_LINK_DAYS,
        by=request.user,
        is_demo=True,
    )
    return redirect("dashboards:wording", token)


def _outcome(pk: int) -> Outcome:
    rows = Outcome.objects.select_related(
        "organisation", "customer__organisation", "customer__owner", "metric", "contact", "confirmed_by",
        "created_by",
    )  # fmt: skip
    return get_object_or_404(rows, pk=pk)


def _to_outcome(request: MemberRequest, row: Outcome) -> HttpResponse:
    return redirect("customers:outcome", request.organisation.slug, row.pk)
