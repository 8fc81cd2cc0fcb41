"""SQLite has one writer at a time: what is only noted beside a read must not wait for it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction

WAITS = 50  # milliseconds


def try_now(write: Callable[[], object]) -> bool:
    """Write, unless somebody else is writing for long; whether it was written.

    Only for what may be missed, such as when something was last used: a read answers at once all the same.
    """
    with _hurried():
        try:
            with transaction.atomic():
                write()
        except OperationalError:
            if connection.vendor != "sqlite":
                raise
            return False
    return True


@contextmanager
def _hurried() -> Iterator[None]:
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        before = int(cursor.fetchone()[0])
        cursor.execute(f"PRAGMA busy_timeout = {WAITS}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {before}")
