"""News of their circles: one mail for all of them, at most once in thirty days, and only if there is any."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from advocacy.convening import letters
from advocacy.models import CircleMeeting, CircleSeat
from customers.models import Contact
from organisations.models import Organisation

EVERY = timedelta(days=30)
AT_ONCE = 100


def tell_news(
    *, organisation: Organisation, now: datetime, at_most: int = AT_ONCE, simulated: bool = False
) -> int:
    """How many mails were put in the post. Run it as often as you like."""
    seats = list(
        CircleSeat.objects.here()
        .filter(contact__recipient__isnull=False)
        .with_people()
        .order_by("contact", "id")
    )
    by_person: dict[int, list[CircleSeat]] = defaultdict(list)
    for seat in seats:
        by_person[seat.contact_id].append(seat)
    due = [
        own
        for own in by_person.values()
        if all(one.told_at is None or one.told_at + EVERY <= now for one in own)
    ]
    meetings = list(CircleMeeting.objects.ahead(now).soonest_first()) if due else []
    return sum(_tell(own, seats, meetings, now, simulated) for own in due[:at_most])


def _tell(
    own: list[CircleSeat],
    seats: list[CircleSeat],
    meetings: list[CircleMeeting],
    now: datetime,
    simulated: bool,
) -> bool:
    circles = [news for seat in own if (news := _news(seat, seats, meetings))]
    if not circles:
        return False
    contact: Contact = own[0].contact
    with transaction.atomic():
        rows = CircleSeat.objects.filter(pk__in=[seat.pk for seat in own], state=CircleSeat.State.JOINED)
        before = list(rows.select_for_update().values_list("told_at", flat=True))
        if len(before) < len(own) or any(at is not None and at + EVERY > now for at in before):
            return False  # somebody else told them meanwhile, or they left
        rows.update(told_at=now)
        letters.tell_news(contact, circles, now=now, simulated=simulated)
    return True


def _news(seat: CircleSeat, seats: list[CircleSeat], meetings: list[CircleMeeting]) -> dict[str, Any] | None:
    """How many joined since they last heard, and meetings ahead that were planned since."""
    since = seat.told_at or seat.joined_at
    assert since is not None, "in it, so they joined"
    others = [one for one in seats if one.circle_id == seat.circle_id and one.pk != seat.pk]
    joined = sum(one.joined_at is not None and one.joined_at > since for one in others)
    ahead = [one for one in meetings if one.circle_id == seat.circle_id and one.planned_at > since]
    return {"circle": seat.circle, "joined": joined, "meetings": ahead} if joined or ahead else None
