"""Who may: every members' view is guarded here, and runs within its organisation to the last byte."""

from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from ipaddress import ip_address, ip_network
from math import ceil
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from organisations import factors, replicas, tenancy
from organisations.models import Membership, Organisation, Role, User

View = Callable[..., HttpResponseBase]
CHANGED = "changed"
"""The cookie with the place of this person's last change, where there is a replica."""
RANK = {Role.READONLY: 0, Role.CSM: 1, Role.MANAGER: 2, Role.ADMIN: 3}


class MemberRequest(HttpRequest):
    """A request that passed a guard: what a members' view may rely on."""

    user: User
    organisation: Organisation
    membership: Membership
    now: Any
    htmx: Any
    replica_age: int = 0
    """What this page is read from is at most so many seconds old; see `reads_replica`."""


def guarded(role: Role) -> Callable[[View], View]:
    """Let members with at least this role in; strangers get the answer of a page that does not exist."""

    def guard(view: View) -> View:
        @wraps(view)
        def inner(request: Any, slug: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            request.membership = _membership(request.user, slug)
            request.organisation = request.membership.organisation
            if RANK[Role(request.membership.role)] < RANK[role]:
                raise PermissionDenied(_("Your role may not do this. Ask an admin of your organisation."))
            if request.organisation.second_factor_required and not factors.has_second(request.user):
                return redirect("own_sign_in")  # where they set one up
            return _whole_response(request, view, *args, **kwargs)

        inner.guarded_for = role  # type: ignore[attr-defined]
        return inner

    return guard


member_required = guarded(Role.READONLY)
csm_required = guarded(Role.CSM)
manager_required = guarded(Role.MANAGER)
admin_required = guarded(Role.ADMIN)


def _membership(user: User, slug: str) -> Membership:
    found = (
        Membership.objects.select_related("organisation", "user")
        .filter(user=user, organisation__slug=slug, ended_at=None)
        .first()
    )
    if found is None:
        raise Http404
    return found


def _whole_response(request: MemberRequest, view: View, *args: Any, **kwargs: Any) -> HttpResponseBase:
    """Run, render and stream within the organisation and in the reader's time zone."""
    organisation = request.organisation
    zone = request.user.zone or organisation.zone
    with tenancy.within(organisation), timezone.override(zone):
        response = _rendered(view(request, *args, **kwargs))
    if isinstance(response, StreamingHttpResponse):
        rows: Iterator[Any] = tenancy.stream_within(organisation, iter(response))
        response.streaming_content = _stream_in_zone(zone, rows)
    return response


def _rendered(response: HttpResponseBase) -> HttpResponseBase:
    render = getattr(response, "render", None)
    return render() if callable(render) else response


def reads_replica(view: View) -> View:
    """Below a guard, for what counts much: read from the replica, to the last byte, if it is fresh enough."""

    @wraps(view)
    def inner(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        changed_at = request.COOKIES.get(CHANGED, "")
        with replicas.reading(changed_at) as found:
            if found.is_read:
                request.replica_age = ceil(found.age or 0)
                try:
                    response = _rendered(view(request, *args, **kwargs))
                    if isinstance(response, StreamingHttpResponse):
                        response.streaming_content = _stream_from_replica(changed_at, iter(response))
                    return response
                except DatabaseError:
                    replicas.leave_alone()
        request.replica_age = 0
        return view(request, *args, **kwargs)

    return inner


def exports_from_replica(view: View) -> View:
    """The same for a page's CSV alone; the page itself is read from the primary."""
    from_replica = reads_replica(view)

    @wraps(view)
    def inner(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        is_export = request.GET.get("format") == "csv"
        return (from_replica if is_export else view)(request, *args, **kwargs)

    return inner


def _stream_from_replica(changed_at: str, rows: Iterable[Any]) -> Iterator[Any]:
    with replicas.reading(changed_at):
        yield from rows


def _stream_in_zone(zone: str, rows: Iterable[Any]) -> Iterator[Any]:
    with timezone.override(zone):
        yield from rows


def colleagues(organisation: Organisation, *, who_write: bool = False) -> QuerySet[User]:
    """The people who work here now, by name; `who_write` leaves out those who only read."""
    current = Membership.objects.filter(organisation=organisation, ended_at=None)
    if who_write:
        current = current.exclude(role=Role.READONLY)
    return User.objects.filter(pk__in=current.values("user")).order_by("name", "pk")


def member_context(request: HttpRequest) -> dict[str, Any]:
    """For every template: who reads, and in which organisation."""
    membership = getattr(request, "membership", None)
    if membership is None:
        return {}
    return {"organisation": membership.organisation, "member": membership}


def client_ip(request: HttpRequest) -> str | None:
    """The address a request came from. What X-Forwarded-For says counts from our own proxies alone.

    Each proxy adds at the right whom it heard, so the first from the right that is no proxy of ours is the
    client; whatever stands left of it may be made up.
    """
    heard = request.META.get("REMOTE_ADDR", "")
    told = [each.strip() for each in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if each.strip()]
    while told and _is_our_proxy(heard):
        heard = told.pop()
    try:
        return str(ip_address(heard))
    except ValueError:
        return None


def _is_our_proxy(address: str) -> bool:
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    return any(ip in ip_network(proxy) for proxy in settings.PROXIES)
