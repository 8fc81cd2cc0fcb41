"""Celery wakes work earlier; it never holds the only copy of anything.

Redis when REDIS_URL is set, else files in the state folder (`bosai.broker`). No results are kept and no
message carries a time: what is due stands in the database.
"""

import os
import warnings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bosai.settings")
# What must be so before anything serves is asked by `bosai.starting`. Celery's own round asks every page as
# well, and thereby imports them all into processes that show none.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")

from celery import Celery
from celery.platforms import SecurityWarning  # type: ignore[attr-defined]
from celery.signals import beat_init, worker_init, worker_process_init
from django.conf import settings

from bosai import broker, heart, lifeline
from bosai.schedule import BEAT_SCHEDULE

REDIS_OPTIONS = {
    "visibility_timeout": 7200,
    # A page waits a second for a broker and no longer; kombu's own defaults take six to give up.
    "socket_timeout": 1,
    "socket_connect_timeout": 1,
    "connect_retries_timeout": 1,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
}


def _broker() -> dict[str, object]:
    if settings.REDIS_URL:
        return {"broker_url": settings.REDIS_URL, "broker_transport_options": REDIS_OPTIONS}
    return {
        "broker_url": f"{broker.SCHEME}://localhost//",
        "broker_transport_options": broker.options(settings.STATE / "broker"),
    }


# Celery warns root at length; it matters only with pickled messages, and ours are JSON.
warnings.filterwarnings("ignore", category=SecurityWarning)

app = Celery("bosai")
app.conf.update(
    **_broker(),
    broker_connection_retry=True,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    task_default_queue="bosai",
    task_ignore_result=True,
    task_publish_retry=False,
    worker_prefetch_multiplier=8,
    worker_enable_prefetch_count_reduction=False,
    worker_max_tasks_per_child=500,
    worker_max_memory_per_child=300_000,  # KB; a child is replaced between tasks, never inside one
    worker_hijack_root_logger=False,
    worker_redirect_stdouts=False,
    beat_schedule=BEAT_SCHEDULE,
    timezone="UTC",
)
app.autodiscover_tasks()


@worker_process_init.connect
def _follow_the_worker(**_: object) -> None:
    lifeline.follow_parent()


@worker_init.connect
@beat_init.connect
def _refuse_unsafe(**_: object) -> None:
    from bosai import starting  # needs the apps, which are set up by now

    starting.process()


@beat_init.connect
def _beat_lives(**_: object) -> None:
    heart.start("beat")
