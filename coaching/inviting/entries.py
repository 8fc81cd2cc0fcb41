"""One call in one reader's calendar, asked for or taken back (RFC 5546). Pure: no database, no clock.

Times are in UTC, as in the feed and for its reasons; the words of the mail say them in the reader's zone. The
reader is the only attendee: nobody's address is shown to anybody else.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from urllib.parse import quote

from icalendar import Calendar, Event, vCalAddress

from coaching.calendars import plain


class Method(StrEnum):
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True)
class Person:
    name: str
    address: str


@dataclass(frozen=True)
class Entry:
    """What a message says."""

    uid: str
    sequence: int
    starts_at: datetime
    minutes: int
    title: str
    about: str
    place: str
    organizer: Person
    reader: Person


def written(entry: Entry, method: Method, *, now: datetime) -> str:
    """The whole calendar object, lines folded and ended as RFC 5545 asks."""
    calendar = Calendar()
    calendar.add("PRODID", "-//Bosai//Call invitations//EN")
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", method.value)
    calendar.add_component(_event(entry, method, now))
    text: str = calendar.to_ical().decode()
    return text


def _event(entry: Entry, method: Method, now: datetime) -> Event:
    is_off = method is Method.CANCEL
    starts_at = entry.starts_at.astimezone(UTC)
    event = Event()
    event.add("UID", entry.uid)
    event.add("SEQUENCE", entry.sequence)
    event.add("DTSTAMP", now.astimezone(UTC))
    event.add("DTSTART", starts_at)
    event.add("DTEND", starts_at + timedelta(minutes=entry.minutes))
    event.add("SUMMARY", plain(entry.title))
    event.add("DESCRIPTION", plain(entry.about))
    if place := plain(entry.place):
        event.add("LOCATION", place)
    event.add("ORGANIZER", _person(entry.organizer))
    attendee = _person(entry.reader)
    for name, value in {
        "CUTYPE": "INDIVIDUAL",
        "ROLE": "REQ-PARTICIPANT",
        "PARTSTAT": "NEEDS-ACTION",
        "RSVP": "FALSE" if is_off else "TRUE",
    }.items():
        attendee.params[name] = value
    event.add("ATTENDEE", attendee)
    event.add("STATUS", "CANCELLED" if is_off else "CONFIRMED")
    event.add("TRANSP", "OPAQUE")
    return event


def _person(person: Person) -> vCalAddress:
    address = vCalAddress("mailto:" + quote(person.address, safe="@!$&'*+-/=._~"))
    # a name in a parameter can hold no quotation mark (RFC 5545, 3.2)
    address.params["CN"] = plain(person.name).replace('"', "'") or person.address
    return address
