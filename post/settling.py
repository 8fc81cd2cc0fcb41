"""What a person decides about a delivery that the machine must not decide: it arrived, send again, stop.

A delivery whose outcome is unsure is never sent again by itself; here is where somebody says so.
"""

from datetime import datetime
from typing import Protocol

from django.db import transaction
from django.utils.translation import gettext as _

from organisations.models import User
from post import leases
from post.models import Delivery, Recipient

State = Delivery.State


class Decision(Protocol):
    def __call__(self, *, delivery: Delivery, by: User, now: datetime) -> Delivery: ...


class CannotSettleError(Exception):
    """The delivery is not in a state in which this can be decided; the message says which it is in."""


def it_arrived(*, delivery: Delivery, by: User, now: datetime) -> Delivery:
    """Somebody knows that an uncertain mail arrived."""
    reason = _("%(name)s says it arrived") % {"name": by.name}
    return _settle(delivery, [State.UNCERTAIN], State.SENT, reason, by=by, now=now, sent_at=now)


def send_again(*, delivery: Delivery, by: User, now: datetime) -> Delivery:
    """Send an uncertain or refused mail once more. Its Message-ID stays: mail systems can drop the second.

    For an address that once came back this is also the word that it is good again.
    """
    with transaction.atomic():
        Recipient.objects.filter(pk=delivery.recipient_id).update(bounced_at=None)
        delivery = _settle(
            delivery,
            [State.UNCERTAIN, State.FAILED],
            State.PENDING,
            "",
            by=by,
            now=now,
            due_at=now,
            attempts=0,
            first_tried_at=None,
            recalled_why="",
        )
        leases.set_due(delivery, now)
    return delivery


def try_now(*, delivery: Delivery, by: User, now: datetime) -> Delivery:
    """Do not wait for the next try of a mail that was put off."""
    with transaction.atomic():
        waiting, why = State.PENDING, delivery.reason
        delivery = _settle(delivery, [waiting], waiting, why, by=by, now=now, due_at=now)
        leases.set_due(delivery, now)
    return delivery


def stop(*, delivery: Delivery, by: User, now: datetime) -> Delivery:
    """Keep a waiting mail from leaving. What is being sent is past stopping."""
    reason = _("stopped by %(name)s") % {"name": by.name}
    return _settle(delivery, [State.PENDING, State.HELD], State.STOPPED, reason, by=by, now=now)


@transaction.atomic
def _settle(
    delivery: Delivery,
    expected: list[State],
    state: State,
    reason: str,
    *,
    by: User,
    now: datetime,
    **fields: object,
) -> Delivery:
    """Only over the expected states, so that a dispatcher and a person cannot both have their way."""
    row = Delivery.objects.filter(pk=delivery.pk, state__in=expected)
    changed = row.update(state=state, reason=reason[:500], lease_token=None, lease_until=None, **fields)
    delivery.refresh_from_db()
    if not changed:
        raise CannotSettleError(_("It is %(state)s by now.") % {"state": delivery.get_state_display()})
    delivery.organisation.log(
        "mail_settled",
        by=by,
        now=now,
        subject=delivery,
        customer_id=delivery.customer_id,
        purpose=delivery.purpose,
        state=state,
    )
    return delivery
