"""Whose a webhook delivery is right now, as `post.leases` does it for mails: a token with an end.

A lease that runs out costs nothing but a second call under the same id, so there is one length and no
"uncertain".
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from organisations.models import Organisation
from post.leases import in_database_time
from post.models import WebhookDelivery, WebhookDue, WebhookEndpoint

LEASE = timedelta(minutes=2)
TURN = 20  # calls to one address before the next has its turn
ADDRESSES = 4  # of one organisation in a round
State = WebhookDelivery.State


@dataclass(frozen=True)
class Turn:
    """Some deliveries for one address, ours for two minutes."""

    organisation: Organisation
    endpoint: WebhookEndpoint
    token: UUID
    deliveries: list[WebhookDelivery]


def organisations_with_calls(*, now: datetime) -> list[int]:
    """Where something is due. Asked across organisations: see `tenancy.dispatching`."""
    due = WebhookDue.objects.filter(due_at__lte=now)
    return list(due.order_by().values_list("organisation_id", flat=True).distinct())


def claim(organisation: Organisation, *, now: datetime) -> list[Turn]:
    """A turn for some of its addresses that have something due and are not paused."""
    due = WebhookDue.objects.filter(organisation=organisation, due_at__lte=now)
    waiting = set(due.values_list("delivery__endpoint_id", flat=True).distinct())
    endpoints = list(WebhookEndpoint.objects.listening().filter(pk__in=waiting))
    ready = [each for each in endpoints if not each.is_paused(now)]
    random.shuffle(ready)
    turns = [_turn(organisation, endpoint, now) for endpoint in ready[:ADDRESSES]]
    return [turn for turn in turns if turn.deliveries]


def _turn(organisation: Organisation, endpoint: WebhookEndpoint, now: datetime) -> Turn:
    token = uuid4()
    rows = WebhookDelivery.objects.filter(endpoint=endpoint, state=State.PENDING)
    free = rows.filter(Q(lease_until=None) | Q(lease_until__lt=Now()))
    with transaction.atomic():
        found = list(free.filter(due__due_at__lte=now).order_by("due__due_at", "pk")[:TURN].values_list("pk"))
        # the condition once more: whoever was quicker has them
        free.filter(pk__in=[pk for (pk,) in found]).update(
            lease_token=token, lease_until=in_database_time(LEASE)
        )
        ours = list(rows.filter(lease_token=token).order_by("due_at", "pk"))
    return Turn(organisation, endpoint, token, ours)


def write(delivery: WebhookDelivery, token: UUID, **fields: Any) -> bool:
    """Change a delivery that is still ours and pending, and give it back; False: somebody else's by now."""
    mine = WebhookDelivery.objects.filter(pk=delivery.pk, lease_token=token, state=State.PENDING)
    return bool(mine.update(lease_token=None, lease_until=None, **fields) == 1)


def release(turn: Turn, deliveries: list[WebhookDelivery]) -> None:
    """Give back as they were those that were not tried."""
    mine = WebhookDelivery.objects.filter(pk__in=[each.pk for each in deliveries], lease_token=turn.token)
    mine.update(lease_token=None, lease_until=None)


def set_due(organisation: Organisation, ids: list[int], at: datetime) -> None:
    WebhookDue.objects.bulk_create(
        [WebhookDue(delivery_id=pk, organisation=organisation, due_at=at) for pk in ids],
        update_conflicts=True,
        unique_fields=["delivery"],
        update_fields=["due_at"],
        batch_size=500,
    )


def forget(ids: list[int]) -> None:
    WebhookDue.objects.filter(pk__in=ids).delete()
