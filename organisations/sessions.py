"""Sessions know whose they are: a person sees theirs, and ends them. Ending one is deleting its row.

Django's own store, with a column more and one end: however busy, a session is over two weeks after sign-in.
Nothing is written by looking: a session is seen when it changes something.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from organisations.access import client_ip
from organisations.models import Session, User

LONGEST_AGENT = 300
SEEN_EVERY = timedelta(minutes=5)
PROOF_HOLDS = timedelta(minutes=15)


class SessionStore(DatabaseStore):
    """Sessions in the database, each with the person who signed in."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        user_id = data.get(SESSION_KEY)
        if user_id and "signed_in_at" not in data:
            data["signed_in_at"] = timezone.now().isoformat()
        row: Session = super().create_model_instance(data)  # type: ignore[assignment]
        row.user_id = int(user_id) if user_id else None
        if user_id:
            longest = timedelta(seconds=settings.SESSION_COOKIE_AGE)
            row.expire_date = min(row.expire_date, datetime.fromisoformat(data["signed_in_at"]) + longest)
        return row


@dataclass(frozen=True)
class Seat:
    """Where somebody sits who does something: their session, and what they come from."""

    key: str
    address: str
    agent: str


@dataclass(frozen=True)
class Opened:
    """One session as its owner reads it."""

    row: Session
    signed_in_at: datetime
    seen_at: datetime
    address: str
    agent: str
    is_this: bool


def seat_of(request: HttpRequest) -> Seat:
    agent = request.META.get("HTTP_USER_AGENT", "")[:LONGEST_AGENT]
    return Seat(request.session.session_key or "", client_ip(request) or "", agent)


def settle_in(request: HttpRequest, now: datetime) -> None:
    """Right after signing in: remember when, and what the person comes from."""
    seat = seat_of(request)
    request.session.update({"signed_in_at": now.isoformat(), "address": seat.address, "agent": seat.agent})


def see(session: SessionBase, now: datetime) -> None:
    """Something was changed from here; noted every few minutes at most."""
    if session.get(SESSION_KEY) and now - _time(session, "seen_at", "signed_in_at") > SEEN_EVERY:
        session["seen_at"] = now.isoformat()


def prove(session: SessionBase, now: datetime) -> None:
    """They just proved once more that it is them."""
    session["proved_at"] = now.isoformat()


def has_proof(session: SessionBase, now: datetime) -> bool:
    """Whether they signed in or proved it lately enough to change how they sign in."""
    return now - _time(session, "proved_at", "signed_in_at") < PROOF_HOLDS


def opened(user: User, *, this: str, now: datetime) -> list[Opened]:
    """Where they are signed in, this session first, then the latest."""
    found = [_read(row, this) for row in _live(user, now)]
    return sorted(found, key=lambda each: (not each.is_this, -each.seen_at.timestamp()))


def end(user: User, *, number: str, this: str, now: datetime) -> int:
    """End one of theirs, named by `number_of`, never the one in use; 0 when it is over already."""
    keys = [row.pk for row in _live(user, now) if number_of(row) == number and row.pk != this]
    return Session.objects.filter(pk__in=keys).delete()[0]


def end_others(user: User, *, keep: str = "") -> int:
    """End all of theirs but one."""
    return Session.objects.filter(user=user).exclude(pk=keep).delete()[0]


def sweep(*, now: datetime) -> int:
    """Sessions that are over, cleared away."""
    return Session.objects.filter(expire_date__lt=now).delete()[0]


def number_of(row: Session) -> str:
    """What a page may call a session: never its key."""
    return salted_hmac("organisations.sessions", row.pk, algorithm="sha256").hexdigest()[:24]


def _live(user: User, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(user=user, expire_date__gt=now)


def _read(row: Session, this: str) -> Opened:
    data = row.get_decoded()
    signed_in_at = _time(data, "signed_in_at")
    return Opened(
        row=row,
        signed_in_at=signed_in_at,
        seen_at=_time(data, "seen_at", "signed_in_at"),
        address=data.get("address", ""),
        agent=data.get("agent", ""),
        is_this=row.pk == this,
    )


def _time(data: Any, *names: str) -> datetime:
    """The first of these that is known; the beginning of time for none."""
    known = (data.get(name) for name in names)
    return datetime.fromisoformat(next((text for text in known if text), "1970-01-01T00:00:00+00:00"))
