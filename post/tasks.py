"""What the worker does for this room: the post loop's work, earlier."""

from celery import shared_task
from django.utils import timezone

from post import beating, dispatching, webhooks


@shared_task
def dispatch() -> int:
    beating.beat("worker")
    return dispatching.dispatch(now=timezone.now(), is_loop=False)


@shared_task
def call_webhooks() -> int:
    return webhooks.dispatch(now=timezone.now())


@shared_task
def sweep_webhooks() -> int:
    return webhooks.sweep(now=timezone.now())
