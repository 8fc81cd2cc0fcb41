"""People at a customer as members write them down. Language, zone and wishes belong to their address."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from customers import defining, noticing
from customers.models import ChampionChange, Contact, Customer, Erasure
from organisations.models import User
from post.models import Recipient
from post.posting import recipient_for
from post.recalling import recall_from

OWN = ("name", "title", "role", "phone", "is_primary", "celebrate_with")
SAID = {"is_primary": "primary"}  # how imports, and so `edited`, call a field
OF_ADDRESS = ("language", "zone", "wish", "quiet_from", "quiet_to")


class AddressTaken(ValueError):
    """Another person at this customer has this address."""


class Erased(ValueError):
    """This person was erased; the message says when, and who can lift that."""


def add_contact(*, customer: Customer, values: Mapping[str, Any], by: User, now: datetime) -> Contact:
    """A new person, from `OWN`, "address" and `OF_ADDRESS` values. Raises AddressTaken, Erased."""
    with transaction.atomic():
        contact = Contact(organisation=customer.organisation, customer=customer)
        _write(contact, values, now)
        _log(contact, "contact_added", by, now, contact_id=contact.pk)
    return contact


def edit_contact(*, contact: Contact, values: Mapping[str, Any], by: User, now: datetime) -> Contact:
    """Write the values that differ, remember which a person set, and log their names.

    Raises AddressTaken, Erased.
    """
    with transaction.atomic():
        row = Contact.objects.select_for_update().get(pk=contact.pk)
        changed = _write(row, values, now)
        if changed:
            _log(row, "contact_edited", by, now, contact_id=row.pk, fields=changed)
    return row


def contact_left(*, contact: Contact, on: date, by: User, now: datetime) -> None:
    """They work there no more: no mail goes to them, those waiting included; what they said stays. Once."""
    with transaction.atomic():
        here = Contact.objects.current().filter(pk=contact.pk)
        if here.update(left_on=on, is_primary=False):
            _log(contact, "contact_left", by, now, contact_id=contact.pk)
            defining.close_questions_to(contact, now=now)
            if contact.role == Contact.Role.CHAMPION:
                noticing.notice(contact=contact, sign=ChampionChange.Sign.LEFT, since=on, by=by, now=now)
            if contact.recipient is not None:
                why = _("%(name)s works there no more") % {"name": contact.name}
                recall_from(contact.recipient, customer_id=contact.customer_id, why=why)


def contact_returned(*, contact: Contact, by: User, now: datetime) -> None:
    """They are there again. Raises Erased."""
    with transaction.atomic():
        _refuse_erased(contact)
        gone = Contact.objects.exclude(left_on=None).filter(pk=contact.pk)
        if gone.update(left_on=None):
            _log(contact, "contact_edited", by, now, contact_id=contact.pk, fields=["left_on"])


def _log(contact: Contact, verb: str, by: User, now: datetime, **data: Any) -> None:
    organisation = contact.customer.organisation
    organisation.log(verb, by=by, now=now, subject=contact, customer_id=contact.customer_id, **data)


def _write(contact: Contact, values: Mapping[str, Any], now: datetime) -> list[str]:
    """Set what differs on the person and their address, save both, and return the names of what changed."""
    _refuse_erased(contact)
    changed = [name for name in OWN if name in values and getattr(contact, name) != values[name]]
    for name in changed:
        setattr(contact, name, values[name])
    if "address" in values and values["address"].lower() != contact.address.lower():
        contact.recipient = _recipient(contact, values["address"])
        changed.append("address")
    if contact.is_primary:
        _step_aside(contact, now)
    changed = [SAID.get(name, name) for name in changed] + _write_wishes(contact.recipient, values)
    contact.edited |= dict.fromkeys(changed, now.isoformat())
    if changed:
        _save(contact)
    return changed


def _save(contact: Contact) -> None:
    """Whoever writes the same address down at once found it free too: the constraint tells one of them."""
    try:
        with transaction.atomic():
            contact.save()
    except IntegrityError as error:
        same = Contact.objects.filter(customer_id=contact.customer_id, recipient=contact.recipient)
        if contact.recipient and same.exclude(pk=contact.pk).exists():
            raise AddressTaken(contact.address) from error
        raise


def _refuse_erased(contact: Contact) -> None:
    """Their row stays for what they verified; nobody else is written over it."""
    if contact.pk is not None and Erasure.objects.filter(contact=contact).exists():
        raise Erased(_("This person was erased. Write a new person down instead."))


def _step_aside(contact: Contact, now: datetime) -> None:
    """Whoever was the primary contact is it no more, by a person's word, which imports keep."""
    others = Contact.objects.select_for_update().filter(customer_id=contact.customer_id, is_primary=True)
    for other in others.exclude(pk=contact.pk):
        other.is_primary = False
        other.edited["primary"] = now.isoformat()
        other.save(update_fields=["is_primary", "edited"])


def _recipient(contact: Contact, address: str) -> Recipient | None:
    if not address:
        return None
    erasure = Erasure.objects.against(contact.customer, address=address)
    if erasure is not None:
        raise Erased(erasure.refusal())
    recipient = recipient_for(organisation=contact.customer.organisation, address=address)
    same = Contact.objects.filter(customer_id=contact.customer_id, recipient=recipient)
    if same.exclude(pk=contact.pk).exists():
        raise AddressTaken(address)
    return recipient


def _write_wishes(recipient: Recipient | None, values: Mapping[str, Any]) -> list[str]:
    if recipient is None:
        return []
    row = Recipient.objects.select_for_update().get(pk=recipient.pk)
    changed = [name for name in OF_ADDRESS if name in values and getattr(row, name) != values[name]]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.save(update_fields=changed)
    return changed
