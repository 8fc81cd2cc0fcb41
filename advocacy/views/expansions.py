"""Growth: the pipeline by state, one signal with its three legs, and what people make of it."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from advocacy import expanding
from advocacy.forms.expansions import CALLS, NeedForm, PlanForm, WhyForm
from advocacy.forms.referrals import ValueForm
from advocacy.models import Expansion, Need
from advocacy.pipeline import totals, usual_currency
from coaching.models import Call
from customers.models import Customer
from organisations.access import MemberRequest, csm_required, member_required
from ui.amounts import UNIT, money_words
from ui.htmx import render_page

SHOWN = 100
State = Expansion.State


@require_safe
@member_required
def expansions(request: MemberRequest) -> HttpResponse:
    """Signals first, then what is pursued by its next day; the others by state."""
    state = request.GET.get("state", "")
    rows = Expansion.objects.with_people()
    if state in State.values:
        rows = rows.filter(state=state).order_by("-found_at", "-id")
    else:
        state = ""
        rows = rows.filter(state__in=Expansion.OPEN).order_by("-state", "next_on", "-found_at", "-id")
    found = list(rows[: SHOWN + 1])
    context = {
        "nav": "advocacy",
        "section": "expansions",
        "rows": [(one, worth(one)) for one in found[:SHOWN]],
        "is_more": len(found) > SHOWN,
        "state": state,
        "totals": totals(),
        "today": localtime(request.now).date(),
    }
    return render_page(request, "advocacy/expansions.html", context)


@require_safe
@member_required
def expansion(request: MemberRequest, pk: int) -> HttpResponse:
    return _show(request, _expansion(pk))


@require_POST
@csm_required
def expansion_confirmation(request: MemberRequest, pk: int) -> HttpResponse:
    """Pursue it, or move it on."""
    form = PlanForm(request.POST)
    return _do(
        request, pk, form, "plan",
        lambda row, given: expanding.confirm(
            expansion=row, next_step=given["next_step"], next_on=given["next_on"], by=request.user,
            now=request.now, **form.value(),
        ),
        _("Kept. It comes back on Today on its day."),
    )  # fmt: skip


@require_POST
@csm_required
def expansion_dismissal(request: MemberRequest, pk: int) -> HttpResponse:
    """Not this one."""
    return _do(
        request, pk, WhyForm(request.POST), "why",
        lambda row, given: expanding.dismiss(expansion=row, by=request.user, now=request.now, **given),
        _("Dismissed, with its reason. This need gives no second signal."),
    )  # fmt: skip


@require_POST
@csm_required
def expansion_win(request: MemberRequest, pk: int) -> HttpResponse:
    """They grew."""
    form = ValueForm(request.POST)
    return _do(
        request, pk, form, "value",
        lambda row, given: expanding.win(
            expansion=row, by=request.user, now=request.now, **form.value()
        ),
        _("Won."),
    )  # fmt: skip


@require_POST
@csm_required
def expansion_loss(request: MemberRequest, pk: int) -> HttpResponse:
    """It came to nothing."""
    return _do(
        request, pk, WhyForm(request.POST), "why",
        lambda row, given: expanding.lose(expansion=row, by=request.user, now=request.now, **given),
        _("Lost, with its reason."),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@csm_required
def need_new(request: MemberRequest, pk: int) -> HttpResponse:
    """Write down what a customer says they need."""
    customer: Customer = get_object_or_404(Customer.objects.select_related("organisation"), pk=pk)
    newest = Call.objects.filter(customer=customer).newest_first().values("pk")[:CALLS]
    form = NeedForm(
        request.POST or None,
        customer=customer,
        calls=Call.objects.filter(pk__in=list(newest.values_list("pk", flat=True))).newest_first(),
        initial={"said_on": localtime(request.now).date()},
    )
    if form.is_valid():
        try:
            need = expanding.note_need(
                customer=customer, by=request.user, now=request.now, **form.cleaned_data
            )
        except expanding.Incomplete as refused:
            form.add_error(refused.field, str(refused))
        except expanding.NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            signal = need.expansions.first()
            messages.success(
                request, _("Written down: a signal of growth.") if signal else _("Written down.")
            )
            if signal:
                return redirect("advocacy:expansion", request.organisation.slug, signal.pk)
            return redirect("advocacy:need_new", request.organisation.slug, pk)
    needs = Need.objects.filter(customer=customer).select_related("contact", "noted_by")
    context = {"nav": "customers", "customer": customer, "form": form}
    context["needs"] = needs.order_by("-said_on", "-id")[:SHOWN]
    return render_page(request, "advocacy/need_new.html", context, status=422 if form.is_bound else 200)


def worth(row: Expansion) -> str:
    return "" if row.amount_e4 is None else money_words(row.amount_e4, row.currency)


def _do(
    request: MemberRequest,
    pk: int,
    form: forms.Form,
    name: str,
    verb: Callable[[Expansion, dict[str, Any]], Expansion],
    done: str,
) -> HttpResponse:
    """One call of a verb; what it refuses is said where it was typed."""
    row = _expansion(pk)
    if form.is_valid():
        try:
            verb(row, form.cleaned_data)
        except expanding.Incomplete as refused:
            form.add_error(refused.field, str(refused))
        except expanding.NotPossible as refused:
            messages.error(request, str(refused))
            return redirect("advocacy:expansion", request.organisation.slug, pk)
        else:
            messages.success(request, done)
            return redirect("advocacy:expansion", request.organisation.slug, pk)
    return _show(request, row, status=422, faulty={name: form})


def _show(
    request: MemberRequest, row: Expansion, *, status: int = 200, faulty: dict[str, forms.Form] | None = None
) -> HttpResponse:
    value: dict[str, Any] = {"currency": row.currency or usual_currency()}
    if row.amount_e4 is not None:
        value["amount"] = Decimal(row.amount_e4) / UNIT
    plan = value | {"next_step": row.next_step, "next_on": row.next_on}
    blank = {
        "plan": PlanForm(initial=plan, auto_id="plan_%s"),
        "why": WhyForm(),
        "value": ValueForm(initial=value, auto_id="value_%s"),
    }
    context = {
        "nav": "advocacy",
        "expansion": row,
        "worth": worth(row),
        "forms": blank | (faulty or {}),
        "faulty": list((faulty or {}).values()),
    }
    return render_page(request, "advocacy/expansion.html", context, status=status)


def _expansion(pk: int) -> Expansion:
    found: Expansion = get_object_or_404(Expansion.objects.with_people(), pk=pk)
    return found
