"""Calendars kept true: what each person was told of a meeting is compared with what is planned.

Nobody's address or name stands in anybody else's entry. What becomes of people below this room (they leave,
have another address) is found by `tend`.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from advocacy.convening import notices
from advocacy.models import Circle, CircleMeeting, CircleSeat, MeetingNotice


def follow(*, circle: Circle, now: datetime, simulated: bool = False) -> int:
    """Bring every calendar about this circle's meetings up to date; how many were not."""
    with transaction.atomic():
        Circle.objects.select_for_update(no_key=True).get(pk=circle.pk)  # two at once tell nobody twice
        seats = {seat.contact_id: seat for seat in _seats(circle)}
        told = MeetingNotice.objects.filter(meeting__circle=circle, ended_at=None, starts_at__gt=now)
        rows = list(
            told.select_related(
                "organisation", "recipient", "contact__customer__owner", "meeting__circle__host"
            )
            .select_for_update(of=("self",))
            .order_by("pk")
        )
        meetings = list(CircleMeeting.objects.ahead(now).filter(circle=circle).order_by("pk"))
        over = _end_those_over(rows, meetings, seats, now)
        return over + _tell(rows, meetings, seats.values(), now, simulated)


def follow_all(*, now: datetime) -> int:
    """The same for every circle of the current organisation of which a meeting is or was ahead."""
    ahead = MeetingNotice.objects.filter(ended_at=None, starts_at__gt=now).values("meeting__circle")
    planned = CircleMeeting.objects.ahead(now).values("circle")
    rows = Circle.objects.filter(pk__in=planned) | Circle.objects.filter(pk__in=ahead)
    circles = rows.select_related("organisation", "host").order_by("pk")
    return sum(follow(circle=circle, now=now) for circle in circles)


def _seats(circle: Circle) -> Iterable[CircleSeat]:
    rows = CircleSeat.objects.here().filter(circle=circle, contact__recipient__isnull=False)
    return rows.with_people().order_by("pk")


def _end_those_over(
    rows: list[MeetingNotice], meetings: list[CircleMeeting], seats: dict[int, CircleSeat], now: datetime
) -> int:
    on, n = {meeting.pk for meeting in meetings}, 0
    for row in rows:
        seat = seats.get(row.contact_id)
        is_theirs = seat is not None and seat.contact.recipient_id == row.recipient_id
        if row.meeting_id not in on or not is_theirs:
            notices.cancel(row, now=now)
            n += 1
    return n


def _tell(
    rows: list[MeetingNotice],
    meetings: list[CircleMeeting],
    seats: Iterable[CircleSeat],
    now: datetime,
    simulated: bool,
) -> int:
    known = {(row.meeting_id, row.contact_id): row for row in rows if row.ended_at is None}
    n = 0
    for meeting in meetings:
        for seat in seats:
            row = known.get((meeting.pk, seat.contact_id))
            if row is None or notices.differs(row, meeting):
                notices.request(row, meeting, seat, now=now, simulated=simulated)
                n += 1
    return n
