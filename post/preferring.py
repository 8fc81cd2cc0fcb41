"""Which mails an address gets: its owner decides, and what already waits asks again before it leaves."""

from datetime import datetime

from django.db import transaction

from organisations.models import Organisation
from post.models import Recipient


def change_wish(*, recipient: Recipient, wish: str, now: datetime) -> Recipient:
    """Everything, only what asks something, or nothing. Choosing mails again ends an earlier opt-out."""
    organisation: Organisation = recipient.organisation
    with transaction.atomic():
        row = Recipient.objects.select_for_update(of=("self",)).get(pk=recipient.pk)
        wants_none = wish == Recipient.Wish.NOTHING
        was_out = row.opted_out_at is not None
        row.wish = wish
        row.opted_out_at = (row.opted_out_at or now) if wants_none else None
        row.save(update_fields=["wish", "opted_out_at"])
        if wants_none and not was_out:
            organisation.log("opted_out", by=None, now=now, subject=row, recipient_id=row.pk)
    return row
