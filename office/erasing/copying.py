"""Everything on file about one person as one JSON document, from the same registry that erasing reads."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.db.models import Model

from customers.models import Contact
from office.erasing.person import Person, tables
from office.exporting.registry import HIDDEN
from organisations.models import Event, User

FORMAT, EDITION = "bosai-person", 1


def copy_of(*, contact: Contact, now: datetime) -> dict[str, Any]:
    """`contact` bears the names of an import's columns, so that it can be brought in somewhere else.

    `about` holds the rows about them, whole; `mentions` the columns of others' rows that name them.
    """
    person = Person(contact)
    return {
        "format": FORMAT,
        "edition": EDITION,
        "organisation": contact.customer.organisation.name,
        "made_at": now.isoformat(timespec="seconds"),
        "bosai": settings.VERSION,
        "contact": _importable(contact),
        "about": {
            table: said
            for table, rows in (
                *_about(person),
                ("post.Delivery", person.mails()),
                ("post.Link", person.links()),
            )
            if (said := [_row(row) for row in rows.order_by("pk")])
        },
        "log": [_row(row) for row in _log(contact)],
        "mentions": [
            {"table": label, "id": row.pk, "says": {name: _plain(value) for name, value in found.items()}}
            for label, row, found in person.named_in(person.names)
            if label != "customers.Contact"
        ],
    }


def write_down(*, contact: Contact, by: User, now: datetime) -> dict[str, Any]:
    """The copy, and in the log who took it."""
    made = copy_of(contact=contact, now=now)
    organisation = contact.customer.organisation
    organisation.log(
        "person_exported",
        by=by,
        now=now,
        subject=contact,
        customer_id=contact.customer_id,
        contact_id=contact.pk,
    )
    return made


def _about(person: Person) -> Iterable[tuple[str, Any]]:
    for label, handling in tables():
        if handling.person:
            yield label, person.theirs(label, handling)


def _importable(contact: Contact) -> dict[str, Any]:
    recipient = contact.recipient
    return {
        "customer": contact.customer.key,
        "key": contact.key,
        "name": contact.name,
        "title": contact.title,
        "address": contact.address,
        "phone": contact.phone,
        "language": recipient.language if recipient else "",
        "zone": recipient.zone if recipient else "",
        "primary": contact.is_primary,
        "celebrate_with": contact.celebrate_with,
    }


def _log(contact: Contact) -> Iterable[Event]:
    """What happened that bears their id."""
    rows = Event.objects.filter(customer_id=contact.customer_id).order_by("pk")
    for event in rows.iterator(chunk_size=2000):
        is_subject = event.subject_type == "customers.contact" and event.subject_id == contact.pk
        if is_subject or event.data.get("contact_id") == contact.pk:
            yield event


def _row(row: Model) -> dict[str, Any]:
    columns = [field.attname for field in row._meta.concrete_fields if field.attname not in HIDDEN]
    return {name: _plain(getattr(row, name)) for name in columns}


def _plain(value: Any) -> Any:
    """As JSON can hold it."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return value if value is None or isinstance(value, str | int | float | list | dict) else str(value)
