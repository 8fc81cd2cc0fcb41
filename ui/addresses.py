"""What addresses and forms bring, read with care: a page to go back to, a row's number."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

WHOLE = ("/", "http://", "https://")
DIGITS = 18  # every number of so many fits a row's id


def own_page(request: HttpRequest, url: str) -> str:
    """The whole address if it is one of ours, else nothing: nobody is sent elsewhere."""
    if not url.startswith(WHOLE):
        return ""
    is_ours = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if is_ours else ""


def whole_number(text: str) -> int:
    """The number written there, from 0 up; 0 for whatever is none."""
    is_one = text.isascii() and text.isdecimal() and len(text) <= DIGITS
    return int(text) if is_one else 0
