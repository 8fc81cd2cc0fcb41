"""Whose link it is, and what it may do. A link is one person's door, for as long as it is theirs.

Every link shows. Answering, and taking an answer back, needs the link of that very question: a mail that is
passed on, such as a celebration, must not speak in its reader's name.
"""

from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet

from customers.models import Contact
from milestones.models import Ask, Verdict
from post.models import Link

QUESTION, PAGE, WORDING, AGREEMENT, OWN = "confirm", "customer", "outcome", "agreement", "own"
RESOURCE, FAVOUR, STORY, REPLY = "resource", "favour", "story", "reply"
SEATS = {
    WORDING: "outcome_asks",
    AGREEMENT: "agreements",
    RESOURCE: "resource_sendings",
    FAVOUR: "favours",
    STORY: "story_asks",
    REPLY: "seats",
}
"""What a link was made for → the rows of a person that such a link is about, most of them of rooms above."""


def visitor(link: Link, *, now: datetime) -> Contact | None:
    """Who comes in by this link; nobody when it ran out, or is no longer theirs."""
    if link.has_expired(now) or (link.is_demo and not settings.DEMO):
        return None
    return addressee(link)


def addressee(link: Link) -> Contact | None:
    """Whom this link was made for, run out or not. Nobody once they left, or their address changed."""
    if link.purpose in (PAGE, OWN):
        contact = _people().filter(pk=link.subject_id or 0).first()
    elif link.purpose in SEATS:
        contact = _people().filter(**{SEATS[link.purpose]: link.subject_id or 0}).first()
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


def acts(link: Link) -> bool:
    """Whether this link speaks for its person on their whole page: they had it sent to do something there."""
    return link.purpose == OWN or link.is_demo


def may_answer(link: Link, about: Ask | Verdict, *, asked: Ask | None = None) -> bool:
    """Whether this link was made for that question, or the one whose place it took. `asked`: the link's, if
    at hand. In the demo a member looks as the customer, and what they answer is marked."""
    if link.is_demo:
        return True
    asked = asked or question(link)
    return asked is not None and (asked.enrolment_id, asked.contact_id, asked.milestone.key) == (
        about.enrolment_id,
        about.contact_id,
        about.milestone.key,
    )


def _people() -> QuerySet[Contact]:
    return Contact.objects.current().select_related("recipient", "customer__owner", "customer__organisation")
