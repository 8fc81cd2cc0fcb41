"""The heartbeat of a process that has no rounds of its own in which to say that it lives."""

import threading
import time

from django.db import connection

EVERY_SECONDS = 20.0


def start(name: str) -> None:
    """From a thread, until the process ends. Not where processes fork: a child would inherit a connection."""
    threading.Thread(target=_go_on, args=(name,), name="heart", daemon=True).start()


def _go_on(name: str) -> None:
    from post import beating  # the process loads its settings first

    while True:
        beating.beat(name)
        connection.close()
        time.sleep(EVERY_SECONDS)
