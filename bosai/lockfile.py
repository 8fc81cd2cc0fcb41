"""One Bosai per state folder: a locked file that says who runs and where.

The lock belongs to the open file, so the system drops it with the process, however that ends; what is
then still written in the file tells that the end was not a tidy one.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class AlreadyRunningError(Exception):
    """Another supervisor holds the lock."""

    def __init__(self, pid: str, address: str) -> None:
        super().__init__(f"running at {address} (process {pid})")
        self.pid = pid
        self.address = address


@contextmanager
def held(path: Path, address: str) -> Iterator[bool]:
    """Hold the lock; yields whether the last holder was cut off. Raises AlreadyRunningError."""
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid, _, running_at = os.read(file, 1000).decode().strip().partition("\n")
            raise AlreadyRunningError(pid or "?", running_at or "an address it has not told yet") from None
        cut_off = os.fstat(file).st_size > 0
        os.ftruncate(file, 0)
        os.pwrite(file, f"{os.getpid()}\n{address}\n".encode(), 0)
        yield cut_off
        os.ftruncate(file, 0)
    finally:
        os.close(file)
