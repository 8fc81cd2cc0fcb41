"""Every refusal of the API in one form, RFC 9457: what is wrong, field by field, and what to do about it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import OperationalError, connection
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Kind:
    """A refusal, as the reference explains it."""

    status: int
    kind: str
    means: Any
    to_do: Any


KINDS = [
    Kind(400, "unreadable", _lazy("It cannot be read."), _lazy("Send whole, valid JSON in UTF-8.")),
    Kind(401, "token", _lazy("No open token."), _lazy("Send one; an admin makes it on the page Tokens.")),
    Kind(403, "not-allowed", _lazy("The token may not."), _lazy("Ask an admin for one that may.")),
    Kind(
        404, "not-found", _lazy("Nothing there for your organisation."), _lazy("Look in the list above it.")
    ),
    Kind(405, "method", _lazy("This address has no such method."), _lazy("Allow names those it has.")),
    Kind(
        409, "conflict", _lazy("In conflict with what there is."), _lazy("Read the row again, then decide.")
    ),
    Kind(413, "too-large", _lazy("More than 5 MB."), _lazy("Send it in parts.")),
    Kind(415, "media-type", _lazy("Not JSON."), _lazy("Send Content-Type: application/json.")),
    Kind(422, "invalid", _lazy("Fields are wrong or unknown."), _lazy("Correct what errors lists.")),
    Kind(429, "too-often", _lazy("Too many requests."), _lazy("Wait for Retry-After seconds.")),
    Kind(500, "our-fault", _lazy("Our fault; nothing was stored."), _lazy("Send it again later; tell us.")),
    Kind(503, "busy", _lazy("Something large is being stored."), _lazy("Send it again in a moment.")),
]
BY_STATUS = {one.status: one for one in KINDS}


class Refused(Exception):
    """The request was understood and cannot be done. Nothing was stored."""

    def __init__(self, words: Any, *, field: str = "", status: int = 409) -> None:
        super().__init__(str(words))
        self.field, self.status = field, status


@contextmanager
def refusing(*kinds: type[Exception], words: Any = "", field: str = "", status: int = 409) -> Iterator[None]:
    """Turn a verb's own refusals into an answer, in these words or in the refusal's."""
    try:
        yield
    except kinds as refusal:
        raise Refused(words or refusal, field=field, status=status) from refusal


def body(status: int, detail: Any, errors: Sequence[Mapping[str, str]] = ()) -> dict[str, Any]:
    """A problem. Its type leads to where the reference explains it."""
    found = {
        "type": f"/api/v1/reference/#problem-{BY_STATUS.get(status, KINDS[0]).kind}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": str(detail),
    }
    return found | ({"errors": list(errors)} if errors else {})


def in_place_of(status: int, words: Any = "") -> HttpResponse:
    """What the framework answers as a page, such as for an address there is not, as a problem."""
    known = BY_STATUS.get(status, KINDS[0])
    made = body(status, words or f"{known.means} {known.to_do}")
    return HttpResponse(JSONRenderer().render(made), status=status, content_type=MEDIA_TYPE)


def answer(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """REST framework's EXCEPTION_HANDLER. None for what is our own fault, which is logged and answers 500."""
    found = _known(error)
    if found is None:
        return None
    status, detail, errors, headers = found
    return Response(body(status, detail, errors), status=status, headers=headers, content_type=MEDIA_TYPE)


def _known(error: Exception) -> tuple[int, Any, list[dict[str, str]], dict[str, str]] | None:
    errors: list[dict[str, str]] = []
    headers: dict[str, str] = {}
    match error:
        case exceptions.ValidationError():
            errors = list(_by_field(error.detail))
            return 422, _("Nothing was stored. Correct what is listed and send it again."), errors, headers
        case Refused():
            errors = [{"field": error.field, "detail": str(error)}] if error.field else []
            return error.status, error, errors, headers
        case Http404() | exceptions.NotFound():
            words = _("There is nothing here for your organisation. Look for its id in the list above it.")
            return 404, words, errors, headers
        case PermissionDenied():
            return 403, error, errors, headers
        case RequestDataTooBig():
            return 413, _("The body is too large. Send it in parts of at most 5 MB."), errors, headers
        case exceptions.UnsupportedMediaType() | exceptions.MethodNotAllowed():
            known = BY_STATUS[error.status_code]
            return known.status, f"{known.means} {known.to_do}", errors, headers
        case exceptions.Throttled():
            headers = {"Retry-After": str(int(error.wait or 1)), **getattr(error, "headers", {})}
            return 429, error.detail, errors, headers
        case exceptions.APIException():
            headers = {"WWW-Authenticate": error.auth_header} if getattr(error, "auth_header", "") else {}
            return error.status_code, error.detail, errors, headers
        case OperationalError() if connection.vendor == "sqlite" and "locked" in str(error):
            words = _("Something large is being stored. Nothing was done; send it again in a moment.")
            return 503, words, errors, {"Retry-After": "5"}
    return None


def _by_field(detail: Any, path: str = "") -> Iterator[dict[str, str]]:
    """Each fault with the place it is at, such as "commitments.0.will"."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            here = "" if name == "non_field_errors" else str(name)
            yield from _by_field(inner, f"{path}.{here}".strip("."))
    elif isinstance(detail, list | tuple):
        for place, inner in enumerate(detail):
            is_row = isinstance(inner, Mapping | list)
            yield from _by_field(inner, f"{path}.{place}".strip(".") if is_row else path)
    else:
        yield {"field": path, "detail": str(detail)}
