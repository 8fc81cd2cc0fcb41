"""Today: what deserves this person's hours now."""

from datetime import datetime

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dashboards.today import changes
from dashboards.today.lines import Kind
from dashboards.today.page import all_of
from dashboards.today.page import today as today_of
from dashboards.today.scope import Scope
from organisations.access import MemberRequest, member_required
from organisations.models import Membership, Role, User
from ui.addresses import whole_number
from ui.htmx import render_page

EVERYONE = "everyone"

MOST_PAGES = 10_000  # further nobody turns


@require_safe
@member_required
def today(request: MemberRequest) -> HttpResponse:
    """The page; with ?all=kind everything of one kind, with ?changed=kind what happened of it."""
    people = list(_people(request)) if may_switch(request) else []
    scope = _scope(request, people)
    since = changes.since(request.membership, request.now)
    if "all" in request.GET:
        return _all(request, scope, people)
    if "changed" in request.GET:
        return _changed(request, scope, since)
    context = {
        "today": today_of(scope),
        "changes": changes.changes(scope, since),
        "since": since,
        "greeting": _greeting(scope.now),
        **_shared(scope, people),
    }
    return render_page(request, "dashboards/today.html", context)


@require_POST
@member_required
def today_seen(request: MemberRequest) -> HttpResponse:
    """What the page showed has been seen."""
    try:
        until = parse_datetime(request.POST.get("until", ""))
    except ValueError:  # well written, and no day there is
        until = None
    if until is None or timezone.is_naive(until):
        until = request.now
    changes.see(membership=request.membership, until=until, now=request.now)
    return redirect("dashboards:today", request.organisation.slug)


def may_switch(request: MemberRequest) -> bool:
    """A CSM sees their own day. Who manages or only reads sees anybody's."""
    return request.membership.role != Role.CSM


def _people(request: MemberRequest) -> QuerySet[Membership]:
    return (
        request.organisation.memberships.filter(ended_at=None)
        .exclude(role=Role.READONLY)
        .select_related("user")
        .order_by("user__name", "user_id")
    )


def _scope(request: MemberRequest, people: list[Membership]) -> Scope:
    return Scope(
        organisation=request.organisation,
        viewer=request.user,
        person=_person(request, people),
        can_write=request.membership.can_write,
        now=timezone.localtime(request.now),
        is_admin=request.membership.role == Role.ADMIN,
    )


def _person(request: MemberRequest, people: list[Membership]) -> User | None:
    if not may_switch(request):
        return request.user
    chosen = request.GET.get("person", EVERYONE)
    if chosen == EVERYONE:
        return None
    found = next((member.user for member in people if str(member.user_id) == chosen), None)
    if found is None:
        raise Http404
    return found


def _shared(scope: Scope, people: list[Membership]) -> dict[str, object]:
    return {
        "nav": "today",
        "scope": scope,
        "people": people,
        "person": scope.person.pk if scope.person else EVERYONE,
    }


def _all(request: MemberRequest, scope: Scope, people: list[Membership]) -> HttpResponse:
    try:
        kind = Kind(request.GET["all"])
    except ValueError as no_such:
        raise Http404 from no_such
    page = min(max(1, whole_number(request.GET.get("page", ""))), MOST_PAGES)
    group = all_of(scope.page(page), kind)
    context = {
        "group": group,
        "page": page,
        **_shared(scope, people),
    }
    return render_page(request, "dashboards/today_all.html", context)


def _changed(request: MemberRequest, scope: Scope, since: datetime) -> HttpResponse:
    kind = request.GET["changed"]
    if kind not in changes.KINDS:
        raise Http404
    rows, cut = changes.happened(scope.page(1), since, kind)
    context = {
        "rows": rows,
        "cut": cut,
        "title": changes.how_many(scope, since, kind).words,
        "since": since,
        **_shared(scope, []),
    }
    return render_page(request, "dashboards/today_changed.html", context)


def _greeting(now: datetime) -> str:
    if now.hour < 12:
        return _("Good morning")
    return _("Good afternoon") if now.hour < 18 else _("Good evening")
