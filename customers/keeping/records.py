"""Customers as members write them down: added, edited, handed on, left, archived."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from itertools import count
from typing import Any
from zlib import crc32

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from customers import defining
from customers.models import Customer, Segment
from organisations.models import Event, Organisation, User

EDITABLE = ("key", "name", "about", "segment", "use_case", "owner")
FIRST_OUTCOME = {
    "outcome": "words",
    "outcome_by": "said_by",
    "outcome_on": "said_on",
    "outcome_metric": "metric",
    "outcome_baseline": "baseline",
    "outcome_target": "target",
}
"""What is said here of a customer's first outcome → its field there; see `customers.defining`."""


class KeyTaken(ValueError):
    """Another customer of the organisation has this key."""


def add_customer(
    *, organisation: Organisation, values: Mapping[str, Any], by: User, now: datetime
) -> Customer:
    """A new customer from `EDITABLE` and `FIRST_OUTCOME` values; without a key it gets one from its name.

    Raises KeyTaken, defining.Incomplete.
    """
    with transaction.atomic():
        given = _with_segment(organisation, values)
        customer = _created(Customer(organisation=organisation, created_at=now, **given))
        organisation.log("customer_created", by=by, now=now, subject=customer, customer_id=customer.pk)
        _write_outcome(customer, values, by, now)
    return customer


def edit_customer(*, customer: Customer, values: Mapping[str, Any], by: User, now: datetime) -> Customer:
    """Write the values that differ, remember which a person set, and log their names.

    Raises KeyTaken, defining.Incomplete.
    """
    organisation = customer.organisation
    with transaction.atomic():
        _write_outcome(customer, values, by, now)
        row = Customer.objects.select_for_update().get(pk=customer.pk)
        given = _with_segment(organisation, values)
        changed = [name for name, value in given.items() if getattr(row, name) != value]
        if not changed:
            return row
        for name in changed:
            setattr(row, name, given[name])
            row.edited[name] = now.isoformat()
        with _key_free(row.key):
            row.save(update_fields=[*changed, "edited"])
        about = {"subject": row, "customer_id": row.pk}
        named = [name for name in changed if name != "owner"]
        if named:
            organisation.log("customer_edited", by=by, now=now, fields=named, **about)
        if "owner" in changed:
            organisation.log("owner_changed", by=by, now=now, owner_id=row.owner_id, **about)
    return row


def change_owner(
    *,
    organisation: Organisation,
    customers: Collection[Customer],
    owner: User | None,
    by: User,
    now: datetime,
    along: Mapping[int, Mapping[str, int]] | None = None,
) -> int:
    """Give customers to one member, or to nobody. Returns how many moved.

    `along`: how much of what goes with a customer, by their id; it stands in the log.
    """
    with transaction.atomic():
        wanted = Customer.objects.select_for_update().filter(pk__in=[c.pk for c in customers])
        moving = [customer for customer in wanted if customer.owner_id != (owner.pk if owner else None)]
        before = {customer.pk: customer.owner_id for customer in moving}
        for customer in moving:
            customer.owner = owner
            customer.edited["owner"] = now.isoformat()
        Customer.objects.bulk_update(moving, ["owner", "edited"], batch_size=500)
        Event.objects.bulk_create(
            [
                Event(
                    organisation=organisation,
                    at=now,
                    recorded_at=now,
                    actor=by,
                    verb="owner_changed",
                    subject_type=Customer._meta.label_lower,
                    subject_id=customer.pk,
                    customer_id=customer.pk,
                    data=_handed(customer.owner_id, before[customer.pk], (along or {}).get(customer.pk)),
                )
                for customer in moving
            ],
            batch_size=500,
        )
    return len(moving)


def _handed(owner: int | None, before: int | None, along: Mapping[str, int] | None) -> dict[str, Any]:
    given: dict[str, Any] = {"owner_id": owner}
    if before is not None:
        given["from_id"] = before
    return given | ({"along": dict(along)} if along else {})


def mark_left(*, customer: Customer, on: date, why: str, by: User, now: datetime) -> None:
    """They left on a day, for a reason. Once: leaving again changes nothing."""
    with transaction.atomic():
        left = Customer.objects.filter(pk=customer.pk, left_on=None).update(left_on=on, left_why=why)
        if left:
            _log(customer, "customer_left", by, now, why=why)


def take_back(*, customer: Customer, by: User, now: datetime) -> None:
    """They came back; enrolments that ended stay ended."""
    with transaction.atomic():
        back = Customer.objects.filter(pk=customer.pk).exclude(left_on=None)
        if back.update(left_on=None, left_why=""):
            _log(customer, "customer_returned", by, now)


def archive(*, customer: Customer, by: User, now: datetime) -> None:
    """Out of the lists; everything is kept."""
    with transaction.atomic():
        if Customer.objects.filter(pk=customer.pk, archived_at=None).update(archived_at=now):
            _log(customer, "customer_archived", by, now)


def restore(*, customer: Customer, by: User, now: datetime) -> None:
    """Back into the lists."""
    with transaction.atomic():
        archived = Customer.objects.filter(pk=customer.pk).exclude(archived_at=None)
        if archived.update(archived_at=None):
            _log(customer, "customer_restored", by, now)


def _log(customer: Customer, verb: str, by: User, now: datetime, **data: Any) -> None:
    customer.organisation.log(verb, by=by, now=now, subject=customer, customer_id=customer.pk, **data)


def _write_outcome(customer: Customer, values: Mapping[str, Any], by: User, now: datetime) -> None:
    given = {field: values[name] for name, field in FIRST_OUTCOME.items() if name in values}
    if given:
        defining.write_first(customer=customer, values=given, by=by, now=now)


def _with_segment(organisation: Organisation, values: Mapping[str, Any]) -> dict[str, Any]:
    """The editable values; a segment given by name is found, or made when it is new."""
    given = {name: values[name] for name in EDITABLE if name in values}
    name = given.get("segment")
    if isinstance(name, str):
        given["segment"] = segment_named(organisation, name.strip())
    return given


def segment_named(organisation: Organisation, name: str) -> Segment | None:
    """The segment of that name, made when it is new; none without a name."""
    if not name:
        return None
    if known := Segment.objects.filter(name__iexact=name).first():
        return known
    stem = slugify(name)[:50] or f"segment-{crc32(name.encode()):x}"
    slug = _free(stem, Segment.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    try:
        with transaction.atomic():
            return Segment.objects.create(organisation=organisation, slug=slug, name=name)
    except IntegrityError:  # somebody made one this moment: theirs, or the next free name
        if not Segment.objects.filter(slug=slug).exists():
            raise
        return segment_named(organisation, name)


def _created(customer: Customer) -> Customer:
    """Inserted, with a key from its name when it has none. Raises KeyTaken for one that a person gave."""
    given = customer.key
    while True:
        customer.key = given or _free_key(customer.name)
        try:
            with _key_free(customer.key):
                customer.save(force_insert=True)
                return customer
        except KeyTaken:
            if given:
                raise


@contextmanager
def _key_free(key: str) -> Iterator[None]:
    """The constraint says whether a key is free: whoever asked first would not know of one made since."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if Customer.objects.filter(key=key).exists():
            raise KeyTaken(key) from error
        raise


def _free_key(name: str) -> str:
    """A key from the name that nobody has yet: "kestrel-freight", "kestrel-freight-2"."""
    stem = slugify(name)[:100] or "customer"
    return _free(stem, Customer.objects.filter(key__startswith=stem).values_list("key", flat=True))


def _free(stem: str, taken: Iterable[str]) -> str:
    held = set(taken)
    return next(word for n in count(1) if (word := stem if n == 1 else f"{stem}-{n}") not in held)
