"""Heartbeats: each process says now and then that it lives, on the database's clock. A row each, no log."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

from django.conf import settings
from django.db import DatabaseError
from django.db.models.functions import Now

from post.models import Heartbeat

log = logging.getLogger(__name__)
EVERY_SECONDS = 10.0  # at most, for each name and process: SQLite has one writer
LOOP_FILE = "post.beat"  # what the loop leaves in the state folder after each round, written or not

_said: dict[str, float] = {}


def beat(name: str, *, every: float = EVERY_SECONDS) -> None:
    """Say that `name` lives, unless that was said a moment ago. Never raises for a database that is busy."""
    if monotonic() - _said.get(name, float("-inf")) < every:
        return
    _said[name] = monotonic()
    try:
        if not Heartbeat.objects.filter(pk=name).update(at=Now()):
            Heartbeat.objects.bulk_create([Heartbeat(name=name, at=Now())], ignore_conflicts=True)
    except DatabaseError:
        log.warning("the heartbeat of %s could not be stored", name)


@dataclass(frozen=True)
class Beats:
    """What was last heard of each, and what the database's clock says now."""

    at: dict[str, datetime]
    clock: datetime

    def silence(self, name: str) -> timedelta | None:
        """How long nothing has been heard; None when nothing ever was."""
        return self.clock - self.at[name] if name in self.at else None

    def is_silent(self, name: str) -> bool:
        silence = self.silence(name)
        return silence is None or silence > Heartbeat.SILENT_AFTER


def beats(*, now: datetime) -> Beats:
    """One question to the database. `now` stands in for its clock while there is no row to ask it with."""
    rows = list(Heartbeat.objects.annotate(clock=Now()))
    clock = rows[0].clock if rows else now
    heard = {row.name: row.at for row in rows}
    # SQLite's one writer may be busy for minutes with a large import: the loop lives and cannot say so there.
    in_file = _loop_file_age(now)
    if in_file is not None:
        name = Heartbeat.Name.POST.value
        heard[name] = max(clock - in_file, heard.get(name, clock - in_file))
    return Beats(heard, clock)


def _loop_file_age(now: datetime) -> timedelta | None:
    """Age of the loop's own file; None where there is none: on another host."""
    try:
        text = (Path(settings.STATE) / LOOP_FILE).read_text().strip()
        return max(now - datetime.fromisoformat(text), timedelta())
    except (OSError, ValueError):
        return None
