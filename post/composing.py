"""A delivery as the bytes that leave: here its links get their tokens, which no table keeps."""

from dataclasses import dataclass
from datetime import datetime

from organisations.models import Organisation
from post import linking, mime
from post.linking import UNSUBSCRIBE, UNSUBSCRIBE_DAYS, LinkSpec, NewLink
from post.models import Delivery


@dataclass(frozen=True)
class Composed:
    """`links` are to be stored in the transaction that lets the message go."""

    message: bytes
    links: list[NewLink]


def compose(delivery: Delivery, *, organisation: Organisation, sender: str, now: datetime) -> Composed:
    """Fill in the links and build the message. Stores nothing.

    Every mail can be unsubscribed from: from all mails, unless it brings a link of its own for that.
    """
    specs = [LinkSpec(**link) for link in delivery.links]
    if all(spec.placeholder != UNSUBSCRIBE for spec in specs):
        specs.append(LinkSpec(UNSUBSCRIBE, "unsubscribe", delivery.recipient_id, UNSUBSCRIBE_DAYS))
    links = [
        linking.draft(spec, organisation=organisation, address=delivery.address, now=now) for spec in specs
    ]
    subject, text, html = delivery.subject, delivery.text, delivery.html
    unsubscribe_url = ""
    for spec, link in zip(specs, links, strict=True):
        url = linking.url(spec.purpose, link.token)
        subject, text, html = (part.replace(spec.placeholder, url) for part in (subject, text, html))
        unsubscribe_url = url if spec.placeholder == UNSUBSCRIBE else unsubscribe_url
    mail = mime.Mail(
        sender=sender,
        sender_name=delivery.from_name,
        to=delivery.address,
        reply_to=delivery.reply_to,
        subject=subject,
        message_id=delivery.message_id,
        date=now,
        unsubscribe_url=unsubscribe_url,
        text=text,
        html=html,
        calendar=delivery.calendar,
    )
    return Composed(mime.build(mail), links)
