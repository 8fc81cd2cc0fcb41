"""Who may work on a delivery right now: a token with an end, on the database's clock.

The token is the fence. Every write names it and the state it expects; one that changes nothing means that
somebody else owns the row by now. A claim is short, because nothing has been sent yet and losing it costs
nothing; the lease of an open send is long, because after it the row is called uncertain.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import connection, transaction
from django.db.models import DateTimeField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Now

from organisations import tenancy
from organisations.models import Organisation
from post import statements
from post.models import Delivery, PostDue

CLAIM = timedelta(seconds=30)
SEND = timedelta(minutes=5)  # above everything an SMTP server may take for one mail
PICKED_UP = timedelta(minutes=1)  # after the end of a lease, at the latest, somebody else has the delivery
State = Delivery.State
OPEN = (State.PENDING, State.SENDING)


@contextmanager
def one_transaction_within(organisation: Organisation) -> Iterator[None]:
    """One transaction on either database: on PostgreSQL `within` is one, and a savepoint costs two trips."""
    with tenancy.within(organisation), transaction.atomic(savepoint=connection.vendor != "postgresql"):
        yield


def in_database_time(length: timedelta) -> ExpressionWrapper:
    """This long from now, on the database's clock."""
    return ExpressionWrapper(Now() + Value(length), output_field=DateTimeField())


def organisations_with_post(*, now: datetime) -> list[int]:
    """Where something is due. The only question asked across organisations: see `tenancy.dispatching`."""
    due = PostDue.objects.filter(due_at__lte=now)
    return list(due.order_by().values_list("organisation_id", flat=True).distinct())


def claim(organisation: Organisation, *, limit: int, now: datetime) -> list[Delivery]:
    """Take up to `limit` due deliveries nobody works on, under a new token."""
    token = uuid4()
    with transaction.atomic():
        found = list(_free(organisation, now)[:limit])
        statements.claim(organisation.pk, found, token=token, lease_seconds=int(CLAIM.total_seconds()))
        return list(Delivery.objects.filter(pk__in=found, lease_token=token).order_by("due_at", "pk"))


def _free(organisation: Organisation, now: datetime) -> Any:
    """Ids of due deliveries without a running lease, soonest first; rows being claimed are passed over."""
    due = PostDue.objects.filter(organisation=organisation, due_at__lte=now, delivery__state=State.PENDING)
    free = due.filter(Q(delivery__lease_until=None) | Q(delivery__lease_until__lt=Now()))
    locked = free.select_for_update(skip_locked=True, of=("self",))
    return locked.order_by("due_at", "delivery_id").values_list("pk", flat=True)


def write(delivery: Delivery, *, expected: State, **fields: Any) -> bool:
    """Change the row if we still own it and it is still in the expected state. False: somebody else does."""
    mine = Delivery.objects.filter(pk=delivery.pk, lease_token=delivery.lease_token, state=expected)
    return bool(mine.update(**fields) == 1)


def begin(delivery: Delivery, *, now: datetime) -> bool:
    """Write `sending`, with the long lease. False: somebody else does."""
    return write(
        delivery,
        expected=State.PENDING,
        state=State.SENDING,
        attempts=delivery.attempts + 1,
        first_tried_at=delivery.first_tried_at or now,
        lease_until=in_database_time(SEND),
    )


def release(deliveries: list[Delivery]) -> None:
    """Give claimed rows back as they were."""
    for token in {delivery.lease_token for delivery in deliveries}:
        mine = Delivery.objects.filter(pk__in=[row.pk for row in deliveries], lease_token=token)
        mine.filter(state=State.PENDING).update(lease_token=None, lease_until=None)


def run_out() -> list[Delivery]:
    """Open sends whose lease ran out: their process is gone, and nobody knows whether they arrived."""
    return list(Delivery.objects.filter(state=State.SENDING, lease_until__lt=Now()).order_by("pk"))


def forgotten() -> QuerySet[Delivery]:
    """Open deliveries that nobody will look at, or that nobody has looked at though their lease is over.

    None, as long as a post loop runs: each is at rest, or someone's, or stands in the list of what is due.
    """
    due = PostDue.objects.filter(delivery=OuterRef("pk"))
    left_lying = Q(lease_until__lt=in_database_time(-PICKED_UP))
    return Delivery.objects.filter(state__in=OPEN).filter(~Exists(due) | left_lying)


def set_due(delivery: Delivery, at: datetime) -> None:
    """When the post loop looks at this delivery next."""
    PostDue.objects.update_or_create(
        delivery=delivery, defaults={"organisation_id": delivery.organisation_id, "due_at": at}
    )


def forget(deliveries: list[Delivery]) -> None:
    """Nothing is due any more for those of them that have come to rest."""
    due = PostDue.objects.filter(pk__in=[delivery.pk for delivery in deliveries])
    resting = due.exclude(delivery__state__in=OPEN).values_list("pk", flat=True)
    PostDue.objects.filter(pk__in=list(resting)).delete()


def forget_settled(organisation: Organisation, *, now: datetime) -> None:
    """The same for what others left behind, a thousand at a time."""
    due = PostDue.objects.filter(organisation=organisation, due_at__lte=now)
    resting = due.exclude(delivery__state__in=OPEN).values_list("pk", flat=True)
    PostDue.objects.filter(pk__in=list(resting[:1000])).delete()
