"""What a customer may have sent to themselves: a copy of their answer, a link to answer, a new link."""

from datetime import datetime

from django.db import transaction

from customers.models import Contact
from milestones.models import Ask, Verdict
from milestones.verifying import letters
from post.models import Delivery, Link


def send_copy(*, verdict: Verdict, now: datetime) -> Delivery | None:
    """Put a copy of the answer in the post, once. None when it was taken back or its giver has no address."""
    if verdict.withdrawn_at is not None:
        return None
    with transaction.atomic():
        return letters.post_copy(verdict, now=now)


def send_link_to_answer(*, ask: Ask, now: datetime) -> Delivery | None:
    """The question's own link, to the person asked alone. None when it is closed or they have no address."""
    if ask.closed_at is not None or ask.contact.left_on is not None or not ask.contact.address:
        return None
    with transaction.atomic():
        return letters.post_link_to_answer(ask, now=now)


def send_own_link(*, contact: Contact, now: datetime) -> Delivery | None:
    """The link that acts on their page, to the person alone. None when they can no longer be written to."""
    if contact.left_on is not None or not contact.address:
        return None
    with transaction.atomic():
        return letters.post_own_link(contact, now=now)


def send_new_link(*, link: Link, now: datetime) -> Delivery | None:
    """Send the same door anew to the same address, at most once a day. None when it is nobody's any more."""
    with transaction.atomic():
        return letters.post_new_link(link, now=now)
