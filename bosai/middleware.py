"""What holds for every request: one clock, private pages, limits, and sign-in that never lands in a card."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from organisations import sessions
from organisations.limits import TooOften
from ui.views import too_often

DOORS = ("account_login", "account_reauthenticate", "own_sign_in")  # whole pages, never a part of one
Next = Callable[[HttpRequest], HttpResponse]


class ClockMiddleware:
    """The time is read once, at the edge; everything below takes it as `now`."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.now = timezone.now()  # type: ignore[attr-defined]
        return self.get_response(request)


class PrivatePagesMiddleware:
    """Members' pages are nobody else's: no shared cache keeps them."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response


class SeenMiddleware:
    """Whoever changes something was here. Looking alone writes nothing, so it does not count."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            sessions.see(request.session, request.now)  # type: ignore[attr-defined]
        return self.get_response(request)


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
        page = request.htmx.current_url_abs_path or "/"  # type: ignore[attr-defined]
        answer = HttpResponse(status=401)
        answer["HX-Redirect"] = f"{door}?{urlencode({'next': page})}"
        return answer
