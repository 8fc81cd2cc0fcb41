"""Segment's protocol, as its client libraries speak it: /v1/batch and the like, the write key as user name.

Answers are Segment's: 200 when it was kept, 400 for what is no JSON or too large, 401 for an unknown key,
429 with Retry-After when it is too much. No session is used and no cookie set.
"""

import base64
import binascii
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from office import authorising, intake
from office.intake.messages import LARGEST_REQUEST, document, unpacked
from office.models import Token
from office.models.tokens import INTAKE
from organisations import limits, tenancy


@csrf_exempt
def take(request: Any, kind: str) -> HttpResponse:
    """POST /v1/<kind>."""
    if request.method != "POST":
        refused = _refused(405, "method", _("Send it by POST."))
        refused["Allow"] = "POST"
        return refused
    try:
        said = document(_body(request))
        token = _token(request, said)
        if token is None or not token.may(INTAKE):
            return _refused(401, "unauthorized", _("This write key opens nothing here."))
        return _take(request, kind, said, token)
    except intake.BadRequest as bad:
        return _refused(400, "invalid", str(bad))
    except limits.TooOften as wait:
        refused = _refused(429, "rate", _("Too many requests with this write key. Wait a little."))
        refused["Retry-After"] = str(wait.seconds)
        return refused


take.guarded_for = "machine"  # type: ignore[attr-defined]


def _take(request: Any, kind: str, said: dict[str, Any], token: Token) -> HttpResponse:
    organisation, now = token.organisation, request.now
    limits.take(limits.INTAKE, address=f"token {token.pk} of {organisation.pk}", now=now)
    messages = intake.messages(kind, said, now=now)
    with tenancy.within(organisation), translation.override(organisation.language):
        intake.take(messages, organisation=organisation, now=now, by=token.user, history=kind == "import")
    authorising.note_use(token, now=now)
    return JsonResponse({"success": True})


def _body(request: HttpRequest) -> bytes:
    """What was sent, unpacked. Raises BadRequest before more is read than anybody may send."""
    sent = request.META.get("CONTENT_LENGTH") or "0"
    if not sent.isdecimal() or int(sent) > LARGEST_REQUEST:
        raise intake.BadRequest(_("A request may hold 500 KB. Send smaller batches."))
    encoding = request.headers.get("Content-Encoding", "").strip().lower()
    return unpacked(request.read(LARGEST_REQUEST + 1), encoding=encoding)


def _token(request: Any, said: dict[str, Any]) -> Token | None:
    """By basic auth, the write key as user name; else as `writeKey` in the body, as some libraries do."""
    scheme, _space, rest = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            key = base64.b64decode(rest, validate=True).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            return None
    else:
        key = said.get("writeKey", "")
    return authorising.find(key, now=request.now) if isinstance(key, str) and key else None


def _refused(status: int, code: str, words: str) -> JsonResponse:
    return JsonResponse({"success": False, "code": code, "message": words}, status=status)
