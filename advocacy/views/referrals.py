"""Referrals: the list by state, and one with what can be done about it."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from advocacy import referring
from advocacy.forms.referrals import LostForm, RewardForm, WonForm
from advocacy.models import AskTerms, Referral
from advocacy.pipeline import usual_currency
from customers.models import Customer
from organisations.access import MemberRequest, csm_required, manager_required, member_required
from ui.amounts import UNIT, money_words
from ui.htmx import render_page

SHOWN = 100
NEWEST = 300  # customers offered as who somebody became: the newest ones


@require_safe
@member_required
def referrals(request: MemberRequest) -> HttpResponse:
    """Those nobody looked at first, the newest first; the others by state."""
    state = request.GET.get("state", "")
    rows = Referral.objects.with_people().newest_first()
    if state in Referral.State.values:
        rows = rows.filter(state=state)
    else:
        state = ""
    found = list(rows[: SHOWN + 1])
    counts = {
        row["state"]: row["n"] for row in Referral.objects.order_by().values("state").annotate(n=Count("pk"))
    }
    context = {
        "nav": "advocacy",
        "section": "referrals",
        "rows": [(one, worth(one)) for one in found[:SHOWN]],
        "is_more": len(found) > SHOWN,
        "state": state,
        "states": [(value, label, counts.get(value, 0)) for value, label in Referral.State.choices],
        "in_all": sum(counts.values()),
    }
    return render_page(request, "advocacy/referrals.html", context)


@require_safe
@member_required
def referral(request: MemberRequest, pk: int) -> HttpResponse:
    return _show(request, _referral(pk))


@require_POST
@csm_required
def referral_qualification(request: MemberRequest, pk: int) -> HttpResponse:
    """It is real: it counts, and the advocate is thanked."""
    row = _referral(pk)
    return _do(
        request,
        row,
        forms.Form(request.POST),
        lambda given: referring.qualify(referral=row, by=request.user, now=request.now),
        _("Qualified. The advocate is thanked by mail."),
    )


@require_POST
@csm_required
def referral_win(request: MemberRequest, pk: int) -> HttpResponse:
    """They became a customer."""
    row = _referral(pk)
    form = WonForm(request.POST, customers=Customer.objects.all())
    return _do(
        request,
        row,
        form,
        lambda given: referring.win(
            referral=row, customer=given["customer"], by=request.user, now=request.now, **form.value()
        ),
        _("Won."),
    )


@require_POST
@csm_required
def referral_loss(request: MemberRequest, pk: int) -> HttpResponse:
    """It came to nothing."""
    row = _referral(pk)
    return _do(
        request,
        row,
        LostForm(request.POST),
        lambda given: referring.lose(referral=row, by=request.user, now=request.now, **given),
        _("Lost, with its reason."),
    )


@require_POST
@csm_required
def referral_reward(request: MemberRequest, pk: int) -> HttpResponse:
    """A note of what was given."""
    row = _referral(pk)
    return _do(
        request,
        row,
        RewardForm(request.POST),
        lambda given: referring.note_reward(referral=row, by=request.user, now=request.now, **given),
        _("Noted. Nothing is paid by it."),
    )


@require_POST
@manager_required
def referral_forgetting(request: MemberRequest, pk: int) -> HttpResponse:
    """They asked to be erased."""
    row = _referral(pk)
    return _do(
        request,
        row,
        forms.Form(request.POST),
        lambda given: referring.forget(referral=row, by=request.user, now=request.now),
        _("Erased: name, company, address and words. That somebody came still counts."),
    )


def worth(row: Referral) -> str:
    return "" if row.amount_e4 is None else money_words(row.amount_e4, row.currency)


def _do(
    request: MemberRequest, row: Referral, form: forms.Form, verb: Callable[..., Referral], done: str
) -> HttpResponse:
    """One call of a verb; what it refuses is said where it was typed."""
    if form.is_valid():
        try:
            verb(form.cleaned_data)
        except referring.Incomplete as refused:
            form.add_error(refused.field, str(refused))
        except referring.NotPossible as refused:
            messages.error(request, str(refused))
            return redirect("advocacy:referral", request.organisation.slug, row.pk)
        else:
            messages.success(request, done)
            return redirect("advocacy:referral", request.organisation.slug, row.pk)
    return _show(request, row, status=422, faulty=form)


def _show(
    request: MemberRequest, row: Referral, *, status: int = 200, faulty: forms.Form | None = None
) -> HttpResponse:
    value: dict[str, Any] = {"currency": row.currency or usual_currency()}
    if row.amount_e4 is not None:
        value["amount"] = Decimal(row.amount_e4) / UNIT
    ids = Customer.objects.order_by("-created_at", "-id").values_list("pk", flat=True)[:NEWEST]
    offered = {*ids, row.customer_id} - {None}
    blank: dict[str, Any] = {
        "won": WonForm(
            customers=Customer.objects.filter(pk__in=offered).order_by("name", "pk"),
            initial=value | {"customer": row.customer_id},
        ),
        "lost": LostForm(),
        "reward": RewardForm(initial={"reward": row.reward}),
    }
    kinds = {WonForm: "won", LostForm: "lost", RewardForm: "reward"}
    if faulty is not None and type(faulty) in kinds:
        blank[kinds[type(faulty)]] = faulty
    context = {
        "nav": "advocacy",
        "referral": row,
        "worth": worth(row),
        "terms": AskTerms.of(request.organisation),
        "forms": blank,
        "faulty": faulty,
    }
    return render_page(request, "advocacy/referral.html", context, status=status)


def _referral(pk: int) -> Referral:
    found: Referral = get_object_or_404(Referral.objects.with_people(), pk=pk)
    return found
