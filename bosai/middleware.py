"""What holds for every request: one clock, private pages, and sign-in that never lands inside a card."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

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


class PartialSignInMiddleware:
    """An expired session inside a partial: htmx goes to sign-in as a whole page and comes back."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not getattr(request, "htmx", False) or not isinstance(response, HttpResponseRedirectBase):
            return response
        login = resolve_url(settings.LOGIN_URL)
        if not response.url.startswith(login):
            return response
        page = _page(request)
        answer = HttpResponse(status=401)
        answer["HX-Redirect"] = f"{login}?{urlencode({'next': page})}"
        return answer


def _page(request: HttpRequest) -> str:
    """The page htmx says it is on; the header is anybody's, and may be no address at all."""
    try:
        return request.htmx.current_url_abs_path or "/"  # type: ignore[attr-defined]
    except ValueError:
        return "/"
