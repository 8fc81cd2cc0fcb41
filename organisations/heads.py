"""Where each log's chain had come to, in a file outside the database: one line for each time it grew.

A chain cannot see its own end cut off, nor that all of it was made anew; whoever has this file, or a copy
of it from yesterday, can.
"""

import json
import logging
import os
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from organisations.chains import Head
from organisations.models import Organisation, Seal

log = logging.getLogger(__name__)


def note(organisation: Organisation, seal: Seal, *, now: datetime) -> None:
    """A folder that cannot be written stops nothing: the head stands in the log of the process as well."""
    log.info("sealed %s up to seal %s, head %s", organisation.slug, seal.number, seal.head)
    line = _whose(organisation) | {"at": now.isoformat(), "number": seal.number, "head": seal.head}
    path = Path(settings.LOG_HEADS)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, f"{json.dumps(line)}\n".encode())  # one write: two processes do not mix
        finally:
            os.close(descriptor)
    except OSError:
        log.exception("the head of a log could not be noted")


def noted(organisation: Organisation, path: Path | None = None) -> list[Head]:
    """What the file says of this organisation's log. Raises OSError, ValueError when it cannot be read."""
    path = path or Path(settings.LOG_HEADS)
    if not path.exists():
        return []
    whose, found = _whose(organisation), []
    for text in path.read_text(encoding="utf-8").splitlines():
        line: dict[str, Any] = json.loads(text)
        if line.items() >= whose.items():
            found.append(Head(int(line["number"]), str(line["head"])))
    return found


def _whose(organisation: Organisation) -> dict[str, Any]:
    """Another organisation of this name, in a database made anew, is another one."""
    return {"organisation": organisation.slug, "since": organisation.created_at.isoformat()}
