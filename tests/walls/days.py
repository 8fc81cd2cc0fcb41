"""Days from now: the rows of the lived-in organisation are dated from now as well."""

from datetime import UTC, datetime, time, timedelta


def day(away: int) -> str:
    """So many days from today."""
    return (datetime.now(UTC).date() + timedelta(days=away)).isoformat()


def next_monday(hour: int) -> datetime:
    """The coming one, never today, at that hour."""
    today = datetime.now(UTC).date()
    return datetime.combine(today + timedelta(days=7 - today.weekday()), time(hour), tzinfo=UTC)
