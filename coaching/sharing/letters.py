"""The mail that brings a resource. Its link is a placeholder: the token is made when it leaves."""

from datetime import datetime

from django.utils import timezone

from coaching.models import Sending
from organisations.models import Organisation
from post import posting
from post.linking import UNSUBSCRIBE, LinkSpec
from post.models import Delivery
from ui.mail import RenderedMail, render_mail

LINK, LINK_DAYS = "[resource link]", 90
PURPOSE = "resource"


def letter(sending: Sending, *, organisation: Organisation, now: datetime) -> RenderedMail:
    """As its reader gets it, in their language and zone."""
    contact, recipient = sending.contact, sending.contact.recipient
    assert recipient is not None, "checked by the caller"
    recipient.organisation = organisation
    context = {
        "organisation": organisation,
        "recipient": recipient,
        "contact": contact,
        "customer": sending.customer,
        "resource": sending.resource,
        "edition": sending.edition,
        "words": sending.words,
        "csm": sending.sent_by,
        "link": LINK,
        "days": LINK_DAYS,
        "unsubscribe_url": UNSUBSCRIBE,
        "now": now,
    }
    with timezone.override(recipient.tzinfo()):
        return render_mail("coaching/resource", context, recipient.language or organisation.language)


def post(sending: Sending, *, organisation: Organisation, now: datetime, simulated: bool = False) -> Delivery:
    """Put it in the outbox. `sending` is stored already."""
    recipient = sending.contact.recipient
    assert recipient is not None, "checked by the caller"
    return posting.post(
        organisation=organisation,
        purpose=Delivery.Purpose.RESOURCE,
        subject_key=sending.key,
        recipient=recipient,
        mail=letter(sending, organisation=organisation, now=now),
        now=now,
        from_name=sending.sent_by.name,
        reply_to=sending.sent_by.email,
        customer_id=sending.customer_id,
        links=[LinkSpec(LINK, PURPOSE, sending.pk, LINK_DAYS)],
        simulated=simulated,
    )
