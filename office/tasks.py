"""What the worker does for this room."""

from celery import shared_task
from django.utils import timezone

from office import importing, intake
from organisations.models import Organisation


@shared_task
def work_on_import(*, organisation_id: int, import_id: int) -> str:
    organisation = Organisation.objects.get(pk=organisation_id)
    return importing.work(organisation=organisation, import_id=import_id, clock=timezone.now)


@shared_task
def resume_imports() -> int:
    return importing.go_on(importing.orphans(), clock=timezone.now)


@shared_task
def sweep_imports() -> int:
    return importing.sweep(now=timezone.now())


@shared_task
def sweep_events() -> int:
    return intake.sweep(now=timezone.now())
