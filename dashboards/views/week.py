"""A coach's week: the proposal, with what is left out and why; accepted, moved, skipped by a person."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from coaching import planning, scheduling
from coaching.forms.planning import SkipForm
from coaching.models import Occurrence
from customers.models import Customer
from dashboards.week.balance import DAYS, balance_of
from dashboards.week.needs import Need, needs_of
from dashboards.week.proposal import Pins, Week, propose
from organisations.access import MemberRequest, colleagues, csm_required
from organisations.models import User
from ui.addresses import own_page, whole_number
from ui.htmx import render_page
from ui.toasts import toast

PIN, NOT_THIS_WEEK, NEXT = "day-", "none", "next"
FURTHEST = timedelta(days=366)
LATELY, MOST_SKIPPED = timedelta(days=14), 10


@require_safe
@csm_required
def week(request: MemberRequest) -> HttpResponse:
    """Whose week, which one and what a person moved stand in the address."""
    coach = _coach(request, request.GET)
    with timezone.override(planning.zone_of(coach, request.organisation)):
        found = _proposed(request, coach, request.GET)
        context = {
            "nav": "coaching",
            "week": found,
            "coach": coach,
            "is_own": coach == request.user,
            "coaches": colleagues(request.organisation, who_write=True)
            if request.membership.can_manage
            else [],
            "monday": found.days[0].day,
            "sunday": found.days[-1].day,
            "before": _week_url(request, coach, found.days[0].day - timedelta(days=7)),
            "after": _week_url(request, coach, found.days[0].day + timedelta(days=7)),
            "this": _week_url(request, coach, None),
            "is_this": found.days[0].day == _monday(request, coach, ""),
            "here": request.get_full_path(),
            "kept": [(name, value) for name, value in request.GET.items() if _is_kept(name)],
            "balance": balance_of(coach, now=request.now),
            "balance_days": DAYS,
            "skip": SkipForm(),
            "skipped": _skipped(request, coach),
        }
        return render_page(request, "dashboards/week.html", context)


def _skipped(request: MemberRequest, coach: User) -> list[Occurrence]:
    """Of their customers, the newest first."""
    since = request.now.date() - LATELY
    rows = Occurrence.objects.skipped().filter(customer__owner=coach, skipped_on__gte=since)
    return list(rows.select_related("customer").order_by("-skipped_at")[:MOST_SKIPPED])


@require_POST
@csm_required
def week_acceptance(request: MemberRequest) -> HttpResponse:
    """Plan one of the proposed calls, or all of them: at the times that stand there, or none."""
    coach = _coach(request, request.POST)
    picks = _picks(request, coach)
    if not picks:
        messages.error(request, _("The week has changed since you saw it. Nothing was planned; look again."))
        return redirect(_back(request, coach))
    try:
        planned = planning.accept(
            organisation=request.organisation, owner=coach, picks=picks, by=request.user, now=request.now
        )
    except (planning.NoRoom, scheduling.CallInPast):
        messages.error(request, _("There is not so much room any more. Nothing was planned; look again."))
        return redirect(_back(request, coach))
    words = ngettext("%(n)d call is planned.", "%(n)d calls are planned.", len(planned))
    toast(request, words % {"n": len(planned)})
    return redirect(_back(request, coach))


def _picks(request: MemberRequest, coach: User) -> list[planning.Pick]:
    """What was sent, at the times that stood there; none when one of them is not due any more."""
    own = Customer.objects.owned_by(coach)
    until = request.now.date() + FURTHEST
    needs = {
        need.customer.pk: need
        for need in needs_of(own, organisation=request.organisation, until=until, now=request.now)
    }
    picks = []
    for sent in request.POST.getlist("pick"):
        pk, _space, at = sent.partition(" ")
        need, starts_at = needs.get(whole_number(pk)), _moment(at)
        if need is None or starts_at is None:
            return []
        picks.append(planning.Pick(need.due, starts_at, need.purpose))
    return picks


def _moment(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else None


@require_POST
@csm_required
def week_skip(request: MemberRequest, pk: int) -> HttpResponse:
    """No call with this customer this time, for a reason."""
    need = _need(request, pk)
    form = SkipForm(request.POST)
    if need is None or need.due.due_on.isoformat() != request.POST.get("due_on"):
        messages.info(request, _("No call with them is due any more."))
    elif not form.is_valid():
        messages.error(request, " ".join(str(error) for error in form.errors.get("why", ())))
    else:
        row = planning.skip(
            organisation=request.organisation,
            due=need.due,
            why=form.cleaned_data["why"],
            by=request.user,
            now=request.now,
        )
        undo = reverse("dashboards:week_return", args=[request.organisation.slug, row.pk])
        toast(request, _("No call with %(name)s this time.") % {"name": need.customer.name}, undo=undo)
    return redirect(_back(request, request.user))


@require_POST
@csm_required
def week_return(request: MemberRequest, pk: int) -> HttpResponse:
    """It is due after all."""
    row = get_object_or_404(Occurrence.objects.select_related("customer"), pk=pk)
    planning.bring_back(occurrence=row, by=request.user, now=request.now)
    toast(request, _("The call with %(name)s is due again.") % {"name": row.customer.name})
    return redirect(_back(request, request.user))


def _need(request: MemberRequest, pk: int) -> Need | None:
    """What is due with this customer within a year: the week shown may be a later one."""
    get_object_or_404(Customer.objects, pk=pk)
    until = request.now.date() + FURTHEST
    rows = Customer.objects.filter(pk=pk)
    return next(iter(needs_of(rows, organisation=request.organisation, until=until, now=request.now)), None)


def _coach(request: MemberRequest, given: QueryDict) -> User:
    """Whose week: one's own; who manages sees everybody's."""
    pk = whole_number(given.get("coach", ""))
    if not pk or pk == request.user.pk:
        return request.user
    if not request.membership.can_manage:
        raise PermissionDenied(_("You see your own week; managers see everybody’s."))
    coach: User = get_object_or_404(colleagues(request.organisation, who_write=True), pk=pk)
    return coach


def _proposed(request: MemberRequest, coach: User, given: QueryDict) -> Week:
    return propose(
        organisation=request.organisation,
        coach=coach,
        monday=_monday(request, coach, given.get("on", "")),
        now=request.now,
        pins=_pins(given),
    )


def _monday(request: MemberRequest, coach: User, text: str) -> date:
    """Of the week that day is in; of this one, when there is no such day or it is far away."""
    today = request.now.astimezone(planning.zone_of(coach, request.organisation)).date()
    day = today + timedelta(days=7) if text == NEXT else _day(text) or today
    day = day if abs(day - today) <= FURTHEST else today
    return day - timedelta(days=day.weekday())


def _day(text: str) -> date | None:
    try:
        day: date | None = forms.DateField(required=False).clean(text)
    except forms.ValidationError:
        return None
    return day


def _pins(given: Mapping[str, Any]) -> Pins:
    """What a person moved: ?day-17=2026-03-12, or none for "not this week"."""
    found: dict[int, date | None] = {}
    for name, value in given.items():
        pk = whole_number(name.removeprefix(PIN)) if name.startswith(PIN) else 0
        if pk and value == NOT_THIS_WEEK:
            found[pk] = None
        elif pk and (day := _day(value)):
            found[pk] = day
    return found


def _is_kept(name: str) -> bool:
    return name in ("coach", "on") or name.startswith(PIN)


def _week_url(request: MemberRequest, coach: User, monday: date | None) -> str:
    query: dict[str, Any] = {"coach": coach.pk} if coach != request.user else {}
    if monday:
        query["on"] = monday.isoformat()
    url = reverse("dashboards:week", args=[request.organisation.slug])
    return f"{url}?{urlencode(query)}" if query else url


def _back(request: MemberRequest, coach: User) -> str:
    return own_page(request, request.POST.get("next", "")) or _week_url(request, coach, None)
