"""One page, one template: the whole of it, or the region that htmx asked for."""

import re
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.template import TemplateDoesNotExist
from django.template.loader import get_template, render_to_string
from django.utils.cache import patch_vary_headers

PARTIAL = re.compile(r"[A-Za-z][\w-]*\Z")


def render_page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """The page, or only its partial named like the element that htmx will replace.

    Partial name, element id and hx-target are one word. A partial brings waiting messages along as toasts.
    """
    context = {} if context is None else context
    partial = wanted_partial(request)
    html = None
    if partial:
        try:
            region = get_template(f"{template}#{partial}")
        except TemplateDoesNotExist:
            pass  # an element of the page that is no partial: the whole page is a right answer
        else:
            html = region.render(context, request) + _toasts(request)
    if html is None:
        html = get_template(template).render(context, request)
    response = HttpResponse(html, status=status)
    patch_vary_headers(response, ("HX-Request", "HX-Target"))
    return response


def wanted_partial(request: HttpRequest) -> str:
    """The name of the region htmx asks for; empty for a whole page.

    htmx 2 sends "customer-table", htmx 4 "table#customer-table". Going back in history wants the whole page.
    """
    htmx = getattr(request, "htmx", None)
    if not htmx or htmx.history_restore_request or htmx.boosted:
        return ""
    name = (htmx.target or "").rpartition("#")[2]
    return name if PARTIAL.match(name) else ""


def _toasts(request: HttpRequest) -> str:
    waiting = messages.get_messages(request) if hasattr(request, "_messages") else ()
    if not len(waiting):
        return ""
    return render_to_string("ui/toasts_oob.html", {"messages": waiting}, request)


def refusal(words: str, *, status: int = 409) -> HttpResponse:
    """An answer to htmx that changes nothing on the page and says why, as a toast."""
    return HttpResponse(words, status=status, headers={"X-Words": quote(words)}, content_type="text/plain")
