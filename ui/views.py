"""Pages of the design system itself: the gallery of components, and what is shown when a page cannot be."""

from math import ceil
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.loader import get_template
from django.utils.csp import CSP
from django.utils.translation import ngettext
from django.views.decorators.csp import csp_override

from ui.gallery import samples


def gallery(request: HttpRequest) -> HttpResponse:
    """Every component in every state. If it is not here it does not exist."""
    return render(request, "ui/gallery.html", samples(now=request.now))  # type: ignore[attr-defined]


@csp_override({"default-src": [CSP.NONE], "style-src": [CSP.UNSAFE_INLINE], "frame-ancestors": [CSP.SELF]})
def gallery_mail(request: HttpRequest) -> HttpResponse:
    """The parts of mails, for a frame in the gallery: mails carry their styles inline."""
    return render(request, "ui/gallery_mail.html", samples(now=request.now))  # type: ignore[attr-defined]


def gallery_sorry(request: HttpRequest) -> HttpResponse:
    """A page instead of a page, for a frame in the gallery."""
    return render(request, "404.html")


def _sorry(status: int, words: str = "") -> HttpResponseBase:
    """No database, no session, no context processor: an error page must work when those do not."""
    html = get_template(f"{status}.html").render({"words": words})
    return HttpResponse(html, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    return _sorry(400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    return _sorry(403, words=str(exception))


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    return _sorry(404)


def server_error(request: HttpRequest, *args: Any) -> HttpResponseBase:
    return _sorry(500)


def too_often(seconds: int, *, is_member: bool) -> HttpResponse:
    """Wait, then try again. htmx shows the words as a toast."""
    minutes = ceil(seconds / 60)
    words = ngettext(
        "Nothing was changed. Try again in %(n)d minute. This keeps strangers from guessing.",
        "Nothing was changed. Try again in %(n)d minutes. This keeps strangers from guessing.",
        minutes,
    ) % {"n": minutes}
    html = get_template("429.html").render({"words": words, "is_member": is_member})
    response = HttpResponse(html, status=429)
    response["Retry-After"], response["X-Words"] = str(seconds), quote(words)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """CSRF_FAILURE_VIEW. The reason helps attackers more than people, so it stays unsaid."""
    return HttpResponse(get_template("403_csrf.html").render({}), status=403)
