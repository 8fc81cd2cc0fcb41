"""What admins and managers read above every page while mail is held or the loop is silent."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.http import HttpRequest

from post import beating, guarding
from post.models import Heartbeat


@dataclass(frozen=True)
class Banner:
    kind: str  # "held" or "silent"
    since: datetime | None
    count: int = 0


def banner_context(request: HttpRequest) -> dict[str, Any]:
    """For every template; asked only where a page draws it."""
    membership = getattr(request, "membership", None)
    if membership is None or not membership.can_manage:
        return {}
    return {"banner": partial(current_banner, now=request.now)}  # type: ignore[attr-defined]


def current_banner(*, now: datetime) -> Banner | None:
    if hold := guarding.current_hold():
        return Banner("held", hold.since, guarding.held_count())
    beats = beating.beats(now=now)
    if beats.is_silent(Heartbeat.Name.POST):
        return Banner("silent", beats.at.get(Heartbeat.Name.POST))
    return None
