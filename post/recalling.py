"""Take back what lies in the outbox and has not left, or put it in again. What is leaving is past recall."""

from datetime import datetime

from django.db import transaction

from post import leases
from post.models import Delivery
from ui.mail import RenderedMail

State = Delivery.State


def recall(*, purpose: str, subject_key: str, why: str) -> int:
    """Stop the deliveries under this key that still wait; how many there were.

    The dispatcher writes `sending` only over `pending`, so whichever of the two commits first holds.
    """
    waiting = Delivery.objects.filter(purpose=purpose, subject_key=subject_key)
    return waiting.filter(state__in=[State.PENDING, State.HELD]).update(
        state=State.STOPPED, reason=why[:500], lease_token=None, lease_until=None
    )


def post_again(delivery: Delivery, *, mail: RenderedMail, now: datetime) -> bool:
    """Put a stopped delivery, which never left, in the post with new words. False when it is not stopped."""
    with transaction.atomic():
        stopped = Delivery.objects.filter(pk=delivery.pk, state=State.STOPPED, sent_at=None)
        changed = stopped.update(
            state=State.PENDING,
            reason="",
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
