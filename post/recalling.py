"""Take back what lies in the outbox and has not left, or put it in again.

What is being handed over is past recall, but not its next try: when the mail server sends it back, it stays.
"""

from collections.abc import Collection, Iterable
from dataclasses import asdict
from datetime import datetime
from itertools import batched

from django.db import transaction
from django.db.models import Case, F, Value, When

from post import leases
from post.linking import LinkSpec
from post.models import Delivery, DeliveryQuerySet, Recipient
from ui.mail import RenderedMail

State = Delivery.State
WAITING = (State.PENDING, State.HELD)
AT_ONCE = 500


def recall(*, purpose: str, subject_keys: Collection[str], why: str) -> None:
    """Stop the deliveries under these keys that still wait, and the further tries of those on their way.

    The dispatcher writes `sending` only over `pending`, so whichever of the two commits first holds. One
    statement for both kinds: a mail that comes back meanwhile is either still on its way or waiting again.
    """
    for keys in batched(subject_keys, AT_ONCE):
        _recall(Delivery.objects.filter(purpose=purpose, subject_key__in=keys), why)


def recall_from(recipient: Recipient, *, customer_id: int, why: str) -> None:
    """The same for all that is on its way to one address about one customer."""
    _recall(Delivery.objects.filter(recipient=recipient, customer_id=customer_id), why)


def _recall(deliveries: DeliveryQuerySet, why: str) -> None:
    deliveries.open().update(
        recalled_why=why[:500],
        state=_if_on_its_way(F("state"), Value(State.STOPPED)),
        reason=_if_on_its_way(F("reason"), Value(why[:500])),
        lease_token=_if_on_its_way(F("lease_token"), Value(None)),
        lease_until=_if_on_its_way(F("lease_until"), Value(None)),
    )


def _if_on_its_way(then: F, otherwise: Value) -> Case:
    return Case(When(state=State.SENDING, then=then), default=otherwise)


def reword(delivery: Delivery, *, mail: RenderedMail, links: Iterable[LinkSpec]) -> bool:
    """Other words for a mail that still waits. False when it does not. Lock it first.

    Whoever has claimed it and built it with the old words loses it by that, before anything is sent.
    """
    waiting = Delivery.objects.filter(pk=delivery.pk, state__in=WAITING)
    return bool(
        waiting.update(
            subject=mail.subject[:300],
            text=mail.text,
            html=mail.html,
            links=[asdict(link) for link in links],
            lease_token=None,
            lease_until=None,
        )
    )


def post_again(delivery: Delivery, *, mail: RenderedMail, now: datetime) -> bool:
    """Put a stopped delivery, which never left, in the post with new words. False when it is not stopped."""
    with transaction.atomic():
        stopped = Delivery.objects.filter(pk=delivery.pk, state=State.STOPPED, sent_at=None)
        changed = stopped.update(
            state=State.PENDING,
            reason="",
            recalled_why="",
            due_at=now,
            attempts=0,
            first_tried_at=None,
            subject=mail.subject[:300],
            text=mail.text,
            html=mail.html,
        )
        if changed:
            leases.set_due(delivery, now)
    return bool(changed)
