"""The mail that asks whether a wording is right, put in the post within the caller's transaction.

The link stands in it as a placeholder: its token is made when the mail leaves, so nobody here ever sees it.
"""

from datetime import datetime
from typing import Any

from django.utils import timezone

from customers.models import Contact, OutcomeAsk
from organisations.models import User
from post import posting
from post.composing import UNSUBSCRIBE
from post.linking import LinkSpec
from post.models import Delivery
from post.recalling import recall
from ui.mail import render_mail

LINK_DAYS = 30
LINK = "[outcome link]"
PURPOSE = "outcome"


def post_question(ask: OutcomeAsk, *, now: datetime, simulated: bool = False) -> Delivery:
    """The question itself, with the wording as it stands."""
    return _post(
        Delivery.Purpose.CONFIRMATION, key(ask), ask, "customers/wording", now=now, simulated=simulated
    )


def post_link(ask: OutcomeAsk, *, now: datetime) -> Delivery:
    """The link that answers this question, to the person asked, at most once a day."""
    return _post(Delivery.Purpose.LINK, f"{key(ask)}-{now:%Y%m%d}", ask, "customers/wording_link", now=now)


def hold_back(ask: OutcomeAsk, *, why: str) -> None:
    recall(purpose=Delivery.Purpose.CONFIRMATION, subject_keys=[key(ask)], why=why)


def key(ask: OutcomeAsk) -> str:
    return f"wording-{ask.pk}"


def csm_of(ask: OutcomeAsk) -> User | None:
    """Who speaks for us to this customer."""
    return ask.contact.customer.owner or ask.asked_by


def _post(
    purpose: str, name: str, ask: OutcomeAsk, template: str, *, now: datetime, simulated: bool = False
) -> Delivery:
    contact: Contact = ask.contact
    customer, recipient, csm = contact.customer, contact.recipient, csm_of(ask)
    assert recipient is not None, "checked by the caller"
    organisation = recipient.organisation = customer.organisation
    context: dict[str, Any] = {
        "organisation": organisation,
        "recipient": recipient,
        "now": now,
        "unsubscribe_url": UNSUBSCRIBE,
        "customer": customer,
        "contact": contact,
        "outcome": ask.outcome,
        "csm": csm,
        "days": LINK_DAYS,
        "link": LINK,
    }
    with timezone.override(recipient.tzinfo()):
        mail = render_mail(template, context, recipient.language or organisation.language)
    return posting.post(
        organisation=organisation,
        purpose=purpose,
        subject_key=name,
        recipient=recipient,
        mail=mail,
        now=now,
        from_name=csm.name if csm else "",
        reply_to=csm.email if csm else "",
        customer_id=customer.pk,
        links=[LinkSpec(LINK, PURPOSE, ask.pk, LINK_DAYS)],
        simulated=simulated,
    )
