"""One cell's text → one value. Pure: knows nothing of rows, mappings or the database.

Every function takes stripped, non-empty text and raises Unreadable with a reason written for the person
who has to correct the file. Values come back as JSON can hold them: text, numbers, booleans, ISO dates.
"""

import math
import re
import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

YES = frozenset(["true", "yes", "y", "1", "x", "on"])
NO = frozenset(["false", "no", "n", "0", "off", "-"])
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})?\Z")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
CURRENCY = re.compile(r"[A-Z]{3}\Z")
LARGEST_AMOUNT = 10**18  # in ten-thousandths; sums of many still fit the database's whole numbers
LARGEST_COUNT = 1_000_000
INTERVALS = {
    "week": ("week", "weekly"),
    "month": ("month", "monthly"),
    "quarter": ("quarter", "quarterly"),
    "half-year": ("half-year", "half-yearly", "semiannual", "semi-annual"),
    "year": ("year", "yearly", "annual", "annually"),
}


class Unreadable(ValueError):
    """A cell that cannot be understood; its text says why."""


@dataclass(frozen=True)
class Manner:
    """How a column writes its values."""

    zone: ZoneInfo
    date_format: str = ""
    days_from: date | None = None
    decimal: str = "."
    thousands: str = ""


type Parser = Callable[[str, Manner], str | float | bool]


def text(longest: int) -> Parser:
    def parse(cell: str, manner: Manner) -> str:
        if len(cell) > longest:
            raise Unreadable(
                _("is %(length)s characters long; at most %(longest)s fit")
                % {"length": len(cell), "longest": longest}
            )
        return cell

    return parse


def number(cell: str, manner: Manner) -> float:
    bare = _bare(cell, manner)
    try:
        value = float(bare)
    except ValueError:
        raise Unreadable(_("is not a number")) from None
    if not math.isfinite(value) or "_" in bare:
        raise Unreadable(_("is not a number"))
    return value


def whole(cell: str, manner: Manner) -> int:
    """A count: 0, 1, 2 …"""
    value = number(cell, manner)
    if value < 0 or value > LARGEST_COUNT or not value.is_integer():
        raise Unreadable(_("is not a whole number from 0 on"))
    return int(value)


def minutes(cell: str, manner: Manner) -> float:
    value = number(cell, manner)
    if not 0 <= value <= LARGEST_COUNT:
        raise Unreadable(_("is not a number of minutes"))
    return value


def money(cell: str, manner: Manner) -> int:
    """An amount in ten-thousandths of the currency's unit, exact: nothing is rounded here."""
    try:
        value = Decimal(_bare(cell, manner))
    except InvalidOperation:
        raise Unreadable(_("is not an amount: digits and a decimal sign, without a currency")) from None
    if not value.is_finite() or "_" in cell:
        raise Unreadable(_("is not an amount: digits and a decimal sign, without a currency"))
    if abs(value) * 10_000 >= LARGEST_AMOUNT:
        raise Unreadable(_("is too large for an amount"))
    exact = value * 10_000
    if exact != exact.to_integral_value():
        raise Unreadable(_("has more than four decimals; amounts are kept to the ten-thousandth"))
    return int(exact)


def currency(cell: str, manner: Manner) -> str:
    """The code of three letters, as in ISO 4217."""
    if not CURRENCY.match(cell.upper()):
        raise Unreadable(_("is not a currency code like EUR"))
    return cell.upper()


def interval(cell: str, manner: Manner) -> str:
    for name, words in INTERVALS.items():
        if cell.casefold() in words:
            return name
    raise Unreadable(_("is none of week, month, quarter, half-year and year"))


def _bare(cell: str, manner: Manner) -> str:
    """A number with a decimal point and nothing between its digits."""
    bare = cell.replace(manner.thousands, "") if manner.thousands else cell
    bare = bare.replace(" ", "").replace("\u00a0", "").replace("\u202f", "")
    if manner.decimal != ".":
        if "." in bare:
            raise Unreadable(_("has a point, though the decimal sign is “%s”") % manner.decimal)
        bare = bare.replace(manner.decimal, ".")
    elif "," in bare:
        raise Unreadable(_("has a comma: say in the mapping whether it is the decimal or the thousands sign"))
    return bare


def day(cell: str, manner: Manner) -> str:
    """The ISO date."""
    if manner.days_from is not None:
        found = _counted(cell, manner.days_from)
    else:
        try:
            found = _read_moment(cell, manner).date()
        except ValueError:
            raise Unreadable(_not_a_date(manner)) from None
    if not _is_plausible(found):
        raise Unreadable(_not_a_date(manner))
    return found.isoformat()


def moment(cell: str, manner: Manner) -> str:
    """The ISO time in UTC; without a time of day it is midnight, without a zone the organisation's."""
    if manner.days_from is not None:
        return _in_utc(datetime.combine(_counted(cell, manner.days_from), time()), manner.zone)
    try:
        return _in_utc(_read_moment(cell, manner), manner.zone)
    except (ValueError, OverflowError):
        raise Unreadable(_not_a_date(manner)) from None


def yes_no(cell: str, manner: Manner) -> bool:
    lowered = cell.casefold()
    if lowered in YES:
        return True
    if lowered in NO:
        return False
    raise Unreadable(_("is neither yes nor no"))


def address(cell: str, manner: Manner) -> str:
    if len(cell) > 254:
        raise Unreadable(_("is too long for an e-mail address"))
    try:
        validate_email(cell)
    except ValidationError:
        raise Unreadable(_("is not an e-mail address")) from None
    return cell


def zone(cell: str, manner: Manner) -> str:
    if cell not in _zones():
        raise Unreadable(_("is not a time zone like Europe/Amsterdam"))
    return cell


def language(cell: str, manner: Manner) -> str:
    if not LANGUAGE.match(cell) or len(cell) > 10:
        raise Unreadable(_("is not a language code like en or pt-BR"))
    return cell


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


@lru_cache(maxsize=4096)
def _counted(cell: str, zero: date) -> date:
    try:
        return zero + timedelta(days=int(cell))
    except (ValueError, OverflowError):
        raise Unreadable(_("is not a whole number of days")) from None


def _read_moment(cell: str, manner: Manner) -> datetime:
    """By the format given; else 2026-02-25, with or without time and zone. Raises ValueError."""
    if manner.date_format:
        return datetime.strptime(cell, manner.date_format)  # noqa: DTZ007
    if not DAY.match(cell[:10]):
        raise ValueError(cell)
    return datetime.fromisoformat(cell)


@lru_cache(maxsize=4096)
def _is_plausible(day: date) -> bool:
    """Nothing here happened outside these years, and a zone's offset cannot carry it out of the calendar."""
    return 1900 <= day.year <= 2200


def _in_utc(found: datetime, zone: ZoneInfo) -> str:
    if not _is_plausible(found):
        raise ValueError(found)
    if found.tzinfo is None:
        found = found.replace(tzinfo=zone)
    return found.astimezone(zoneinfo.ZoneInfo("UTC")).isoformat()


def _not_a_date(manner: Manner) -> str:
    if manner.date_format:
        return _("is not a date in the form %s") % manner.date_format
    return _("is not a date like 2026-02-25; another form needs date_format in the mapping")
