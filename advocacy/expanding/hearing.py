"""What a customer says they need next, written down with who said it; from a call, or by itself."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from advocacy.expanding.faults import Incomplete, NotPossible
from advocacy.expanding.finding import look
from advocacy.models import Need
from coaching.models import Call
from customers.models import Contact, Customer
from organisations.models import User

LONG = 1000


def note_need(
    *,
    customer: Customer,
    words: str,
    said_on: date,
    by: User,
    now: datetime,
    contact: Contact | None = None,
    said_by: str = "",
    call: Call | None = None,
) -> Need:
    """Their sentence, and whose it is. What it makes a signal of is found at once.

    Raises Incomplete, NotPossible (the customer has left).
    """
    words, said_by = words.strip(), said_by.strip()
    _check(customer, words, said_on, contact, said_by, now)
    with transaction.atomic():
        row: Customer = Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
        if row.left_on is not None or row.archived_at is not None:
            raise NotPossible(_("%(customer)s is no longer a customer.") % {"customer": row.name})
        whose = {"contact": contact, "said_by": "" if contact else said_by, "call": call}
        same = Need.objects.filter(customer=row, words=words, said_on=said_on, **whose).first()
        if same is not None:  # a form sent twice
            return same
        need = Need(organisation=customer.organisation, customer=row, words=words, said_on=said_on, **whose)
        need.noted_at, need.noted_by = now, by
        need.save(force_insert=True)
        who: dict[str, Any] = {"contact_id": contact.pk} if contact else {}
        organisation = customer.organisation
        organisation.log("need_noted", by=by, now=now, subject=need, customer_id=row.pk, **who)
        look(organisation=organisation, now=now, customer=row)
    return need


def _check(
    customer: Customer, words: str, said_on: date, contact: Contact | None, said_by: str, now: datetime
) -> None:
    if not words:
        raise Incomplete("words", _("Write the sentence as they said it."))
    if len(words) > LONG:
        raise Incomplete("words", _("At most %(most)d characters: one sentence says it.") % {"most": LONG})
    if contact is None and not said_by:
        raise Incomplete("contact", _("Say who said it: a need without a person is our own wish."))
    if contact is not None and contact.customer_id != customer.pk:
        raise Incomplete("contact", _("Choose somebody at this customer."))
    if said_on > now.astimezone(customer.organisation.tzinfo).date():
        raise Incomplete("said_on", _("That day is still to come."))
