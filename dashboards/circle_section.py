"""Circles on the customer's own page: what they are asked, what they show, who else is in it.

Others are shown on a link that speaks for its reader alone: any other may have been passed on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from advocacy.models import CircleMeeting, CircleSeat, Introduction
from customers.models import Contact

if TYPE_CHECKING:
    from dashboards.customer_sections import Reader


@dataclass(frozen=True)
class Seated:
    """One circle: their seat, what the others show, and when it meets."""

    seat: CircleSeat
    others: Sequence[str]
    meetings: Sequence[CircleMeeting]


@dataclass(frozen=True)
class Circles:
    introductions: Sequence[Introduction]
    circles: Sequence[Seated]


def circles(reader: "Reader") -> Circles | None:
    seats = list(
        CircleSeat.objects.for_page_of(reader.contact, reader.now)
        .select_related("circle", "contact__customer")
        .order_by("circle__name")
    )
    if not seats:
        return None
    return Circles(_asked(reader.contact), _seated(seats, reader.may_act, reader.now))


def _asked(contact: Contact) -> list[Introduction]:
    """Introductions that wait. What the other has said, or who they are, is nowhere in it."""
    rows = Introduction.objects.open().of(contact).select_related("circle", "milestone")
    found = list(rows.order_by("asked_at", "id"))
    for one in found:
        own = one.seeker_yes_at if one.seeker_id == contact.pk else one.peer_yes_at
        one.has_said_yes = own is not None  # type: ignore[attr-defined]
    return found


def _seated(seats: Sequence[CircleSeat], may_see: bool, now: datetime) -> list[Seated]:
    inside = [seat.circle_id for seat in seats if seat.is_joined] if may_see else []
    others = list(CircleSeat.objects.here().filter(circle__in=inside).select_related("contact__customer"))
    meetings = list(CircleMeeting.objects.ahead(now).filter(circle__in=inside).soonest_first())
    return [
        Seated(
            seat,
            sorted(one.shown for one in others if one.circle_id == seat.circle_id and one.pk != seat.pk),
            [one for one in meetings if one.circle_id == seat.circle_id],
        )
        for seat in seats
    ]
