"""The list of customers: which, in what order, and what stands in each row.

The reader's own come first, then everyone else's, each by name. Pages are keyed by the last row, not by a
number, so that a new customer shifts nothing; both halves use their index, however many customers there are.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import DateField, DateTimeField, OuterRef, Q, QuerySet, Subquery, TextField

from coaching.models import Call, Commitment
from customers.models import Customer, Segment
from dashboards.paths import leading, leading_paths
from milestones.models import Journey
from milestones.walking import Path
from organisations.models import Organisation, User
from ui.addresses import whole_number

PAGE, CHUNK, COUNTED = 50, 500, 1000
SHOW = ("current", "mine", "nobodys", "left", "archived")


@dataclass(frozen=True)
class Wish:
    """Which customers somebody asks for."""

    text: str = ""
    show: str = "current"
    segment: Segment | None = None
    use_case: str = ""
    owner: User | None = None
    journey: Journey | None = None
    stage: str = ""


@dataclass(frozen=True)
class Row:
    customer: Customer
    path: Path | None
    last_call_at: datetime | None
    next_due_on: date | None
    next_will: str


@dataclass(frozen=True)
class Rows:
    """A page of rows, and the keys of the pages beside it; empty where there is none."""

    rows: list[Row] = field(default_factory=list)
    earlier: str = ""
    later: str = ""


@dataclass(frozen=True)
class Reader:
    """Who reads, where and when."""

    organisation: Organisation
    user: User
    now: datetime


def wanted(wish: Wish, reader: Reader) -> QuerySet[Customer]:
    """The customers asked for, in no order."""
    rows = _shown(wish.show, reader.user)
    if wish.text:
        rows = rows.matching(wish.text)  # type: ignore[attr-defined]
    if wish.segment:
        rows = rows.filter(segment=wish.segment)
    if wish.use_case:
        rows = rows.filter(use_case=wish.use_case)
    if wish.owner:
        rows = rows.filter(owner=wish.owner)
    if wish.journey or wish.stage:
        rows = rows.alias(leads=Subquery(_leading(wish.journey).values("pk")[:1])).exclude(leads=None)
    if wish.stage:
        stage = _leading(wish.journey).values("current__stage")[:1]
        rows = rows.alias(stage=Subquery(stage)).filter(stage=wish.stage)
    return rows


def page(wish: Wish, reader: Reader, *, after: str = "", before: str = "", size: int = PAGE) -> Rows:
    """One page: what follows the key `after`, or what comes before the key `before`; else the first."""
    backwards = bool(before)
    found = _ordered(wanted(wish, reader), reader.user, before or after, backwards, size + 1)
    more, customers = len(found) > size, found[:size]
    if backwards:
        customers.reverse()
    has_earlier = more if backwards else bool(after)
    has_later = more or backwards
    return Rows(
        rows=_rows(customers, wish, reader),
        earlier=key_of(customers[0], reader.user) if customers and has_earlier else "",
        later=key_of(customers[-1], reader.user) if customers and has_later else "",
    )


def every(wish: Wish, reader: Reader) -> Iterator[Row]:
    """All rows asked for, read in chunks."""
    after = ""
    while True:
        rows = page(wish, reader, after=after, size=CHUNK)
        yield from rows.rows
        if not rows.later:
            return
        after = rows.later


def counted(wish: Wish, reader: Reader) -> int:
    """How many there are, but never counts further than `COUNTED` + 1."""
    return wanted(wish, reader).values("pk")[: COUNTED + 1].count()


def key_of(customer: Customer, user: User) -> str:
    """Where a row stands in the order: whose it is, its id, its name."""
    return f"{'m' if customer.owner_id == user.pk else 'o'}.{customer.pk}.{customer.name}"


def _shown(show: str, user: User) -> QuerySet[Customer]:
    if show == "archived":
        return Customer.objects.archived()
    if show == "left":
        return Customer.objects.filter(archived_at=None).exclude(left_on=None)
    rows = Customer.objects.current()
    if show == "mine":
        return rows.owned_by(user)
    return rows.filter(owner=None) if show == "nobodys" else rows


def _leading(journey: Journey | None) -> QuerySet[Any]:
    rows = leading().filter(customer=OuterRef("pk"))
    return rows.filter(journey=journey) if journey else rows


def _ordered(rows: QuerySet[Customer], user: User, key: str, backwards: bool, size: int) -> list[Customer]:
    """Up to `size` rows from the key on, in the direction read: mine, then the others, or the other way."""
    halves = [("m", rows.filter(owner=user)), ("o", rows.filter(~Q(owner=user) | Q(owner=None)))]
    if backwards:
        halves.reverse()
    half, _dot, rest = key.partition(".")
    pk, _dot, name = rest.partition(".")
    if half in ("m", "o") and (after := whole_number(pk)):
        begin = next(i for i, (letter, _rows) in enumerate(halves) if letter == half)
        halves = [(half, _beyond(halves[begin][1], after, name, backwards)), *halves[begin + 1 :]]
    order = ("-name", "-pk") if backwards else ("name", "pk")
    found: list[Customer] = []
    for _letter, of_half in halves:
        if missing := size - len(found):
            found += (
                of_half.select_related("owner", "segment").annotate(**_beside()).order_by(*order)[:missing]
            )
    return found


def _beyond(rows: QuerySet[Customer], pk: int, name: str, backwards: bool) -> QuerySet[Customer]:
    if backwards:
        return rows.filter(Q(name__lt=name) | Q(name=name, pk__lt=pk))
    return rows.filter(Q(name__gt=name) | Q(name=name, pk__gt=pk))


def _beside() -> dict[str, Subquery]:
    """What coaching knows of each customer: the last call, and the commitment due soonest."""
    calls = Call.objects.filter(customer=OuterRef("pk")).order_by("-held_at", "-pk")
    soonest = Commitment.objects.open().filter(customer=OuterRef("pk")).soonest_first()
    return {
        "last_call_at": Subquery(calls.values("held_at")[:1], output_field=DateTimeField()),
        "next_due_on": Subquery(soonest.values("due_on")[:1], output_field=DateField()),
        "next_will": Subquery(soonest.values("will")[:1], output_field=TextField()),
    }


def _rows(customers: list[Any], wish: Wish, reader: Reader) -> list[Row]:
    paths = leading_paths(
        [customer.pk for customer in customers],
        organisation=reader.organisation,
        now=reader.now,
        journey=wish.journey,
    )
    return [
        Row(
            customer=customer,
            path=paths.get(customer.pk),
            last_call_at=customer.last_call_at,
            next_due_on=customer.next_due_on,
            next_will=customer.next_will or "",
        )
        for customer in customers
    ]
