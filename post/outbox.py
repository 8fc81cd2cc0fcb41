"""What the outbox shows: which deliveries, in which order, a page at a time, and never counted to the end."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from post.models import Delivery, Recipient

PAGE = 50
COUNTED = 99  # counts stop here: "99+"
ADDRESSES = 200  # how many matching addresses a search follows
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
State = Delivery.State

GROUPS = {
    "": pgettext_lazy("mails", "All"),
    "waiting": _("Waiting"),
    "uncertain": _("Uncertain"),
    "refused": _("Refused"),
    "sent": _("Sent"),
    "kept": _("Not sent"),
    "simulated": _("Simulated"),
}
STATES = {
    "waiting": (State.PENDING, State.SENDING, State.HELD),
    "uncertain": (State.UNCERTAIN,),
    "refused": (State.FAILED,),
    "sent": (State.SENT,),
    "kept": (State.SUPPRESSED, State.STOPPED),
    "simulated": (State.SIMULATED,),
}
COUNTED_GROUPS = ("waiting", "uncertain", "refused")  # those somebody may have to do something about


@dataclass(frozen=True)
class Wish:
    """Which deliveries are asked for: a group of states, part of an address."""

    group: str = ""
    address: str = ""


@dataclass(frozen=True)
class Page:
    rows: list[Delivery]
    earlier: str  # the key of the page with newer mails; empty when there is none
    later: str


def wanted(wish: Wish) -> QuerySet[Delivery]:
    rows: QuerySet[Delivery] = Delivery.objects.all()
    if wish.group:
        rows = rows.filter(state__in=STATES[wish.group])
    if wish.address:
        known = Recipient.objects.filter(address__icontains=wish.address).order_by("address")
        rows = rows.filter(recipient__in=list(known.values_list("pk", flat=True)[:ADDRESSES]))
    return rows


def page(wish: Wish, *, after: str = "", before: str = "", size: int = PAGE) -> Page:
    """What follows the key `after`, or what comes before the key `before`; else the newest."""
    backwards = bool(before)
    rows = _beyond(wanted(wish), before or after, backwards)
    order = ("created_at", "pk") if backwards else ("-created_at", "-pk")
    found = list(rows.defer("text", "html", "links").order_by(*order)[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    return Page(
        rows=found,
        earlier=_key(found[0]) if found and (more if backwards else after) else "",
        later=_key(found[-1]) if found and (more or backwards) else "",
    )


def every(wish: Wish) -> Iterator[Delivery]:
    """All of them, newest first, read in chunks."""
    after = ""
    while True:
        rows = page(wish, after=after, size=1000)
        yield from rows.rows
        if not rows.later:
            return
        after = rows.later


def counts() -> dict[str, int]:
    """How many in each group that somebody may have to look at, up to COUNTED + 1."""
    return {
        group: Delivery.objects.filter(state__in=STATES[group]).order_by().values("pk")[: COUNTED + 1].count()
        for group in COUNTED_GROUPS
    }


def _beyond(rows: QuerySet[Delivery], key: str, backwards: bool) -> QuerySet[Delivery]:
    """Only what lies beyond the key in the direction read; a key that is none is no key."""
    micros, _dot, pk = key.partition("-")
    if not (micros.isdecimal() and pk.isdecimal() and len(micros) < 18 and len(pk) < 19):
        return rows
    at = EPOCH + timedelta(microseconds=int(micros))
    if backwards:
        return rows.filter(Q(created_at__gt=at) | Q(created_at=at, pk__gt=int(pk)))
    return rows.filter(Q(created_at__lt=at) | Q(created_at=at, pk__lt=int(pk)))


def _key(row: Delivery) -> str:
    return f"{(row.created_at - EPOCH) // timedelta(microseconds=1)}-{row.pk}"
