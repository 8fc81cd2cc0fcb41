"""Off the shelf, back on it, and looked through: still right as it is."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coaching.alone import alone_in
from coaching.models import Resource
from coaching.shelving.faults import NotPossible
from organisations.models import User


def retire(*, resource: Resource, by: User, now: datetime) -> None:
    """Nobody is sent it any more; whoever was, still sees it."""
    with transaction.atomic():
        alone_in(resource.organisation)
        on_shelf = Resource.objects.filter(pk=resource.pk, retired_at=None).exclude(reviewed_at=None)
        if on_shelf.update(retired_at=now):
            resource.organisation.log("resource_retired", by=by, now=now, subject=resource)


def bring_back(*, resource: Resource, by: User, now: datetime) -> None:
    """On the shelf again, as it was. Whether it is still right is another question: see `review`."""
    with transaction.atomic():
        alone_in(resource.organisation)
        off = Resource.objects.filter(pk=resource.pk).exclude(retired_at=None)
        if off.update(retired_at=None):
            resource.organisation.log("resource_returned", by=by, now=now, subject=resource)


def review(*, resource: Resource, by: User, now: datetime) -> None:
    """Somebody looked through it, and it is right as it is. Raises NotPossible."""
    with transaction.atomic():
        alone_in(resource.organisation)
        if not Resource.objects.current().filter(pk=resource.pk).update(reviewed_at=now, reviewed_by=by):
            raise NotPossible(
                _("This is not on the shelf. Publish it or bring it back, then look through it.")
            )
        resource.organisation.log("resource_reviewed", by=by, now=now, subject=resource)
