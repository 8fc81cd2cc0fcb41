"""What this installation knows of its mail outside the database: one line in a file of the state folder.

The line holds the database's key and the number of the last send begun. The file is locked while it is
changed, and one small write replaces the line, so that a kill at any moment leaves the old one or the new.
"""

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings

log = logging.getLogger(__name__)
LINE = "{key} {number:020d}\n"  # always as long
NOBODYS = UUID(int=0)  # no database has this key


@dataclass(frozen=True)
class Mark:
    key: UUID
    number: int


class MarkFile:
    """The open, locked file."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    def read(self) -> Mark | None:
        """None when there is nothing to be read in it."""
        return _understood(os.pread(self.descriptor, 200, 0))

    def write(self, mark: Mark) -> None:
        os.pwrite(self.descriptor, LINE.format(key=mark.key.hex, number=mark.number).encode(), 0)


def read() -> Mark | None:
    """The mark, without waiting for the lock; None when there is none."""
    try:
        return _understood(_path().read_bytes())
    except FileNotFoundError:
        return None


@contextmanager
def locked() -> Iterator[MarkFile]:
    _path().parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(_path(), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield MarkFile(descriptor)
    finally:
        os.close(descriptor)


def advance(number: int) -> None:
    """A send with this number has been begun. Never moves back, whichever of two processes comes first.

    A folder that cannot be written stops no mail: a mark that lags behind holds nothing back wrongly.
    """
    try:
        with locked() as file:
            mark = file.read()
            if mark is not None and mark.number < number:
                file.write(Mark(mark.key, number))
    except OSError:
        log.exception("the mark of the last send could not be written")


def distrust() -> None:
    """Whatever database is found here next did not grow here: its mail waits for a person."""
    with locked() as file:
        file.write(Mark(NOBODYS, 1))


def _path() -> Path:
    return Path(settings.SEND_MARK)


def _understood(line: bytes) -> Mark | None:
    try:
        key, number = line.decode().split()
        return Mark(UUID(key), int(number))
    except ValueError:
        return None
