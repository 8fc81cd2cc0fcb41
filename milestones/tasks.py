"""What the worker does for this room."""

from celery import shared_task
from django.utils import timezone

from milestones import messaging


@shared_task
def write_messages() -> int:
    return messaging.write_all(now=timezone.now())
