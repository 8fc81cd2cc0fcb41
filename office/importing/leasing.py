"""Who works on an import: one process at a time, by a lease on the database's own clock.

Whoever holds the lease renews it with every chunk, in the chunk's own transaction: a process that lost it
cannot commit. Whoever dies simply stops renewing, and the next one goes on where it stopped.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from office.models import Import
from organisations import tenancy
from organisations.models import Organisation

LEASE = timedelta(seconds=30)
PATIENCE = timedelta(seconds=5)  # how long work may wait for the worker before anyone else looks for it
MOST_ATTEMPTS = 20  # without getting any further


class LeaseLost(RuntimeError):
    """Somebody else works on this import now, or it was cancelled. Nothing of this transaction stays."""


def offer(import_: Import, state: str) -> None:
    """Put it up for whoever comes first; after a while it counts as left lying."""
    import_.state = state
    import_.lease_token = None
    import_.lease_until = Now() + PATIENCE
    import_.attempts = 0
    import_.save(update_fields=["state", "lease_token", "lease_until", "attempts"])
    import_.refresh_from_db(fields=["lease_until"])


def take(organisation: Organisation, import_id: int) -> Import | None:
    """The import with a lease of our own, or None when there is nothing to do or somebody else does it."""
    token = uuid.uuid4()
    with tenancy.within(organisation), transaction.atomic():
        free = Import.objects.takeable().filter(pk=import_id)
        if free.select_for_update(skip_locked=True).only("pk").first() is None:
            return None
        Import.objects.filter(pk=import_id).update(
            lease_token=token, lease_until=Now() + LEASE, attempts=F("attempts") + 1
        )
        return Import.objects.select_related("made_by").get(pk=import_id)


@contextmanager
def holding(organisation: Organisation, import_: Import) -> Iterator[None]:
    """One transaction that only commits while the lease is ours, and renews it. Raises LeaseLost."""
    with tenancy.within(organisation), transaction.atomic():
        mine = Import.objects.filter(pk=import_.pk, lease_token=import_.lease_token)
        if mine.select_for_update().only("pk").first() is None:
            raise LeaseLost
        yield
        Import.objects.filter(pk=import_.pk).update(lease_until=Now() + LEASE, attempts=0)


def release(organisation: Organisation, import_: Import) -> None:
    with tenancy.within(organisation), transaction.atomic():
        Import.objects.filter(pk=import_.pk, lease_token=import_.lease_token).update(
            lease_token=None, lease_until=None
        )
