"""Rules that name a sign of growth, each with a look at whom it would find today."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from advocacy import expanding
from advocacy.forms.expansions import RuleForm
from advocacy.models import ExpansionRule
from organisations.access import MemberRequest, manager_required, member_required
from ui.htmx import render_page

SHOWN = 50


@require_safe
@member_required
def expansion_rules(request: MemberRequest) -> HttpResponse:
    rows = ExpansionRule.objects.select_related("metric", "saved_by").order_by("retired_at", "name", "pk")
    context = {
        "nav": "advocacy",
        "section": "rules",
        "rules": [one for one in rows if one.retired_at is None],
        "retired": [one for one in rows if one.retired_at is not None],
    }
    return render_page(request, "advocacy/expansion_rules.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required
def expansion_rule(request: MemberRequest, pk: int | None = None) -> HttpResponse:
    """A rule, new or changed. "Look" shows whom it would find and keeps nothing."""
    rule: ExpansionRule | None = get_object_or_404(ExpansionRule, pk=pk) if pk else None
    form = RuleForm(request.POST or None, initial=RuleForm.initial_of(rule))
    is_look = request.POST.get("do") == "look"
    if form.is_valid() and not is_look:
        made: dict[str, Any] = {"organisation": request.organisation, "by": request.user, "now": request.now}
        try:
            saved = expanding.save_rule(rule=rule, values=form.cleaned_data, **made)
        except expanding.Incomplete as refused:
            form.add_error(refused.field, str(refused))
        else:
            n = expanding.look(organisation=request.organisation, now=request.now)
            words = _("Saved: %(name)s. New signals: %(n)d.")
            messages.success(request, words % {"name": saved.name, "n": n})
            return redirect("advocacy:expansion_rules", request.organisation.slug)
    sign = _sign(form, rule)
    found = expanding.matches(sign, now=request.now) if sign else None
    context = {
        "nav": "advocacy",
        "section": "rules",
        "rule": rule,
        "form": form,
        "sign": sign,
        "found": found[:SHOWN] if found is not None else [],
        "in_all": found.count() if found is not None else 0,
        "nearly": expanding.nearly(sign, now=request.now) if sign else 0,
    }
    status = 200 if not form.is_bound or (is_look and form.is_valid()) else 422
    return render_page(request, "advocacy/expansion_rule.html", context, status=status)


@require_POST
@manager_required
def expansion_rule_retirement(request: MemberRequest, pk: int) -> HttpResponse:
    """It finds nothing more."""
    rule = get_object_or_404(ExpansionRule.objects.select_related("organisation"), pk=pk)
    expanding.retire_rule(rule=rule, by=request.user, now=request.now)
    messages.success(request, _("“%(name)s” finds nothing more. What it found stays.") % {"name": rule.name})
    return redirect("advocacy:expansion_rules", request.organisation.slug)


def _sign(form: RuleForm, rule: ExpansionRule | None) -> expanding.Sign | None:
    """What is looked for: as typed, else as saved."""
    if form.is_bound:
        if not form.is_valid():
            return None
        given = form.cleaned_data
        return expanding.Sign(given["metric"], given["operator"], given["threshold"], given["need_days"])
    return expanding.Sign.of(rule) if rule else None
