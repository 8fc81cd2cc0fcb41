"""How often a door may be tried: counted in the database, so that every process counts the same.

A try is counted before it is answered and given back when it was right; guesses side by side find no gap.
Counted per network address first, then per account as typed, lower-cased, known or not: the answer tells
nothing about who has an account. A window begins with its first try and ends by itself.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from math import ceil

from django.db import connection
from django.db.models import F
from django.utils.crypto import salted_hmac

from organisations.models import Attempts
from organisations.patience import try_now
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
REFERRAL = Door("referral", address=Limit(10, 60), account=Limit(60, 60), is_members=False)
OPENING = Door("opening", address=Limit(60, 10), account=Limit(600, 60), is_members=False)
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
    key = _key(door.name, what, value)
    count, ends_at = _one_more(key, limit, now)
    if count > limit.tries:
        raise TooOften(door, max(1, round((ends_at - now).total_seconds())))
    return key


def _key(name: str, what: str, value: str) -> str:
    return salted_hmac("organisations.limits", f"{name}:{what}:{value}", algorithm="sha256").hexdigest()


def _one_more(key: str, limit: Limit, now: datetime) -> tuple[int, datetime]:
    """How often by now, and when the window ends."""
    at, end = as_stored(now), as_stored(now + timedelta(minutes=limit.minutes))
    with connection.cursor() as cursor:
        cursor.execute(UPSERT, [key, end, at, at])
        count, ends_at = cursor.fetchone()
    return count, as_read(ends_at)


def _network(address: str) -> str:
    """What one person may hold: an address, or with IPv6 the network of a household."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    if ip.version == 6 and ip.ipv4_mapped:
        return str(ip.ipv4_mapped)
    return str(ip) if ip.version == 4 else str(ip_network(f"{ip}/64", strict=False))


@dataclass(frozen=True)
class Spent:
    """What is left of a limit after one more was asked for, and when it begins anew."""

    limit: int
    left: int
    seconds: int
    is_over: bool


def spend(name: str, value: str, limit: Limit, *, now: datetime) -> Spent:
    """Count one more of what anybody may do so often. What is over is not counted, and costs one look."""
    key = _key(name, "spent", value)
    row = Attempts.objects.filter(pk=key, ends_at__gt=now).first()
    count, end = (row.count, row.ends_at) if row else (0, now + timedelta(minutes=limit.minutes))
    is_over = count >= limit.tries
    if not is_over:
        found: list[tuple[int, datetime]] = []
        if try_now(lambda: found.append(_one_more(key, limit, now))):
            count, end = found[0]
            is_over = count > limit.tries
    seconds = max(1, ceil((end - now).total_seconds()))
    return Spent(limit.tries, max(0, limit.tries - count), seconds, is_over)
