"""Promises from the sale: written down, read with every decision about them, decided."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from customers import attending, promising
from customers.forms import AttentionForm, DecisionForm, PromiseForm, decisions_of
from customers.models import Attention, Customer, Promise, PromiseDecision
from organisations.access import MemberRequest, csm_required, manager_required, member_required
from ui.addresses import own_page
from ui.htmx import render_page

Kind = PromiseDecision.Kind
SAID = {
    Kind.OUTCOME: gettext_lazy("It is an outcome of theirs. Next: ask them whether the wording is right."),
    Kind.RENEGOTIATED: gettext_lazy("Written down as agreed. How it read before is kept below."),
    Kind.DECLINED: gettext_lazy("Declined. The reason stays with it."),
    Kind.KEPT: gettext_lazy("Kept. It counts for whoever promised it."),
    Kind.NOT_KEPT: gettext_lazy("Not kept. The reason stays with it."),
    Kind.REOPENED: gettext_lazy("It is open again."),
}


@csm_required
def promise_new(request: MemberRequest, pk: int) -> HttpResponse:
    customer = get_object_or_404(Customer.objects.select_related("organisation"), pk=pk)
    form = PromiseForm(request.POST or None, organisation=request.organisation)
    if form.is_valid():
        try:
            row = promising.write_down(
                customer=customer, values=form.cleaned_data, by=request.user, now=request.now
            )
        except promising.Incomplete as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, _("Written down. Next: decide what becomes of it."))
            return _to_promise(request, row)
    return _form_page(request, form, {"customer": customer})


@csm_required
def promise_edit(request: MemberRequest, pk: int) -> HttpResponse:
    """What was written down wrong. What was agreed anew is renegotiated instead."""
    row = _promise(pk)
    initial = PromiseForm.initial_of(row)
    form = PromiseForm(request.POST or None, initial=initial, organisation=request.organisation)
    if form.is_valid():
        try:
            promising.correct(promise=row, values=form.values, by=request.user, now=request.now)
        except promising.Incomplete as refused:
            form.add_error(refused.field, str(refused))
        except promising.NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Corrected. How it read before is kept."))
            return _to_promise(request, row)
    return _form_page(request, form, {"customer": row.customer, "promise": row})


def _form_page(request: MemberRequest, form: PromiseForm, context: dict[str, Any]) -> HttpResponse:
    status = 422 if form.is_bound else 200
    context = {"nav": "customers", "form": form, **context}
    return render_page(request, "customers/promise_edit.html", context, status=status)


@require_safe
@member_required
def promise(request: MemberRequest, pk: int) -> HttpResponse:
    """One promise: who said it, what was decided since, and what may be decided now."""
    return _page(request, _promise(pk))


@csm_required
@require_POST
def promise_decision(request: MemberRequest, pk: int) -> HttpResponse:
    """Decide: an outcome, renegotiated, declined, kept, not kept, or open again."""
    row, kind = _promise(pk), request.POST.get("decision", "")
    if kind not in SAID:
        raise Http404
    form = DecisionForm(request.POST, promise=row, kind=kind)
    if form.is_valid():
        try:
            _decide(request, row, form.cleaned_data)
        except promising.Incomplete as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        except promising.NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, SAID[Kind(kind)])
            return _to_promise(request, row)
    return _page(request, _promise(pk), form, status=422)


def _decide(request: MemberRequest, row: Promise, given: dict[str, Any]) -> None:
    kind, who = given["decision"], {"promise": row, "by": request.user, "now": request.now}
    why = given["why"]
    if kind == Kind.OUTCOME:
        promising.into_outcome(words=given["words"], outcome=given["outcome"], **who)
    elif kind == Kind.RENEGOTIATED:
        new = {"words": given["words"], "due_on": given["due_on"], "contact": given["contact"]}
        promising.renegotiate(**new, why=why, **who)
    elif kind == Kind.DECLINED:
        promising.decline(why=why, **who)
    elif kind == Kind.REOPENED:
        promising.reopen(why=why, **who)
    else:
        promising.settle(is_kept=kind == Kind.KEPT, on=given["on"], why=why, **who)


@manager_required
@require_POST
def attention(request: MemberRequest) -> HttpResponse:
    """After how many days something asks for somebody."""
    form = AttentionForm(request.POST, instance=Attention.of(request.organisation))
    if form.is_valid():
        attending.set_days(
            organisation=request.organisation, values=form.cleaned_data, by=request.user, now=request.now
        )
        messages.success(request, _("Kept. Today goes by it from now on."))
    else:
        messages.error(request, _("Write a number of days from 1 to 365. Nothing was changed."))
    back = own_page(request, request.POST.get("next", ""))
    return redirect(back or "dashboards:promises", *([] if back else [request.organisation.slug]))


def _page(
    request: MemberRequest, row: Promise, bound: DecisionForm | None = None, *, status: int = 200
) -> HttpResponse:
    kinds = decisions_of(row)
    if bound is not None and bound.kind not in kinds:
        kinds = [bound.kind, *kinds]
    forms = [
        bound if bound and bound.kind == kind else DecisionForm(promise=row, kind=kind) for kind in kinds
    ]
    context = {
        "nav": "customers",
        "customer": row.customer,
        "promise": row,
        "forms": [(form, Kind(form.kind).label) for form in forms],
        "decisions": row.decisions.select_related("by", "contact").order_by("-id"),
    }
    return render_page(request, "customers/promise.html", context, status=status)


def _promise(pk: int) -> Promise:
    rows = Promise.objects.standing().select_related(
        "customer__organisation", "member", "outcome", "recorded_by"
    )
    return get_object_or_404(rows, pk=pk)


def _to_promise(request: MemberRequest, row: Promise) -> HttpResponse:
    return redirect("customers:promise", request.organisation.slug, row.pk)
