"""How often a door may be tried: counted in the database, so that every process counts the same.

A try is counted before it is answered and given back when it was right; guesses side by side find no gap.
Counted per network address first, then per account as typed, lower-cased, known or not: the answer tells
nothing about who has an account. A window begins with its first try and ends by itself.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from django.db import connection
from django.db.models import F
from django.utils.crypto import salted_hmac

from organisations.models import Attempts
from organisations.sets import as_read, as_stored


@dataclass(frozen=True)
class Limit:
    """So many tries in so many minutes."""

    tries: int
    minutes: int


@dataclass(frozen=True)
class Door:
    """Something strangers can try, and how often, from one address and at one account."""

    name: str
    address: Limit
    account: Limit | None = None
    is_members: bool = True
    """Whether those who stand there have an account."""


SIGN_IN = Door("sign-in", address=Limit(30, 10), account=Limit(10, 15))
CODE = Door("code", address=Limit(30, 10), account=Limit(5, 10))
PASSKEY = Door("passkey", address=Limit(30, 10))
CHALLENGE = Door("challenge", address=Limit(60, 10))
RESET = Door("reset", address=Limit(10, 60), account=Limit(3, 60))
NEW_LINK = Door("new link", address=Limit(20, 60), account=Limit(3, 60), is_members=False)
LINK = Door("link", address=Limit(30, 10))  # what links from mails and from the terminal open
INTAKE = Door("intake", address=Limit(3000, 1), is_members=False)  # requests of one write key

UPSERT = """
    INSERT INTO organisations_attempts AS kept (key, count, ends_at) VALUES (%s, 1, %s)
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN kept.ends_at <= %s THEN 1 ELSE kept.count + 1 END,
        ends_at = CASE WHEN kept.ends_at <= %s THEN excluded.ends_at ELSE kept.ends_at END
    RETURNING count, ends_at"""


class TooOften(Exception):
    """Wait `seconds`, then try again. Nothing was changed."""

    def __init__(self, door: Door, seconds: int) -> None:
        super().__init__(f"{door.name}: try again in {seconds} s")
        self.door, self.seconds = door, seconds


def take(door: Door, *, address: str | None, account: str = "", now: datetime) -> list[str]:
    """Count a try; the keys it was counted under. Raises TooOften."""
    counted = [_count(door, "address", _network(address or ""), door.address, now)]
    if door.account and account:
        counted.append(_count(door, "account", account.strip().lower(), door.account, now))
    return counted


def give_back(keys: list[str], *, now: datetime) -> None:
    """The try was right: it does not count."""
    Attempts.objects.filter(pk__in=keys, count__gt=0, ends_at__gt=now).update(count=F("count") - 1)


def sweep(*, now: datetime) -> int:
    """Windows that have ended, cleared away."""
    return Attempts.objects.filter(ends_at__lte=now).delete()[0]


def _count(door: Door, what: str, value: str, limit: Limit, now: datetime) -> str:
    key = salted_hmac("organisations.limits", f"{door.name}:{what}:{value}", algorithm="sha256").hexdigest()
    at, end = as_stored(now), as_stored(now + timedelta(minutes=limit.minutes))
    with connection.cursor() as cursor:
        cursor.execute(UPSERT, [key, end, at, at])
        count, ends_at = cursor.fetchone()
    if count > limit.tries:
        raise TooOften(door, max(1, round((as_read(ends_at) - now).total_seconds())))
    return key


def _network(address: str) -> str:
    """What one person may hold: an address, or with IPv6 the network of a household."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    if ip.version == 6 and ip.ipv4_mapped:
        return str(ip.ipv4_mapped)
    return str(ip) if ip.version == 4 else str(ip_network(f"{ip}/64", strict=False))
