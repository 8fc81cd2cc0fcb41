"""What the worker does for this room."""

from celery import shared_task
from django.utils import timezone

from dashboards import digests
from dashboards.week import raising


@shared_task
def send_digests() -> int:
    return digests.send_all(now=timezone.now())


@shared_task
def raise_due_calls() -> int:
    return raising.raise_all(now=timezone.now())
