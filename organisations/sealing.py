"""Seal the log, in parts, beside the work: no event waits for it, and no event is changed by it.

Never reads an event's words for anything but their hash. What a long transaction commits late is sealed then.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.db import IntegrityError, transaction
from django.db.models import Sum

from organisations import chains, heads, tenancy
from organisations.chains import LATE, Fault, Sealed
from organisations.models import Event, Organisation, Seal

AT_ONCE = 500
READ_AT_ONCE = 2000


def seal_all(*, now: datetime) -> int:
    """Every organisation's log, up to now; how many events."""
    return sum(
        seal(organisation=organisation, now=now) for organisation in Organisation.objects.order_by("pk")
    )


def seal(*, organisation: Organisation, now: datetime) -> int:
    """Everything that is in no seal yet; how many events. Two at once: one of them finds it done."""
    total, newest = 0, None
    while found := _seal_part(organisation, now):
        total, newest = total + found.count, found
    if newest is not None:
        heads.note(organisation, newest, now=now)
    return total


def _seal_part(organisation: Organisation, now: datetime) -> Seal | None:
    """In a transaction of its own, so that a log of years does not hold one open."""
    try:
        with tenancy.within(organisation), transaction.atomic():
            last = Seal.objects.newest()
            events = _unsealed(last, now)
            if not events:
                return None
            lines = [(event.pk, chains.digest(event)) for event in events]
            number, previous = (last.number + 1, last.head) if last else (1, "")
            return Seal.objects.create(
                organisation=organisation,
                number=number,
                sealed_at=now,
                count=len(lines),
                last_id=max(last.last_id if last else 0, *(pk for pk, _ in lines)),
                lines=lines,
                previous=previous,
                head=chains.head_of(number=number, sealed_at=now, lines=lines, previous=previous),
            )
    except IntegrityError:  # somebody else made this number
        return None


def _unsealed(last: Seal | None, now: datetime) -> list[Event]:
    """New ones first; then those with an older number that were committed after a newer one was sealed."""
    newer = Event.objects.filter(pk__gt=last.last_id if last else 0).order_by("pk")
    found = list(newer[:AT_ONCE])
    if found or last is None:
        return found
    floor = Seal.objects.filter(sealed_at__lt=now - LATE).newest()
    since = floor.last_id if floor else 0
    recent = Seal.objects.filter(number__gt=floor.number if floor else 0)
    window = Event.objects.filter(pk__gt=since, pk__lte=last.last_id)
    if window.count() <= (recent.aggregate(n=Sum("count"))["n"] or 0):
        return []
    sealed = {pk for lines in recent.values_list("lines", flat=True) for pk, _ in lines}
    late = [pk for pk in window.order_by("pk").values_list("pk", flat=True) if pk not in sealed]
    return list(Event.objects.filter(pk__in=late[:AT_ONCE]).order_by("pk"))


def verify(*, organisation: Organisation, heads_file: Path | None = None) -> Iterator[Fault]:
    """Everything in this organisation's log that was changed since it was sealed.

    Call it, and read it, within the organisation. Raises OSError, ValueError when the heads cannot be read.
    """
    outside = heads.noted(organisation, heads_file)
    events = Event.objects.order_by("pk").iterator(chunk_size=READ_AT_ONCE)
    seals = Seal.objects.order_by("number").iterator(chunk_size=50)
    return chains.faults(events, map(_sealed, seals), outside)


def _sealed(seal: Seal) -> Sealed:
    return Sealed(seal.number, seal.sealed_at, seal.lines, seal.previous, seal.head)
