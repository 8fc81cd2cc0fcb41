"""Which mails an address gets: its owner decides, and what already waits asks again before it leaves."""

from datetime import datetime

from django.db import transaction
from django.db.models.functions import Lower

from organisations.models import Membership, Organisation, User
from post import leases
from post.models import Delivery, Recipient


def change_wish(*, recipient: Recipient, wish: str, now: datetime, weekday: int | None = None) -> Recipient:
    """Everything, one mail a week, only what asks something, or nothing. Choosing mails again ends an earlier
    opt-out. `weekday` is when the one mail a week goes; None: as before.
    """
    organisation: Organisation = recipient.organisation
    with transaction.atomic():
        row = Recipient.objects.select_for_update(of=("self",)).get(pk=recipient.pk)
        wants_none = wish == Recipient.Wish.NOTHING
        was_out, was_weekly = row.opted_out_at is not None, row.wish == Recipient.Wish.WEEKLY
        row.wish = wish
        row.opted_out_at = (row.opted_out_at or now) if wants_none else None
        row.weekday = row.weekday if weekday is None else weekday
        row.save(update_fields=["wish", "opted_out_at", "weekday"])
        if was_weekly and wish != Recipient.Wish.WEEKLY:
            _ask_again(row, now)
        if wants_none and not was_out:
            organisation.log("opted_out", by=None, now=now, subject=row, recipient_id=row.pk)
    return row


def _ask_again(recipient: Recipient, now: datetime) -> None:
    """What waited for their one mail a week is looked at again at once."""
    waiting = Delivery.objects.filter(
        recipient=recipient, state=Delivery.State.PENDING, purpose=Delivery.Purpose.MESSAGE, due_at__gt=now
    )
    for delivery in waiting.select_for_update():
        Delivery.objects.filter(pk=delivery.pk).update(due_at=now)
        leases.set_due(delivery, now)


def choose_digest(*, membership: Membership, digest: str, by: User | None, now: datetime) -> None:
    """A digest every day, every week or none. Asking for one ends an earlier opt-out, but for what asks.

    `by` is empty when it comes by the link in a digest.
    """
    with transaction.atomic():
        row = Membership.objects.select_for_update(of=("self",)).select_related("user", "organisation")
        member = row.get(pk=membership.pk)
        if member.digest != digest:
            member.digest = digest
            member.save(update_fields=["digest"])
            member.organisation.log("digest_chosen", by=by, now=now, subject=member, digest=digest)
        out = opted_out(member)
        if out is not None and digest != Membership.Digest.NONE:
            change_wish(recipient=out, wish=Recipient.Wish.IMPORTANT, now=now)
    membership.digest = digest


def opted_out(membership: Membership) -> Recipient | None:
    """The member's address, when it asked for no mails at all."""
    same = Recipient.objects.alias(low=Lower("address")).filter(low=membership.user.email.lower())
    found = same.exclude(opted_out_at=None).first()
    if found is not None:
        found.organisation = membership.organisation
    return found
