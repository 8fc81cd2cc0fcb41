"""Events of circles: ids alone."""

from datetime import datetime
from typing import Any

from advocacy.models import Circle, CircleMeeting, CircleSeat, Introduction
from customers.models import Contact
from organisations.models import User


def note_circle(circle: Circle, verb: str, *, by: User | None, now: datetime) -> None:
    """Of the circle itself: it is nobody's alone."""
    circle.organisation.log(verb, by=by, now=now, subject=circle, circle_id=circle.pk)


def note_seat(seat: CircleSeat, verb: str, *, now: datetime, by: User | None = None, **data: bool) -> None:
    """In the history of their customer. Give it with its contact loaded."""
    about: dict[str, Any] = {"circle_id": seat.circle_id, "contact_id": seat.contact_id, **data}
    customer_id = seat.contact.customer_id
    seat.organisation.log(verb, by=by, now=now, subject=seat, customer_id=customer_id, **about)


def note_introduction(
    row: Introduction, verb: str, *, of: Contact, now: datetime, by: User | None = None
) -> None:
    """In the history of one of the two customers, naming its own person alone."""
    about: dict[str, Any] = {
        "circle_id": row.circle_id,
        "contact_id": of.pk,
        "milestone_id": row.milestone_id,
    }
    row.organisation.log(verb, by=by, now=now, subject=row, customer_id=of.customer_id, **about)


def note_both(row: Introduction, verb: str, *, now: datetime, by: User | None = None) -> None:
    for one in (row.seeker, row.peer):
        note_introduction(row, verb, of=one, now=now, by=by)


def note_meeting(meeting: CircleMeeting, verb: str, *, by: User, now: datetime) -> None:
    meeting.organisation.log(verb, by=by, now=now, subject=meeting, circle_id=meeting.circle_id)
