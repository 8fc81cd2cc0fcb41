"""Times and days written for people, in the reader's zone. The exact time stands beside them for machines."""

from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.timezone import is_aware, localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

NEAR_DAYS = 6  # within these the weekday says more than the number


def local(at: datetime) -> datetime:
    """The moment in the reader's zone."""
    return localtime(at) if is_aware(at) else at


def clock_words(at: datetime) -> str:
    """The time of day: "09:05"."""
    return date_format(local(at), pgettext("time of day", "H:i"))


def when_words(at: datetime, *, now: datetime) -> str:
    """ "today 11:00", "Fri 6 March, 09:05", "26 February, 09:05", "9 October 2025"."""
    there, here = local(at), local(now)
    near = _neighbour(there.date(), here.date())
    if near:
        return f"{near} {clock_words(at)}"
    if there.year != here.year and abs((there.date() - here.date()).days) > NEAR_DAYS:
        return day_words(there.date(), today=here.date())
    return _("%(day)s, %(time)s") % {
        "day": day_words(there.date(), today=here.date()),
        "time": clock_words(at),
    }


def day_words(day: date, *, today: date) -> str:
    """ "today", "Fri 6 March", "26 February", "9 October 2025"."""
    near = _neighbour(day, today)
    if near:
        return near
    if abs((day - today).days) <= NEAR_DAYS:
        return date_format(day, pgettext("day nearby", "D j F"))
    if day.year == today.year:
        return date_format(day, pgettext("day this year", "j F"))
    return date_format(day, pgettext("day of another year", "j F Y"))


def short_day(day: date, *, today: date) -> str:
    """For beneath a stone: "14 Nov", or "3 Jun 2025" in another year, unless that is near."""
    if day.year == today.year or abs((day - today).days) < 183:
        return date_format(day, pgettext("short day", "j M"))
    return date_format(day, pgettext("short day of another year", "j M Y"))


def full_day(day: date) -> str:
    """For a heading: "Thursday 12 March"."""
    return date_format(day, pgettext("day in a heading", "l j F"))


def full_date(day: date) -> str:
    """For hovering: "Friday 6 March 2026"."""
    return date_format(day, pgettext("exact day", "l j F Y"))


def exact_words(at: datetime) -> str:
    """For hovering: "Friday 6 March 2026, 09:05:12 CET"."""
    return date_format(local(at), pgettext("exact time", "l j F Y, H:i:s T"))


def _neighbour(day: date, today: date) -> str:
    names = {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}
    return names.get((day - today).days, "")
