"""Groups become customers and identified users contacts; as with imports, what a person wrote stays."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from customers.models import Contact, Customer
from office.importing.kinds.base import Job, Kind, Row
from office.importing.kinds.contacts import Contacts
from office.importing.kinds.customers import Customers
from office.models import EventPerson, IncomingEvent

State, Waits = IncomingEvent.State, IncomingEvent.Waits
OWN = ("name", "title", "phone")


def write_groups(events: Sequence[IncomingEvent], job: Job) -> None:
    """Customers by their groupId, made or changed; who named one belongs to it from now on."""
    values: dict[str, dict[str, Any]] = {}
    for event in events:
        row = values.setdefault(event.customer_key, {"key": event.customer_key})
        row |= {name: event.traits[name] for name in ("name", "about") if name in event.traits}
    if not values:
        return
    known = set(Customer.objects.filter(key__in=values).values_list("key", flat=True))
    for key in values.keys() - known:
        values[key].setdefault("name", key)
    _store(Customers(job), values.values())
    found = dict(Customer.objects.filter(key__in=values).values_list("key", "pk"))
    for event in events:
        event.customer_id = found[event.customer_key]
        event.state, event.waits_for, event.why, event.data = State.TAKEN, Waits.NOTHING, "", {}
    _belong(events, job)


def _belong(events: Sequence[IncomingEvent], job: Job) -> None:
    """Users to the customers that their messages name."""
    named = [event for event in events if event.user_key and event.customer_key]
    belonging = {event.user_key: event.customer_id or 0 for event in named}
    EventPerson.objects.bulk_create(
        [
            EventPerson(organisation=job.organisation, user_key=key, customer_id=pk)
            for key, pk in sorted(belonging.items())
        ],
        update_conflicts=True,
        unique_fields=["organisation", "user_key"],
        update_fields=["customer"],
    )


def find_customers(events: Sequence[IncomingEvent]) -> None:
    """Whose each event is: the group it names, else the one its user named last. Else it waits."""
    keys = {event.customer_key for event in events if event.customer_key}
    users = {event.user_key for event in events if event.user_key and not event.customer_key}
    by_key = dict(Customer.objects.filter(key__in=keys).values_list("key", "pk")) if keys else {}
    people = EventPerson.objects.filter(user_key__in=users)
    by_user = dict(people.values_list("user_key", "customer_id")) if users else {}
    for event in events:
        found = by_key.get(event.customer_key) if event.customer_key else by_user.get(event.user_key)
        event.customer_id = found
        if found is None:
            event.state, event.waits_for = State.WAITING, Waits.CUSTOMER
            event.why = _("no group has named this user, or this group, yet")


def write_people(events: Sequence[IncomingEvent], job: Job) -> None:
    """Contacts by their userId, at the customer found. Call `find_customers` first."""
    keys = dict(
        Customer.objects.filter(pk__in={event.customer_id for event in events}).values_list("pk", "key")
    )
    rows: dict[tuple[str, str], Row] = {}
    taken: dict[tuple[str, str], str] = {}
    for line, event in enumerate(events):
        customer = keys[event.customer_id or 0]
        about, event.why = (customer, event.user_key), ""
        row = rows.setdefault(about, Row(line, {"customer": customer, "key": event.user_key}))
        row.values |= {name: event.traits[name] for name in OWN if name in event.traits}
        address = _address(event)
        if address and taken.setdefault((customer, address.casefold()), event.user_key) == about[1]:
            row.values["address"] = address
    here = Contact.objects.filter(customer__in={event.customer_id for event in events})
    known = set(here.filter(key__in=[key for _customer, key in rows]).values_list("customer__key", "key"))
    for about, row in rows.items():
        if about not in known:
            row.values.setdefault("name", row.values.get("address", about[1]))
    _store_people(events, keys, rows, job)
    _belong(events, job)


def _store_people(
    events: Sequence[IncomingEvent], keys: dict[int, str], rows: dict[tuple[str, str], Row], job: Job
) -> None:
    _store(Contacts(job), rows=list(rows.values()))
    for event in events:
        row = rows[keys[event.customer_id or 0], event.user_key]
        event.state, event.waits_for, event.data = State.TAKEN, Waits.NOTHING, {}
        event.why = row.reason[:200] if not row.is_good else event.why
        if not row.is_good:
            event.state = State.IGNORED


def _address(event: IncomingEvent) -> str:
    address: str = event.traits.get("address", "")
    try:
        validate_email(address)
    except ValidationError:
        event.why = _("its address is none, and was left out") if address else ""
        return ""
    return address


def _store(kind: Kind, values: Iterable[dict[str, Any]] = (), rows: Sequence[Row] = ()) -> None:
    rows = rows or [Row(line, dict(each)) for line, each in enumerate(values)]
    kind.compare(rows)
    kind.store([row for row in rows if row.is_good])
