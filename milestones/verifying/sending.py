"""What a customer may have sent to themselves: a copy of their answer, a new link for one that ran out."""

from datetime import datetime

from django.db import transaction

from milestones.models import Verdict
from milestones.verifying import letters
from post.models import Delivery, Link


def send_copy(*, verdict: Verdict, now: datetime) -> Delivery | None:
    """Put a copy of the answer in the post, once. None when it was taken back or its giver has no address."""
    if verdict.withdrawn_at is not None:
        return None
    with transaction.atomic():
        return letters.post_copy(verdict, now=now)


def send_new_link(*, link: Link, now: datetime) -> Delivery | None:
    """Send the same door anew to the same address, at most once a day. None when it is nobody's any more."""
    with transaction.atomic():
        return letters.post_new_link(link, now=now)
