"""Whose link it is. A link is one person's door to what concerns them, for as long as it is theirs."""

from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet

from customers.models import Contact
from milestones.models import Ask
from post.models import Link

QUESTION, PAGE = "confirm", "customer"


def visitor(link: Link, *, now: datetime) -> Contact | None:
    """Who comes in by this link; nobody when it ran out, or is no longer theirs."""
    if link.has_expired(now) or (link.is_demo and not settings.DEMO):
        return None
    return addressee(link)


def addressee(link: Link) -> Contact | None:
    """Whom this link was made for, run out or not. Nobody once they left, or their address changed."""
    if link.purpose == PAGE:
        contact = _people().filter(pk=link.subject_id or 0).first()
    else:
        ask = question(link)
        contact = _people().filter(pk=ask.contact_id).first() if ask else None
    is_theirs = contact is not None and contact.address.lower() == link.address.lower()
    return contact if is_theirs else None


def question(link: Link) -> Ask | None:
    """The question this link was sent with, if it came with one."""
    if link.purpose != QUESTION:
        return None
    return Ask.objects.select_related("milestone", "enrolment").filter(pk=link.subject_id).first()


def _people() -> QuerySet[Contact]:
    return Contact.objects.current().select_related("recipient", "customer__owner", "customer__organisation")
