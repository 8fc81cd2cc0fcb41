"""When a call that was not taken is tried again. Ten tries over 75 hours, as Standard Webhooks advises."""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

WAITS = [
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
]
TRIES = len(WAITS) + 1
LONGEST_WISH = timedelta(hours=24)  # whatever Retry-After says
PAUSE = timedelta(minutes=1)  # for an address that did not answer: its other calls wait as well


def next_try(attempts: int, *, now: datetime, wish: timedelta | None = None) -> datetime | None:
    """When to try again after so many tries, not before what the receiver wishes; None: given up."""
    if attempts >= TRIES:
        return None
    return now + max(WAITS[attempts - 1], wish or timedelta())


def wished(retry_after: str, *, now: datetime) -> timedelta | None:
    """What Retry-After asks for: seconds or a date; None where it says nothing one can use."""
    text = retry_after.strip()
    if text.isascii() and text.isdecimal():
        wait = timedelta(seconds=min(int(text[:9]), int(LONGEST_WISH.total_seconds())))
    else:
        try:
            at = parsedate_to_datetime(text)
            wait = at - now
        except (ValueError, TypeError):
            return None
    return min(max(wait, timedelta()), LONGEST_WISH)
