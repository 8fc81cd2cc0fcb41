"""What the worker does for this room."""

from celery import shared_task
from django.utils import timezone

from organisations import limits, sealing, sessions


@shared_task
def sweep_sign_in() -> int:
    now = timezone.now()
    return sessions.sweep(now=now) + limits.sweep(now=now)


@shared_task
def seal_logs() -> int:
    return sealing.seal_all(now=timezone.now())
