"""Logs without personal data: a line or a JSON object for each record, and no value that a person typed.

What our own messages say is discipline: ids, counts, slugs. What cannot be disciplined is cut off here:

- an exception is told by its type and where it happened; its text may quote a row, an address, a file;
- addresses, tokens and what follows a "?" are masked wherever they stand.

Needs no Django: processes that fail before there is one log the same way.
"""

import json
import logging
import logging.config
import os
import re
import sys
import threading
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

MASKS = (
    (re.compile(r"[^\s@<>\"'(,;=]+@[^\s@<>\"'),;]+"), "…@…"),
    (re.compile(r"(/(?:[cu]|setup|accounts/invitation|accounts/password/reset/key)/)[^/\s\"']+"), r"\1…"),
    (re.compile(r"\b[0-9a-z]{1,13}-[\w-]{43}(?![\w-])"), "…"),
    (re.compile(r"(?<![\w-])[\w-]{43,}"), "…"),
    (re.compile(r"(/[^\s?\"']*)\?[^\s\"']+"), r"\1?…"),
)
QUOTING = ("exc", "traceback", "args", "kwargs", "return_value")  # what Celery says about a task
FIELDS = ("view", "method", "status", "milliseconds")  # of a request
Fault = tuple[type[BaseException] | None, BaseException | None, TracebackType | None]


def masked(text: str) -> str:
    for pattern, instead in MASKS:
        text = pattern.sub(instead, text)
    return text


def message_of(record: logging.LogRecord) -> str:
    """The record's message, its arguments made discreet."""
    words = str(_discreet(record.msg))
    args = record.args
    if isinstance(args, Mapping):
        args = {key: "…" if key in QUOTING else _discreet(value) for key, value in args.items()}
    elif args:
        args = tuple(map(_discreet, args))
    return masked(words % args if args else words).rstrip()


def _discreet(value: Any) -> Any:
    return type(value).__name__ if isinstance(value, BaseException) else value


def told(fault: Fault) -> tuple[str, list[str]]:
    """The types of an exception and its causes, and the places it came through, innermost last."""
    kinds: list[str] = []
    error = fault[1]
    while error is not None and len(kinds) < 5:
        kinds.append(type(error).__name__)
        error = error.__cause__ or error.__context__
    frames = traceback.extract_tb(fault[2])
    return " from ".join(kinds), [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]


class LineFormatter(logging.Formatter):
    """For people: one line, the places of a fault below it."""

    def format(self, record: logging.LogRecord) -> str:
        line = f"{_time(record)} {record.levelname} {record.name} {message_of(record)}"
        if record.exc_info and record.exc_info[0]:
            kinds, places = told(record.exc_info)
            line = "\n    ".join([f"{line}: {kinds}", *places])
        return line


class JSONFormatter(logging.Formatter):
    """For machines: one object a line."""

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, Any] = {
            "at": _time(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": message_of(record),
        }
        said |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info and record.exc_info[0]:
            said["fault"], said["places"] = told(record.exc_info)
        return json.dumps(said, ensure_ascii=False)


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def configure(config: dict[str, Any]) -> None:
    """Django's LOGGING_CONFIG. In processes that run for long, what nobody caught is logged as well."""
    logging.config.dictConfig(config)
    logging.captureWarnings(True)
    is_typed = os.path.basename(sys.argv[0]) == "manage.py" and sys.argv[1:2] != ["post"]
    if os.environ.get("BOSAI_MODE") != "test" and not is_typed:
        sys.excepthook = _log_uncaught
        threading.excepthook = lambda given: _log_uncaught(
            given.exc_type, given.exc_value, given.exc_traceback
        )


def _log_uncaught(
    kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt | SystemExit):
        return
    logging.getLogger("bosai").critical("stopped by a fault", exc_info=(kind, error or kind(), trace))
