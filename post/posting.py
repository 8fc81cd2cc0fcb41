"""Put a mail in the post, inside the caller's transaction: it leaves if and only if that commits.

Once per purpose, subject key and address, for ever. Nothing is sent here: see `post.dispatching`.
"""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.core.validators import validate_email
from django.db import transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from organisations.models import Organisation, User
from post.linking import UNSUBSCRIBE, LinkSpec
from post.models import Delivery, PostDue, Recipient
from ui.mail import RenderedMail, render_mail


def recipient_for(*, organisation: Organisation, address: str) -> Recipient:
    """The one recipient of this address, whatever its capitals. ValidationError for what is no address."""
    address = address.strip()
    validate_email(address)
    known = Recipient.objects.alias(low=Lower("address")).filter(low=address.lower())
    found = known.first()
    if found is None:
        Recipient.objects.bulk_create(
            [Recipient(organisation=organisation, address=address)], ignore_conflicts=True
        )
        found = known.get()
    found.organisation = organisation
    return found


@transaction.atomic
def post(
    *,
    organisation: Organisation,
    purpose: str,
    subject_key: str,
    recipient: Recipient,
    mail: RenderedMail,
    now: datetime,
    due_at: datetime | None = None,
    from_name: str = "",
    reply_to: str = "",
    customer_id: int | None = None,
    links: Iterable[LinkSpec] = (),
    calendar: str = "",
    simulated: bool = False,
) -> Delivery:
    """A delivery in the outbox, due at `due_at` (default: now).

    The same purpose, key and address again gives back the delivery that exists, unchanged. Simulated mails
    are kept for reading and never sent. Long subjects and names are cut to what a header should carry.
    """
    draft = Delivery(
        organisation=organisation,
        purpose=purpose,
        subject_key=subject_key,
        address=recipient.address,
        recipient=recipient,
        customer_id=customer_id,
        state=Delivery.State.SIMULATED if simulated else Delivery.State.PENDING,
        reason="" if simulated or settings.SMTP_URL else _("no mail server is set up"),
        created_at=now,
        due_at=due_at or now,
        from_name=(from_name or organisation.sender)[:120],
        reply_to=reply_to,
        message_id=_new_message_id(),
        subject=mail.subject[:300],
        text=mail.text,
        html=mail.html,
        calendar=calendar,
        links=[asdict(link) for link in links],
    )
    Delivery.objects.bulk_create([draft], ignore_conflicts=True)
    same = Delivery.objects.alias(low=Lower("address")).filter(low=recipient.address.lower())
    delivery: Delivery = same.get(purpose=purpose, subject_key=subject_key)
    is_new = delivery.message_id == draft.message_id
    if is_new and not simulated:
        PostDue.objects.create(delivery=delivery, organisation=organisation, due_at=delivery.due_at)
    return delivery


def _new_message_id() -> str:
    domain = settings.MAIL_FROM.rpartition("@")[2] or "localhost"
    return f"<{uuid4().hex}@{domain}>"


def post_test_mail(*, organisation: Organisation, to: User, now: datetime) -> Delivery:
    """A mail to the person who asks for it, to see that mails arrive and what they look like."""
    context = {"organisation": organisation, "user": to, "now": now, "unsubscribe_url": UNSUBSCRIBE}
    mail = render_mail("post/test", context, organisation.language)
    return post(
        organisation=organisation,
        purpose=Delivery.Purpose.TEST,
        subject_key=f"test:{to.pk}:{now.isoformat()}",
        recipient=recipient_for(organisation=organisation, address=to.email),
        mail=mail,
        now=now,
        reply_to=to.email,
    )
