"""Working hours and days off, each member their own; rules for a cadence and weights, for managers."""

from django.contrib import messages
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
    admin_required,
    colleagues,
    csm_required,
    manager_required,
    member_required,
)
from organisations.models import User
from ui.htmx import render_page


@require_http_methods(["GET", "HEAD", "POST"])
@csm_required
def hours(request: MemberRequest) -> HttpResponse:
    """When you work."""
    return _hours(request, request.user)


@require_http_methods(["GET", "HEAD", "POST"])
@admin_required
def member_hours(request: MemberRequest, pk: int) -> HttpResponse:
    """The same of somebody else."""
    return _hours(request, _member(request, pk))


@require_POST
@csm_required
def day_off_new(request: MemberRequest) -> HttpResponse:
    """You are away; an admin says it for everybody, too."""
    return _day_off(request, request.user)


@require_POST
@admin_required
def member_day_off_new(request: MemberRequest, pk: int) -> HttpResponse:
    return _day_off(request, _member(request, pk))


@require_POST
@csm_required
def day_off_removal(request: MemberRequest, pk: int) -> HttpResponse:
    """Your own; an admin takes out everybody's, too."""
    row = get_object_or_404(DayOff.objects.select_related("organisation", "user"), pk=pk)
    if row.user != request.user and not request.membership.is_admin:
        messages.error(request, _("Only an admin takes out days off of others. Nothing was changed."))
        return redirect(_page(request, request.user))
    planning.drop_day_off(day_off=row, by=request.user, now=request.now)
    messages.success(request, _("Calls may be proposed on these days again."))
    return redirect(_page(request, row.user or request.user))


def _hours(request: MemberRequest, user: User) -> HttpResponse:
    known = planning.hours_of(user)
    form = HoursForm(request.POST if request.method == "POST" else None, hours=known or _usual())
    if form.is_valid():
        planning.set_hours(
            organisation=request.organisation, user=user, hours=form.hours, by=request.user, now=request.now
        )
        messages.success(request, _("Saved. What is planned already stays where it is."))
        return redirect(_page(request, user))
    return _show(request, user, form=form)


def _day_off(request: MemberRequest, user: User) -> HttpResponse:
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


def _member(request: MemberRequest, pk: int) -> User:
    user: User = get_object_or_404(colleagues(request.organisation, who_write=True), pk=pk)
    return user


def _usual() -> dict[int, planning.Hours]:
    return dict.fromkeys(range(5), planning.USUAL_HOURS)


def _page(request: MemberRequest, user: User) -> str:
    slug = request.organisation.slug
    if user == request.user:
        return reverse("coaching:hours", args=[slug])
    return reverse("coaching:member_hours", args=[slug, user.pk])


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
