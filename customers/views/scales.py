"""Levels of an outcome: agreed beforehand, and which one was reached."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from customers import defining, grading
from customers.attainment import attainment_of
from customers.forms.scales import LevelForm, ScaleForm
from customers.models import GoalLevel, GoalScale, Outcome
from organisations.access import MemberRequest, csm_required
from ui.htmx import render_page


@require_http_methods(["GET", "HEAD", "POST"])
@csm_required
def goal_scale(request: MemberRequest, pk: int) -> HttpResponse:
    """The five levels: written down, read, changed as long as nothing was measured by them."""
    outcome = _outcome(pk)
    scale = _scale(outcome)
    form = _scale_form(request, outcome, scale, given=request.method == "POST")
    if form.is_valid():
        values = form.values if scale else form.cleaned_data
        try:
            grading.agree(outcome=outcome, values=values, by=request.user, now=request.now)
        except defining.Incomplete as refused:
            form.add_error(refused.field, str(refused))
        except defining.NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Agreed. From the first level you note on, these stand."))
            return _back(request, outcome)
    return _show(request, outcome, scale, form=form)


@require_POST
@csm_required
def goal_level_new(request: MemberRequest, pk: int) -> HttpResponse:
    """A level was reached."""
    outcome = _outcome(pk)
    scale = get_object_or_404(GoalScale.objects.select_related("organisation", "outcome"), outcome=outcome)
    scale.outcome = outcome
    form = LevelForm(request.POST, scale=scale)
    if form.is_valid():
        try:
            grading.note_level(scale=scale, by=request.user, now=request.now, **form.cleaned_data)
        except defining.Incomplete as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, _("Noted. It counts from that day on."))
            return _back(request, outcome)
    return _show(request, outcome, scale, level=form)


@require_POST
@csm_required
def goal_level_removal(request: MemberRequest, pk: int) -> HttpResponse:
    """It was noted by mistake."""
    rows = GoalLevel.objects.select_related("scale__outcome__organisation")
    level = get_object_or_404(rows, pk=pk)
    grading.withdraw_level(level=level, by=request.user, now=request.now)
    messages.success(request, _("Taken back. What was noted before counts again."))
    return _back(request, level.scale.outcome)


def _outcome(pk: int) -> Outcome:
    row: Outcome = get_object_or_404(Outcome.objects.select_related("organisation", "customer"), pk=pk)
    return row


def _scale(outcome: Outcome) -> GoalScale | None:
    row = GoalScale.objects.filter(outcome=outcome).select_related("organisation", "agreed_with").first()
    if row:
        row.outcome = outcome
    return row


def _scale_form(
    request: MemberRequest, outcome: Outcome, scale: GoalScale | None, *, given: bool = False
) -> ScaleForm:
    initial = ScaleForm.initial_of(scale) if scale else {"agreed_on": _today(request), "weight": 1}
    return ScaleForm(request.POST if given else None, initial=initial, customer=outcome.customer)


def _today(request: MemberRequest) -> Any:
    return localdate(request.now, request.organisation.tzinfo)


def _show(
    request: MemberRequest,
    outcome: Outcome,
    scale: GoalScale | None,
    *,
    form: ScaleForm | None = None,
    level: LevelForm | None = None,
) -> HttpResponse:
    reached = list(scale.reached.standing().newest_first().select_related("noted_by")) if scale else []
    is_bound = level is not None or (form is not None and form.is_bound)
    if scale and level is None:
        level = LevelForm(scale=scale, initial={"on": _today(request)})
    context = {
        "nav": "customers",
        "customer": outcome.customer,
        "outcome": outcome,
        "scale": scale,
        "reached": reached,
        "form": form or _scale_form(request, outcome, scale),
        "level": level,
        "attainment": attainment_of([outcome.customer_id]).get(outcome.customer_id),
    }
    return render_page(request, "customers/goal_scale.html", context, status=422 if is_bound else 200)


def _back(request: MemberRequest, outcome: Outcome) -> HttpResponse:
    return redirect("customers:goal_scale", request.organisation.slug, outcome.pk)
