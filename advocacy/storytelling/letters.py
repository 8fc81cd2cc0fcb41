"""The mails of a story: questions, "may it be told?", the link again, what was agreed. Put in the post within
the caller's transaction; the link stands in them as a placeholder, so that nobody here ever sees it.
"""

from datetime import datetime
from typing import Any

from django.utils import timezone, translation

from advocacy.models import StoryAsk, StoryConsent
from customers.models import Contact
from organisations.models import User
from post import posting
from post.composing import UNSUBSCRIBE
from post.linking import LinkSpec
from post.models import Delivery
from post.recalling import recall
from ui.mail import render_mail

PURPOSE, LINK = "story", "[story link]"
DAYS, DAYS_TO_TAKE_BACK = 60, 3 * 366
"""How long a question opens; how long what was agreed can be taken back by the same mail."""


def post_question(ask: StoryAsk, *, now: datetime, simulated: bool = False) -> Delivery:
    """The questions, or whether it may be told."""
    given = {"questions": ask.questions, "is_review": ask.is_review}
    purpose = Delivery.Purpose.CONFIRMATION
    return _post(purpose, key(ask), ask, "advocacy/story_question", now=now, simulated=simulated, **given)


def post_link(ask: StoryAsk, *, now: datetime) -> Delivery:
    """The link again, to the person asked, at most once a day."""
    name = f"{key(ask)}-{now:%Y%m%d}"
    return _post(Delivery.Purpose.LINK, name, ask, "advocacy/story_link", now=now, days=DAYS_TO_TAKE_BACK)


def post_receipt(ask: StoryAsk, consent: StoryConsent, *, now: datetime, simulated: bool = False) -> Delivery:
    """What they agreed to, and the link that takes it back."""
    return _post(
        Delivery.Purpose.RECEIPT,
        f"story-consent-{consent.pk}",
        ask,
        "advocacy/story_receipt",
        now=now,
        days=DAYS_TO_TAKE_BACK,
        simulated=simulated,
        consent=consent,
    )


def hold_back(ask: StoryAsk, *, why: str) -> None:
    recall(purpose=Delivery.Purpose.CONFIRMATION, subject_keys=[key(ask)], why=why)


def key(ask: StoryAsk) -> str:
    return f"story-{ask.pk}"


def csm_of(ask: StoryAsk) -> User | None:
    """Who speaks for us to this customer."""
    return ask.contact.customer.owner or ask.asked_by


def _post(
    purpose: str,
    name: str,
    ask: StoryAsk,
    template: str,
    *,
    now: datetime,
    days: int = DAYS,
    simulated: bool = False,
    **said: Any,
) -> Delivery:
    contact: Contact = ask.contact
    customer, recipient, csm = contact.customer, contact.recipient, csm_of(ask)
    assert recipient is not None, "checked by the caller"
    organisation = recipient.organisation = customer.organisation
    language = recipient.language or organisation.language
    context = _context(ask, now) | {"days": days, **said}
    with timezone.override(recipient.tzinfo()), translation.override(language):
        mail = render_mail(template, context, language)
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
        links=[LinkSpec(LINK, PURPOSE, ask.pk, days)],
        simulated=simulated,
    )


def _context(ask: StoryAsk, now: datetime) -> dict[str, Any]:
    contact = ask.contact
    return {
        "organisation": contact.customer.organisation,
        "recipient": contact.recipient,
        "now": now,
        "unsubscribe_url": UNSUBSCRIBE,
        "customer": contact.customer,
        "contact": contact,
        "story": ask.story,
        "csm": csm_of(ask),
        "link": LINK,
    }
