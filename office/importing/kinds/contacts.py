"""Contacts by (customer, key), else by (customer, address). Language and zone belong to the address."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from customers.models import Contact, Customer, Erasure, found_in
from office.importing.kinds.base import End, Happened, Kind, Row, Said, settle
from office.importing.kinds.traced import TracedContacts, TracedRecipients
from office.importing.kinds.tracing import withdrawn_rows
from office.importing.rows import Values
from post.models import Recipient

OWN = {"name": "name", "title": "title", "phone": "phone", "key": "key"}
FLAGS = {"primary": "is_primary", "celebrate_with": "celebrate_with"}
OF_ADDRESS = ("zone", "language")
BACK = "gone"  # among the changes of a row that an undo took out: the file brings it back


class Contacts(Kind):
    undoes = (TracedContacts, TracedRecipients)

    def identity(self, values: Values) -> Sequence[object]:
        if "key" in values:
            return values["customer"], "key", values["key"]
        return values["customer"], "address", values.get("address", "").casefold()

    def said(self, row: Row) -> Iterable[Said]:
        values = row.values
        if values.get("primary"):
            reason = _("line %s is already the primary contact of this customer")
            yield Said(("primary", values["customer"]), row.identity, "primary", reason)
        if address := values.get("address", "").casefold():
            reason = _("line %s has this address for the same customer")
            yield Said(("address", values["customer"], address), row.identity, "address", reason)
            for name in OF_ADDRESS:
                if name in values:
                    reason = _("line %s says otherwise for the same address")
                    yield Said((name, address), values[name], name, reason)

    def compare(self, rows: Sequence[Row]) -> None:
        customers = self.find_customers(rows)
        rows = [row for row in rows if row.is_good and self._can_be_told_apart(row)]
        rows = self._without_erased(rows, customers)
        people = _People(customers, rows)
        for row in rows:
            customer = customers[row.values["customer"]]
            row.found = people.find(customer, row.values)
            holder = people.holder(customer, row.values)
            if holder is not None and (row.found is None or holder.pk != row.found.pk):
                row.refuse(
                    self.job.named("address"),
                    row.values["address"],
                    _("another contact of this customer has this address"),
                )
            else:
                self._settle(row, customer, people)

    def _can_be_told_apart(self, row: Row) -> bool:
        if "key" in row.values or "address" in row.values:
            return True
        row.refuse(self.job.named("address"), "", _("a contact needs a key or an address"))
        return False

    def _without_erased(self, rows: Sequence[Row], customers: dict[str, Customer]) -> list[Row]:
        """Whoever was erased is not brought back by a file, by their address or by their key."""
        known = Erasure.objects.by_hash()
        for row in rows if known else ():
            address, key = row.values.get("address", ""), row.values.get("key", "")
            erasure = found_in(known, customers[row.values["customer"]], address=address, key=key)
            if erasure is not None:
                name = "address" if address else "key"
                row.refuse(self.job.named(name), address or key, erasure.refusal())
        return [row for row in rows if row.is_good]

    def _settle(self, row: Row, customer: Customer, people: "_People") -> None:
        is_chosen = not self.job.takes_edited("primary") and customer.pk in people.with_chosen_primary
        if row.found is not None:
            row.found.customer = customer
            by_a_person = row.found.edited | ({"primary": ""} if is_chosen else {})
            differs = _differing(row)
            if row.found.pk in people.taken_out:
                differs[BACK] = (_("yes"), _("no"))
            settle(row, edited=by_a_person, job=self.job, differing=differs)
        elif "name" in row.values:
            row.end = End.NEW
            if is_chosen:
                row.values = {name: value for name, value in row.values.items() if name != "primary"}
            row.found = Contact(organisation=self.job.organisation, customer=customer)
        else:
            row.refuse(self.job.named("name"), "", _("a new contact needs a name"))

    def store(self, rows: Sequence[Row]) -> None:
        writing = [row for row in rows if row.end == End.NEW or row.changes]
        recipients = self._recipients(writing)
        before = self._before(writing)
        self._step_aside(writing)
        for row in writing:
            _write(row.found, _written(row), recipients)
        new = [row for row in writing if row.end == End.NEW]
        changed = [row for row in writing if row.end != End.NEW]
        Contact.objects.bulk_create([row.found for row in new])
        Contact.objects.bulk_create(
            [row.found for row in changed],
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=[*OWN.values(), *FLAGS.values(), "recipient", "left_on", "edited"],
        )
        self._trace([row.found for row in writing], before)
        self.job.log(_happened(row) for row in writing)

    def _before(self, rows: Sequence[Row]) -> dict[int, dict[str, Any]]:
        """Lock what is about to be changed, whoever steps aside included, and keep how it is."""
        made = {row.found.customer_id for row in rows if _written(row).get("primary")}
        changing = Q(pk__in=[row.found.pk for row in rows if row.found.pk])
        stored = Contact.objects.select_for_update().filter(changing | Q(customer__in=made, is_primary=True))
        return {contact.pk: TracedContacts.image(contact) for contact in stored.order_by("pk")}

    def _trace(self, written: Sequence[Contact], before: dict[int, dict[str, Any]]) -> None:
        aside = Contact.objects.in_bulk(before.keys() - {contact.pk for contact in written})
        self.job.trace(TracedContacts, [*written, *aside.values()], before)

    def _recipients(self, rows: Sequence[Row]) -> dict[str, Recipient]:
        """One recipient per address, made or updated in sets."""
        wanted: dict[str, dict[str, str]] = {}
        for row in rows:
            if address := _written(row).get("address") or row.found.address:
                of_address = {name: value for name, value in _written(row).items() if name in OF_ADDRESS}
                wanted.setdefault(address.casefold(), {"address": address}).update(of_address)
        found = {recipient.address.casefold(): recipient for recipient in recipients_at(wanted)}
        new = [
            Recipient(organisation=self.job.organisation, **fields)
            for folded, fields in wanted.items()
            if folded not in found
        ]
        Recipient.objects.bulk_create(new)
        before = {recipient.pk: TracedRecipients.image(recipient) for recipient in found.values()}
        moved = [recipient for folded, recipient in found.items() if _update(recipient, wanted[folded])]
        Recipient.objects.bulk_update(moved, [*OF_ADDRESS], batch_size=500)
        self.job.trace(TracedRecipients, moved, before)
        return found | {recipient.address.casefold(): recipient for recipient in new}

    def _step_aside(self, rows: Sequence[Row]) -> None:
        """Earlier primary contacts make room before the new ones are written."""
        made = {row.found.customer_id for row in rows if _written(row).get("primary")}
        Contact.objects.filter(customer__in=made, is_primary=True).update(is_primary=False)
        for row in rows:
            if row.found.customer_id in made:
                row.found.is_primary = False


class _People:
    """The contacts that a set of rows may be about, found in one query."""

    def __init__(self, customers: dict[str, Customer], rows: Sequence[Row]) -> None:
        keys = {row.values["key"] for row in rows if "key" in row.values}
        addresses = {row.values["address"].lower() for row in rows if "address" in row.values}
        here = Contact.objects.filter(customer__in=[customer.pk for customer in customers.values()])
        found = here.annotate(lowered=Lower("recipient__address")).filter(
            Q(key__in=keys) | Q(lowered__in=addresses)
        )
        chosen = Contact.objects.filter(
            customer__in=[customer.pk for customer in customers.values()], is_primary=True
        )
        self.with_chosen_primary = {
            customer_id
            for customer_id, edited in chosen.values_list("customer_id", "edited")
            if "primary" in edited
        }
        """Customers whose primary contact a person chose: no file moves it."""
        gone: dict[int, date] = {}
        self.by_key: dict[tuple[int, str], Contact] = {}
        self.by_address: dict[tuple[int, str], Contact] = {}
        for contact in found.select_related("recipient"):
            if contact.key:
                self.by_key[contact.customer_id, contact.key] = contact
            if contact.recipient:
                self.by_address[contact.customer_id, contact.recipient.address.casefold()] = contact
            if contact.left_on:
                gone[contact.pk] = contact.left_on
        taken_out = withdrawn_rows(Contact, gone) if gone else {}
        self.taken_out = {pk for pk, at in taken_out.items() if gone[pk] <= (at + timedelta(days=1)).date()}
        """Contacts that an undo took out, and that nobody took out again."""

    def find(self, customer: Customer, values: Values) -> Contact | None:
        """By key; else by address, as long as whoever has it has no other key."""
        if "key" not in values:
            return self.holder(customer, values)
        contact = self.by_key.get((customer.pk, values["key"]))
        if contact is None:
            holder = self.holder(customer, values)
            contact = holder if holder and not holder.key else None
        return contact

    def holder(self, customer: Customer, values: Values) -> Contact | None:
        return self.by_address.get((customer.pk, values.get("address", "").casefold()))


def recipients_at(addresses: Iterable[str]) -> Iterable[Recipient]:
    return Recipient.objects.annotate(lowered=Lower("address")).filter(
        lowered__in=[address.lower() for address in addresses]
    )


def _happened(row: Row) -> Happened:
    contact = row.found
    data: dict[str, Any] = {"contact_id": contact.pk}
    if row.end == End.NEW:
        return Happened("contact_added", Contact, contact.pk, contact.customer_id, data)
    data["fields"] = sorted(row.changes)
    return Happened("contact_edited", Contact, contact.pk, contact.customer_id, data)


def _written(row: Row) -> dict[str, Any]:
    """What of the row's values is to be stored."""
    return row.values if row.end == End.NEW else row.changes


def _differing(row: Row) -> dict[str, tuple[Any, Any]]:
    contact = row.found
    stored: dict[str, Any] = {name: getattr(contact, field) for name, field in (OWN | FLAGS).items()}
    stored["address"] = contact.address
    for name in OF_ADDRESS:
        stored[name] = getattr(contact.recipient, name) if contact.recipient else ""
    differing = {
        name: (stored[name], value)
        for name, value in row.values.items()
        if name != "customer" and stored[name] != value
    }
    if "address" in differing and contact.address.casefold() == row.values["address"].casefold():
        del differing["address"]
    if not (contact.recipient or "address" in row.values):
        differing = {name: value for name, value in differing.items() if name not in OF_ADDRESS}
    return differing


def _write(contact: Contact, values: dict[str, Any], recipients: dict[str, Recipient]) -> None:
    for name, value in values.items():
        if name in OWN or name in FLAGS:
            setattr(contact, (OWN | FLAGS)[name], value)
        elif name == BACK:
            contact.left_on = None
        elif name == "address":
            contact.recipient = recipients[value.casefold()]
        contact.edited.pop(name, None)


def _update(recipient: Recipient, fields: dict[str, str]) -> bool:
    """Whether anything about the address is new."""
    changes = {name: fields[name] for name in OF_ADDRESS if name in fields}
    if all(getattr(recipient, name) == value for name, value in changes.items()):
        return False
    for name, value in changes.items():
        setattr(recipient, name, value)
    return True
