"""What the worker does for this room."""

from celery import shared_task
from django.utils import timezone

from dashboards import digests


@shared_task
def send_digests() -> int:
    return digests.send_all(now=timezone.now())
