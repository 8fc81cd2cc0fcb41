"""Several messages as the one mail of a week."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone, translation
from django.utils.translation import ngettext

from customers.models import Contact, Customer
from milestones.messaging.letters import ASK_LINK, PAGE_DAYS, PAGE_LINK, Letter
from milestones.models import Milestone
from milestones.models.naming import filled
from organisations.models import Organisation, User
from post.composing import UNSUBSCRIBE
from post.linking import LinkSpec
from ui.mail import RenderedMail, render_mail
from ui.markdown import mail_html, plain_text


@dataclass(frozen=True, slots=True)
class Part:
    """One message in the mail."""

    subject: str
    body: str
    body_html: str
    customer: Customer
    csm: User | None
    """Where it is not the one who signs."""
    asks_about: Milestone | None
    ask_link: str


@dataclass(frozen=True, slots=True)
class Page:
    """Who its reader is at one customer, and the link to that page of theirs."""

    contact: Contact
    customer: Customer
    link: str


def draw(letters: Sequence[Letter], *, organisation: Organisation, now: datetime) -> RenderedMail:
    """All of them in one mail, in their reader's language and zone. Each names only what is known."""
    first = letters[0]
    recipient = first.contact.recipient
    assert recipient is not None, "whoever is chosen has an address"
    recipient.organisation = organisation
    language = recipient.language or organisation.language
    with timezone.override(recipient.tzinfo()), translation.override(language):
        parts = [_part(letter, first.csm, place) for place, letter in enumerate(letters)]
        context = {
            "organisation": organisation,
            "recipient": recipient,
            "contact": first.contact,
            "csm": first.csm,
            "subject": _subject(parts),
            "parts": parts,
            "pages": _pages(letters),
            "is_of_several": len({letter.enrolment.customer_id for letter in letters}) > 1,
            "unsubscribe_url": UNSUBSCRIBE,
            "now": now,
        }
        return render_mail("milestones/week", context, language)


def links(letters: Sequence[Letter], *, now: datetime) -> list[LinkSpec]:
    """To their pages, and to answer what is asked."""
    pages = [LinkSpec(page.link, "customer", page.contact.pk, PAGE_DAYS) for page in _pages(letters)]
    for place, letter in enumerate(letters):
        pages += letter.asking(_numbered(ASK_LINK, place), now=now)
    return pages


def customer_of(letters: Collection[Letter]) -> int | None:
    """Whom the mail is about, where it is about one customer."""
    found = {letter.enrolment.customer_id for letter in letters}
    return found.pop() if len(found) == 1 else None


def _part(letter: Letter, signs: User | None, place: int) -> Part:
    values, wording = letter.values(), letter.wording
    return Part(
        subject=filled(wording.subject, values),
        body=filled(plain_text(wording.body), values),
        body_html=mail_html(wording.body, values),
        customer=letter.enrolment.customer,
        csm=letter.csm if letter.csm != signs else None,
        asks_about=letter.asks_about,
        ask_link=_numbered(ASK_LINK, place),
    )


def _subject(parts: Sequence[Part]) -> str:
    more = len(parts) - 1
    if not more:
        return parts[0].subject
    words = ngettext("%(subject)s (and %(n)d more)", "%(subject)s (and %(n)d more)", more)
    return words % {"subject": parts[0].subject, "n": more}


def _pages(letters: Sequence[Letter]) -> list[Page]:
    """One for each customer they are a contact of."""
    of = {letter.contact.pk: letter for letter in letters}
    return [
        Page(
            letter.contact,
            letter.enrolment.customer,
            _numbered(PAGE_LINK, place),
        )
        for place, letter in enumerate(of.values())
    ]


def _numbered(placeholder: str, place: int) -> str:
    return f"{placeholder[:-1]} {place + 1}]" if place else placeholder
