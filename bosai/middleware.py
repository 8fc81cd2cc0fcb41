"""What holds for every request: one clock, private pages, limits, and sign-in that never lands in a card."""

import logging
from collections.abc import Callable
from time import perf_counter
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import resolve_url
from django.urls import resolve
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from bosai import metrics
from bosai.views import PROBES
from organisations import replicas, sessions
from organisations.access import CHANGED
from organisations.limits import TooOften
from ui.api import problems
from ui.views import too_often

DOORS = ("account_login", "account_reauthenticate", "own_sign_in")  # whole pages, never a part of one
Next = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger("bosai.requests")


class MeasuringMiddleware:
    """Every request is counted and, with BOSAI_LOG=json, logged: by its view's name, never its address."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = perf_counter()
        response = self.get_response(request)
        seconds = perf_counter() - began
        view = request.resolver_match.view_name if request.resolver_match else "none"
        method, status = request.method or "", response.status_code
        metrics.request_answered(view=view, method=method, status=status, seconds=seconds)
        fields = {"view": view, "method": method, "status": status, "milliseconds": round(seconds * 1000)}
        log.info("request", extra=fields)
        return response


class ProbeMiddleware:
    """Probes come by the address of a container, without a cookie, and while the database is down."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        probe = PROBES.get(request.path_info)
        if probe is None:
            return self.get_response(request)
        request.resolver_match = resolve(request.path_info)  # it is counted and logged by its name as well
        return probe(request)


class ClockMiddleware:
    """The time is read once, at the edge; everything below takes it as `now`."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.now = timezone.now()  # type: ignore[attr-defined]
        return self.get_response(request)


class HeadersMiddleware:
    """What Django has no setting for: devices no page of ours needs, and who may load what we serve."""

    DENIED = ("camera", "display-capture", "geolocation", "microphone", "midi", "payment", "serial", "usb")
    HEADERS = {
        "Permissions-Policy": ", ".join(f"{device}=()" for device in DENIED),
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Permitted-Cross-Domain-Policies": "none",
    }

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in self.HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class PrivatePagesMiddleware:
    """Members' pages are nobody else's: no shared cache keeps them."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response


class ProblemsMiddleware:
    """Below /api/ every refusal is a problem in JSON, those of Django's own included."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path_info.startswith("/api/") or response.status_code < 300:
            return response
        if response.status_code < 400:  # a body does not follow to another address
            is_lost = request.method not in ("GET", "HEAD")
            words = _("There is nothing at this address: addresses end with a slash.")
            return problems.in_place_of(404, words) if is_lost else response
        if response["Content-Type"] == problems.MEDIA_TYPE:
            return response
        return problems.in_place_of(response.status_code)


class SeenMiddleware:
    """Whoever changes something was here. Looking alone writes nothing, so it does not count."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            sessions.see(request.session, request.now)  # type: ignore[attr-defined]
        return self.get_response(request)


class ChangedMiddleware:
    """With a replica: whoever changes something reads what they changed, see `organisations.replicas`."""

    KEPT_SECONDS = 15 * 60  # a replica that is later than this is not read by anybody

    def __init__(self, get_response: Next) -> None:
        if not replicas.is_set_up():
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            response.set_cookie(
                CHANGED,
                self._place(),
                max_age=self.KEPT_SECONDS,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response

    def _place(self) -> str:
        try:
            return replicas.place()
        except DatabaseError:
            return "unknown"  # the change is answered as it was; what follows is read from the primary


class TooOftenMiddleware:
    """Somebody tries a door too often: our own page, and when to come back."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, TooOften):
            return None
        return too_often(error.seconds, is_member=error.door.is_members)


class PartialSignInMiddleware:
    """An expired session inside a partial: htmx goes to sign-in as a whole page and comes back.

    So does whoever is asked for a second factor first.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not getattr(request, "htmx", False) or not isinstance(response, HttpResponseRedirectBase):
            return response
        door = next((url for url in map(resolve_url, DOORS) if response.url.split("?")[0] == url), None)
        if door is None:
            return response
        page = _page(request)
        answer = HttpResponse(status=401)
        answer["HX-Redirect"] = f"{door}?{urlencode({'next': page})}"
        return answer


def _page(request: HttpRequest) -> str:
    """The page htmx says it is on; the header is anybody's, and may be no address at all."""
    try:
        return request.htmx.current_url_abs_path or "/"  # type: ignore[attr-defined]
    except ValueError:
        return "/"
