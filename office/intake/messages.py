"""From the bytes of a request to messages. Pure: no database, no request object.

Segment answers 400 for what is no JSON or too large, and 200 for everything else; so do we. A single message
that cannot be used is kept as ignored, with the reason, and hurts no other.
"""

import json
import math
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn
from uuid import uuid4

from django.utils.translation import gettext as _

LARGEST_REQUEST = 500 * 1024  # bytes, unpacked
LARGEST_MESSAGE = 32 * 1024
KINDS = ("identify", "group", "track", "page", "screen", "alias")
USED = ("identify", "group", "track")
MOST_NUMBERS = 50
DEEPEST = 3  # properties within properties
LARGEST_NUMBER = 1e15
SKEW = timedelta(minutes=1)  # less is the time the request took, which is no fault of their clock


class BadRequest(ValueError):
    """Nothing of this request was kept; the text says why."""


@dataclass
class Message:
    """One message, as far as we use it. `fault` says why it cannot be used."""

    kind: str
    message_id: str
    at: datetime
    name: str = ""
    user_key: str = ""
    customer_key: str = ""
    traits: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, float] = field(default_factory=dict)
    fault: str = ""


def unpacked(body: bytes, *, encoding: str) -> bytes:
    """The body as it was before it was packed. Raises BadRequest."""
    if encoding in ("", "identity"):
        found = body
    elif encoding == "gzip":
        packer = zlib.decompressobj(31)
        try:
            found = packer.decompress(body, LARGEST_REQUEST + 1)
        except zlib.error:
            raise BadRequest(_("This is not gzip.")) from None
        if len(found) <= LARGEST_REQUEST and not packer.eof:
            raise BadRequest(_("The gzip ends too early."))
    else:
        raise BadRequest(_("Send it as it is, or packed by gzip."))
    if len(found) > LARGEST_REQUEST:
        raise BadRequest(_("A request may hold 500 KB, unpacked. Send smaller batches."))
    return found


def document(body: bytes) -> dict[str, Any]:
    """The JSON object in the body. Raises BadRequest."""
    try:
        found = json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise BadRequest(_("This is not JSON.")) from None
    if not isinstance(found, dict):
        raise BadRequest(_("A JSON object is expected."))
    return found


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)


def messages(kind: str, said: dict[str, Any], *, now: datetime) -> list[Message]:
    """The messages of a request to /v1/<kind>. Raises BadRequest for what is no batch."""
    if kind not in ("batch", "import"):
        return [_message(said | {"type": kind}, said, now)]
    batch = said.get("batch")
    if not isinstance(batch, list):
        raise BadRequest(_("“batch” is not a list of messages."))
    return [_message(each, said, now) for each in batch]


def _message(said: Any, around: dict[str, Any], now: datetime) -> Message:
    if not isinstance(said, dict):
        return Message("", uuid4().hex, now, fault=_("it is no JSON object"))
    message = Message(_text(said, "type", 10), _text(said, "messageId", 100) or uuid4().hex, now)
    message.name = _text(said, "event", 200)
    message.user_key = _text(said, "userId", 120)
    context = _inner(said, "context") or _inner(around, "context")
    message.customer_key = _text(said, "groupId", 120) or _text(context, "groupId", 120)
    at = _moment(said, around, now)
    message.at = at or now
    message.fault = _fault(message, said, has_time=at is not None)
    if not message.fault and message.kind == "track":
        message.numbers = _numbers(_inner(said, "properties"))
    elif not message.fault:
        message.traits = _traits(_inner(said, "traits") or _inner(context, "traits"))
        message.customer_key = message.customer_key or message.traits.pop("company", "")
    return message


def _fault(message: Message, said: dict[str, Any], *, has_time: bool) -> str:
    if message.kind not in KINDS:
        return _("“type” is none of %(kinds)s") % {"kinds": ", ".join(KINDS)}
    if message.kind not in USED:
        return _("messages of this kind are not used")
    if len(str(said)) > LARGEST_MESSAGE and len(json.dumps(said).encode()) > LARGEST_MESSAGE:
        return _("it is larger than 32 KB")
    for key, longest in (("messageId", 100), ("event", 200), ("userId", 120), ("groupId", 120)):
        if len(str(said.get(key) or "")) > longest:
            return _("“%(key)s” is longer than %(n)d characters") % {"key": key, "n": longest}
    if not has_time:
        return _("“timestamp” is no time")
    if message.kind == "track" and not message.name:
        return _("“event” is missing")
    if message.kind == "group" and not message.customer_key:
        return _("“groupId” is missing")
    if not message.user_key and (message.kind == "identify" or not message.customer_key):
        return _("“userId” is missing: whom nobody knows is not followed")
    return ""


def _moment(said: dict[str, Any], around: dict[str, Any], now: datetime) -> datetime | None:
    """When it was so: the sender's clock set right by when they say they sent it. Never ahead of ours."""
    at = _time(said.get("timestamp")) if said.get("timestamp") else now
    if at is None:
        return None
    sent = _time(said.get("sentAt") or around.get("sentAt"))
    if sent is not None and said.get("timestamp") and abs(now - sent) > SKEW:
        at += now - sent
    return min(at, now)


def _time(value: object) -> datetime | None:
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        found = datetime.fromisoformat(value)
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        return found.astimezone(UTC) if 1970 < found.year < 9000 else None
    except (ValueError, OverflowError):
        return None


def _text(said: dict[str, Any], key: str, longest: int) -> str:
    """Text, or a whole number as text; NUL, which no database keeps, is dropped."""
    value = said.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < LARGEST_NUMBER else ""
    return value.replace("\x00", "").strip()[:longest] if isinstance(value, str) else ""


def _inner(said: dict[str, Any], key: str) -> dict[str, Any]:
    found = said.get(key)
    return found if isinstance(found, dict) else {}


def _traits(said: dict[str, Any]) -> dict[str, str]:
    """Name, address, work, telephone, and the company they name; nothing else of a person is kept."""
    names = [_text(said, "firstName", 100), _text(said, "lastName", 100)]
    found = {
        "name": _text(said, "name", 200) or " ".join(filter(None, names)),
        "address": _text(said, "email", 254),
        "title": _text(said, "title", 120),
        "phone": _text(said, "phone", 50),
        "about": _text(said, "industry", 200),
        "company": _text(_inner(said, "company"), "id", 120),
    }
    return {name: value for name, value in found.items() if value}


def _numbers(properties: dict[str, Any], before: str = "", depth: int = 1) -> dict[str, float]:
    """Every number, those within others by path ("cart.total"); nothing else of an event is kept."""
    found: dict[str, float] = {}
    for key, value in properties.items():
        name = f"{before}{key}".replace("\x00", "")[:120]
        if isinstance(value, dict) and depth < DEEPEST:
            found |= _numbers(value, f"{name}.", depth + 1)
        elif isinstance(value, int | float) and not isinstance(value, bool) and _is_usable(value):
            found[name] = float(value)
        if len(found) >= MOST_NUMBERS:
            break
    return found


def _is_usable(value: float) -> bool:
    return abs(value) < LARGEST_NUMBER and math.isfinite(value)
