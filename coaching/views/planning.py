"""Working hours and days off, each member their own; rules for a cadence and weights, for managers."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coaching import planning
from coaching.forms.planning import DayOffForm, HoursForm, RuleForm, WeightsForm
from coaching.models import CadenceRule, DayOff
from organisations.access import (
    MemberRequest,
    colleagues,
    csm_required,
    manager_required,
    member_required,
)
from organisations.models import User
from ui.htmx import render_page


@require_http_methods(["GET", "HEAD", "POST"])
@csm_required
def hours(request: MemberRequest, pk: int | None = None) -> HttpResponse:
    """When somebody works; an admin says it for others too."""
    user = _whose(request, pk)
    known = planning.hours_of(user)
    form = HoursForm(request.POST if request.method == "POST" else None, hours=known or _usual())
    if form.is_valid():
        planning.set_hours(
            organisation=request.organisation, user=user, hours=form.hours, by=request.user, now=request.now
        )
        messages.success(request, _("Saved. What is planned already stays where it is."))
        return redirect(_page(request, user))
    return _show(request, user, form=form)


@require_POST
@csm_required
def day_off_new(request: MemberRequest, pk: int | None = None) -> HttpResponse:
    user = _whose(request, pk)
    form = DayOffForm(request.POST, for_all=request.membership.is_admin)
    if not form.is_valid():
        return _show(request, user, day_off=form)
    given = form.cleaned_data
    planning.add_day_off(
        organisation=request.organisation,
        user=None if given.get("everybody") else user,
        first_on=given["first_on"],
        last_on=given["last_on"],
        name=given["name"],
        by=request.user,
        now=request.now,
    )
    messages.success(request, _("Nothing is proposed on these days. What is planned there stays."))
    return redirect(_page(request, user))


@require_POST
@csm_required
def day_off_removal(request: MemberRequest, pk: int) -> HttpResponse:
    """Theirs; an admin takes out everybody's, too."""
    row = get_object_or_404(DayOff.objects.select_related("organisation", "user"), pk=pk)
    if row.user != request.user and not request.membership.is_admin:
        raise PermissionDenied(_("Only an admin takes out days off of others, or of everybody."))
    planning.drop_day_off(day_off=row, by=request.user, now=request.now)
    messages.success(request, _("Calls may be proposed on these days again."))
    return redirect(_page(request, row.user or request.user))


def _whose(request: MemberRequest, pk: int | None) -> User:
    if pk is None or pk == request.user.pk:
        return request.user
    user = get_object_or_404(colleagues(request.organisation, who_write=True), pk=pk)
    if not request.membership.is_admin:
        raise PermissionDenied(_("Everybody says their own hours; an admin may say them for others."))
    return user


def _usual() -> dict[int, planning.Hours]:
    return dict.fromkeys(range(5), planning.USUAL_HOURS)


def _page(request: MemberRequest, user: User) -> str:
    slug = request.organisation.slug
    return reverse("coaching:hours", args=[slug] if user == request.user else [slug, user.pk])


def _show(
    request: MemberRequest, user: User, *, form: HoursForm | None = None, day_off: DayOffForm | None = None
) -> HttpResponse:
    today = localdate(request.now, planning.zone_of(user, request.organisation))
    known = planning.hours_of(user)
    is_admin = request.membership.is_admin
    bound = (form is not None and form.is_bound) or day_off is not None
    context = {
        "nav": "coaching",
        "whose": user,
        "is_own": user == request.user,
        "is_known": bool(known),
        "form": form or HoursForm(hours=known or _usual()),
        "day_off": day_off or DayOffForm(for_all=is_admin),
        "days_off": DayOff.objects.of(user).until_after(today),
        "zone": planning.zone_of(user, request.organisation),
        "others": colleagues(request.organisation, who_write=True) if is_admin else [],
    }
    return render_page(request, "coaching/hours.html", context, status=422 if bound else 200)


@require_safe
@member_required
def cadence(request: MemberRequest) -> HttpResponse:
    """How often whom, and what counts how much."""
    return _cadence(request)


@require_POST
@manager_required
def cadence_rule_new(request: MemberRequest) -> HttpResponse:
    form = RuleForm(request.POST)
    if not form.is_valid():
        return _cadence(request, form=form)
    given = form.cleaned_data
    planning.set_rule(
        organisation=request.organisation,
        segment=given["segment"],
        stage=given["stage"],
        risk=given["risk"],
        values=form.values,
        by=request.user,
        now=request.now,
    )
    messages.success(request, _("The rule holds from now on."))
    return redirect("coaching:cadence", request.organisation.slug)


@require_POST
@manager_required
def cadence_rule_removal(request: MemberRequest, pk: int) -> HttpResponse:
    rule = get_object_or_404(CadenceRule.objects.select_related("organisation"), pk=pk)
    planning.drop_rule(rule=rule, by=request.user, now=request.now)
    messages.success(request, _("The rule is gone. What is planned stays planned."))
    return redirect("coaching:cadence", request.organisation.slug)


@require_POST
@manager_required
def plan_weights(request: MemberRequest) -> HttpResponse:
    initial = WeightsForm.initial_of(planning.weights_of(request.organisation))
    form = WeightsForm(request.POST, initial=initial)
    if not form.is_valid():
        return _cadence(request, weights=form)
    planning.set_weights(
        organisation=request.organisation, values=form.values, by=request.user, now=request.now
    )
    messages.success(request, _("Proposals go by these weights from now on."))
    return redirect("coaching:cadence", request.organisation.slug)


def _cadence(
    request: MemberRequest, *, form: RuleForm | None = None, weights: WeightsForm | None = None
) -> HttpResponse:
    stored = planning.weights_of(request.organisation)
    rules = CadenceRule.objects.select_related("segment")
    context = {
        "nav": "coaching",
        "rules": sorted(rules, key=lambda rule: (rule.weight, rule.pk), reverse=True),
        "form": form or RuleForm(),
        "weights": weights or WeightsForm(initial=WeightsForm.initial_of(stored)),
    }
    return render_page(request, "coaching/cadence.html", context, status=422 if form or weights else 200)
