"""What the worker does for this room: the post loop's work, earlier."""

from celery import shared_task
from django.utils import timezone

from advocacy import celebrating, convening, expanding, storytelling
from organisations import tenancy
from organisations.models import Organisation


@shared_task
def celebrate(organisation_id: int) -> int:
    """A part of each; the loop goes on with the rest. `within` is one transaction on PostgreSQL."""
    organisation, now = Organisation.objects.get(pk=organisation_id), timezone.now()
    with tenancy.within(organisation):
        celebrating.gather(organisation=organisation, now=now, at_most=celebrating.GATHERED_AT_ONCE)
        return celebrating.post_due(organisation=organisation, now=now, at_most=celebrating.POSTED_AT_ONCE)


@shared_task
def expire_stories() -> int:
    return storytelling.expire_all(now=timezone.now())


@shared_task
def find_growth() -> int:
    return expanding.look_everywhere(now=timezone.now())


@shared_task
def tend_circles() -> int:
    return convening.tend_everywhere(now=timezone.now())
