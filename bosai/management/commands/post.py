"""The loop that sends: every two seconds a round of what is due, until it is asked to stop.

It needs no broker. Any number may run at once. On SIGTERM the open mail is finished, nothing else is begun.
"""

import logging
import os
import signal
import threading
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import close_old_connections, connection
from django.utils import timezone

from bosai import broker, rounds, starting
from post import beating
from post.models import Heartbeat

log = logging.getLogger(__name__)
EVERY_SECONDS = 2.0


class Command(BaseCommand):
    help = "Gather celebrations, post what is due and send it, every two seconds."
    requires_system_checks: list[str] = []  # `starting` asks; Django's round would import every page

    def handle(self, *args: Any, **options: Any) -> None:
        starting.process()
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        log.info(
            "the post loop runs; %s", "mails go out" if settings.SMTP_URL else "no mail server is set up"
        )
        beside = threading.Thread(target=call_webhooks, args=[stop], name="webhooks")
        beside.start()
        while not stop.is_set():
            close_old_connections()
            counts = rounds.run(rounds.LOOP, now=timezone.now(), stopping=stop.is_set)
            beat(settings.STATE / beating.LOOP_FILE)
            beating.beat(Heartbeat.Name.POST)
            if broker.answers():
                beating.beat(Heartbeat.Name.BROKER)
            if any(counts.values()):
                log.info(in_words(counts))
            stop.wait(0 if counts.get("sent") else EVERY_SECONDS)
        beside.join()
        close_old_connections()
        log.info("the post loop has stopped")


def call_webhooks(stop: threading.Event) -> None:
    """Round after round beside the mails, on a connection of its own. Calls under way are finished."""
    while not stop.is_set():
        close_old_connections()
        counts = rounds.run(rounds.BESIDE, now=timezone.now(), stopping=stop.is_set)
        if any(counts.values()):
            log.info(in_words(counts))
        stop.wait(0 if any(counts.values()) else EVERY_SECONDS)
    connection.close()


def beat(path: Path) -> None:
    """Leave the time of the last finished round for whoever watches, whole or not at all."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_text(f"{timezone.now().isoformat()}\n")
    draft.replace(path)


def in_words(counts: rounds.Counts) -> str:
    """ "gathered 3, posted 2, sent failed"; what did nothing is left out."""
    return ", ".join(
        f"{name} {'failed' if count is None else count}" for name, count in counts.items() if count != 0
    )
