"""What the worker does for this room."""

from celery import shared_task
from django.utils import timezone

from coaching import noticing, reminding


@shared_task
def notice_champions() -> int:
    return noticing.notice_everywhere(now=timezone.now())


@shared_task
def remind() -> int:
    return reminding.remind_everywhere(now=timezone.now())
