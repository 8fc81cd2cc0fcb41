"""Calls as a calendar program reads them (RFC 5545). Pure: no database, no clock.

Times are written in UTC: an hour that a zone has twice, or not at all, cannot be misread, and no rule of
daylight saving has to travel along. The program shows them in its reader's zone.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from icalendar import Calendar, Event
from icalendar.prop import vDuration, vUri

TYPE = "text/calendar; charset=utf-8"
ASK_AGAIN = timedelta(minutes=30)
UNWRITABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
"""Characters that RFC 5545 allows in no text, those that some programs take for the end of a line, and halves
of characters, which no file can hold."""


@dataclass(frozen=True)
class Appointment:
    """One call: from when, how long, with whom, and the page to write it down on."""

    uid: str
    starts_at: datetime
    minutes: int
    title: str
    about: str
    url: str
    place: str = ""


@dataclass(frozen=True)
class Listing:
    """A calendar with all that stands in it now."""

    name: str
    zone: str
    appointments: tuple[Appointment, ...]

    @property
    def mark(self) -> str:
        """The same as long as the same stands in it: an ETag. Weak: each answer notes its own time."""
        return f'W/"{sha256(repr(self).encode()).hexdigest()[:32]}"'


def written(listing: Listing, *, now: datetime) -> bytes:
    """The whole file. It replaces the one before, so what is no longer planned is gone from it."""
    calendar = Calendar()
    calendar.add("PRODID", "-//Bosai//Planned calls//EN")
    calendar.add("VERSION", "2.0")
    calendar.add("METHOD", "PUBLISH")
    for name in ("NAME", "X-WR-CALNAME"):  # RFC 7986, and what programs read that are older
        calendar.add(name, plain(listing.name))
    calendar.add("X-WR-TIMEZONE", listing.zone)
    calendar.add("REFRESH-INTERVAL", vDuration(ASK_AGAIN), parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", vDuration(ASK_AGAIN))
    for event in _events(listing.appointments, now=now):
        calendar.add_component(event)
    return calendar.to_ical()


def _events(appointments: Iterable[Appointment], *, now: datetime) -> Iterable[Event]:
    for each in appointments:
        starts_at = each.starts_at.astimezone(UTC)
        event = Event()
        event.add("UID", each.uid)
        event.add("DTSTAMP", now.astimezone(UTC))
        event.add("DTSTART", starts_at)
        event.add("DTEND", starts_at + timedelta(minutes=each.minutes))
        event.add("SUMMARY", plain(each.title))
        event.add("DESCRIPTION", "\n".join(filter(None, (plain(each.about), each.url))))
        if place := plain(each.place):
            event.add("LOCATION", place)
        event.add("URL", vUri(each.url))
        yield event


def plain(text: str) -> str:
    """On one line, without what a calendar cannot hold."""
    return UNWRITABLE.sub(" ", text).strip()
