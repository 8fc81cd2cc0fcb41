"""What the two databases say differently about times, numbers and flags."""

from django.db import connection


def later(moment: str, days: str) -> str:
    """A moment so many times 24 hours later. SQLite's text keeps its fraction of a second as it is."""
    if connection.vendor == "postgresql":
        return f"({moment} + {days} * interval '24 hours')"
    return f"(datetime(substr({moment}, 1, 19), '+' || {days} || ' days') || substr({moment}, 20))"


def days_between(earlier: str, moment: str) -> str:
    """How many times 24 hours lie between, for people to read: never compared with."""
    if connection.vendor == "postgresql":
        return f"CAST(EXTRACT(EPOCH FROM {moment} - {earlier}) / 86400 AS double precision)"
    return f"(julianday({moment}) - julianday({earlier}))"


def typed(column: str, kind: str) -> str:
    """PostgreSQL takes an untyped NULL for text; SQLite does not mind."""
    return f"CAST({column} AS {kind})" if connection.vendor == "postgresql" else column
