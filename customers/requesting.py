"""What a person at a customer asks about their own data: a copy of it, or that it be erased.

It is a task for an admin, who does it and says what was done; nothing here erases anything by itself. Both
times the person hears of it by mail, so that nobody asks in their name unnoticed.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.models import Contact, DataRequest
from organisations.models import User
from post import posting
from post.composing import UNSUBSCRIBE
from post.models import Delivery
from ui.mail import render_mail

LONG = 2000
WITHIN_DAYS = 30
"""What the law gives for an answer: a month (GDPR, article 12)."""


class Incomplete(ValueError):
    """An answer is missing."""


def ask(*, contact: Contact, kind: str, now: datetime, is_demo: bool = False) -> DataRequest:
    """Once while it is open: asking again changes nothing. Raises ValueError for a kind there is not."""
    kind = DataRequest.Kind(kind)
    customer = contact.customer
    with transaction.atomic():
        Contact.objects.select_for_update(of=("self",)).only("pk").get(pk=contact.pk)
        same = DataRequest.objects.open().filter(contact=contact, kind=kind).first()
        if same is not None:
            return same
        request = DataRequest.objects.create(
            organisation=customer.organisation,
            customer=customer,
            contact=contact,
            kind=kind,
            asked_at=now,
            is_demo=is_demo,
        )
        _log(request, "data_requested", None, now)
        _post(request, "customers/data_request", f"data-{request.pk}", now)
    return request


def close(*, request: DataRequest, answer: str, by: User, now: datetime) -> DataRequest:
    """It is done, and what was done, as the person reads it by mail if they still can. Raises Incomplete."""
    answer = answer.strip()[:LONG]
    if not answer:
        raise Incomplete(_("Say what was done, as they will read it."))
    with transaction.atomic():
        rows = DataRequest.objects.select_for_update(of=("self",)).select_related(
            "organisation", "customer__owner", "customer__organisation", "contact__recipient"
        )
        row = rows.get(pk=request.pk)
        if row.closed_at is None:
            row.answer, row.closed_at, row.closed_by = answer, now, by
            row.save(update_fields=["answer", "closed_at", "closed_by"])
            _log(row, "data_request_closed", by, now)
            _post(row, "customers/data_answer", f"data-{row.pk}-done", now)
    return row


def _post(request: DataRequest, template: str, key: str, now: datetime) -> Delivery | None:
    contact = request.contact
    if contact is None or contact.recipient is None:
        return None
    customer, recipient = request.customer, contact.recipient
    organisation = recipient.organisation = customer.organisation
    csm = customer.owner
    context: dict[str, Any] = {
        "organisation": organisation,
        "recipient": recipient,
        "now": now,
        "unsubscribe_url": UNSUBSCRIBE,
        "customer": customer,
        "contact": contact,
        "asked": request,
        "days": WITHIN_DAYS,
        "csm": csm,
    }
    with timezone.override(recipient.tzinfo()):
        mail = render_mail(template, context, recipient.language or organisation.language)
    return posting.post(
        organisation=organisation,
        purpose=Delivery.Purpose.RECEIPT,
        subject_key=key,
        recipient=recipient,
        mail=mail,
        now=now,
        from_name=csm.name if csm else "",
        reply_to=csm.email if csm else "",
        customer_id=customer.pk,
    )


def _log(request: DataRequest, verb: str, by: User | None, now: datetime) -> None:
    data: dict[str, Any] = {"contact_id": request.contact_id, "kind": request.kind}
    organisation = request.customer.organisation
    organisation.log(verb, by=by, now=now, subject=request, customer_id=request.customer_id, **data)
