"""What runs for every single mail, written out as SQL: building it through the ORM took longer than SMTP.

A claim, then five statements in two transactions. They do what `post.leases.write` and `Organisation.log`
do, and name the organisation, the lease token and the expected state as those do.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.transaction import get_connection

from organisations.models import Event
from post.models import Delivery, Installation, Link, Recipient

_CLOCK = {  # the database's own, so many seconds from now
    "sqlite": "strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now', '+{seconds} seconds')",
    "postgresql": "statement_timestamp() + interval '{seconds} seconds'",
}
_CLAIM = """
    UPDATE {delivery} SET lease_token = %s, lease_until = {later}
    WHERE organisation_id = %s AND id = %s AND state = 'pending'
        AND (lease_until IS NULL OR lease_until < {now})
"""
_BEGIN = """
    UPDATE {delivery} SET state = 'sending', attempts = attempts + 1, lease_until = {later},
        first_tried_at = coalesce(first_tried_at, %s)
    WHERE organisation_id = %s AND id = %s AND lease_token = %s AND state = 'pending' AND EXISTS (
        SELECT 1 FROM {recipient} r WHERE r.id = {delivery}.recipient_id
        AND r.organisation_id = {delivery}.organisation_id AND r.wish = 'all'
        AND r.opted_out_at IS NULL AND r.bounced_at IS NULL AND r.quiet_from IS NULL)
"""
_CONCLUDE = """
    UPDATE {delivery} SET state = 'sent', reason = %s, sent_at = %s, lease_token = NULL, lease_until = NULL
    WHERE organisation_id = %s AND id = %s AND lease_token = %s AND state = 'sending'
"""
_KEEP = """
    INSERT INTO {link} (organisation_id, purpose, subject_id, address, token_hash,
        made_at, expires_at, made_by_id, is_demo)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
_LOG = """
    INSERT INTO {event} (organisation_id, at, recorded_at, verb, subject_type, subject_id, customer_id, data)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
"""
_COUNT = "UPDATE {installation} SET sends = sends + 1 RETURNING sends"
_LABEL = Delivery._meta.label_lower


def claim(organisation_id: int, ids: Iterable[int], *, token: UUID, lease_seconds: int) -> None:
    """Take those of the deliveries that are pending and free: each one row or nothing."""
    database = get_connection()
    rows = [(_token(token, database), organisation_id, pk) for pk in ids]
    with database.cursor() as cursor:
        cursor.executemany(_filled(_CLAIM, database.vendor, lease_seconds), rows)


@dataclass(frozen=True)
class NewLink:
    """A link on its way into its table; the token itself goes into the mail only."""

    token: str
    purpose: str
    subject_id: int | None
    address: str
    token_hash: str
    made_at: datetime
    expires_at: datetime
    made_by_id: int | None = None
    is_demo: bool = False


def begin_if_nothing_speaks_against(
    delivery: Delivery, links: Iterable[NewLink], *, lease_seconds: int, now: datetime
) -> bool:
    """Write `sending` for a delivery of ours whose recipient takes every mail at every hour; keep its links.

    False says only that there is something to look at: a wish, quiet hours, or a lease that was lost.
    """
    database = get_connection()
    with database.cursor() as cursor:
        cursor.execute(
            _filled(_BEGIN, database.vendor, lease_seconds), [_time(now, database), *_row(delivery, database)]
        )
        if cursor.rowcount != 1:
            return False
        cursor.executemany(
            _filled(_KEEP, database.vendor), _values(links, delivery.organisation_id, database)
        )
    return True


def count_send() -> int:
    """One more send is begun; its number. Last in its transaction: whoever comes next waits for this row."""
    database = get_connection()
    with database.cursor() as cursor:
        cursor.execute(_filled(_COUNT, database.vendor))
        row = cursor.fetchone()
    return row[0] if row else 0


def conclude(delivery: Delivery, *, words: str, now: datetime) -> bool:
    """Write `sent`, what the server said, and the event; False when the row is somebody else's by now."""
    database = get_connection()
    at = _time(now, database)
    with database.cursor() as cursor:
        cursor.execute(_filled(_CONCLUDE, database.vendor), [words[:500], at, *_row(delivery, database)])
        if cursor.rowcount != 1:
            return False
        cursor.execute(_filled(_LOG, database.vendor), _event("mail_sent", delivery, at))
    return True


def keep(links: Iterable[NewLink], *, organisation_id: int) -> None:
    """Store links, without their tokens."""
    database = get_connection()
    with database.cursor() as cursor:
        cursor.executemany(_filled(_KEEP, database.vendor), _values(links, organisation_id, database))


def log(verb: str, delivery: Delivery, *, now: datetime) -> None:
    """Append an event about a delivery, as `Organisation.log` does."""
    database = get_connection()
    with database.cursor() as cursor:
        cursor.execute(_filled(_LOG, database.vendor), _event(verb, delivery, _time(now, database)))


def _values(links: Iterable[NewLink], organisation_id: int, database: BaseDatabaseWrapper) -> list[Any]:
    return [
        (
            *(organisation_id, link.purpose, link.subject_id, link.address, link.token_hash),
            *(_time(link.made_at, database), _time(link.expires_at, database)),
            *(link.made_by_id, link.is_demo),
        )
        for link in links
    ]


def _event(verb: str, delivery: Delivery, at: Any) -> list[Any]:
    data = json.dumps({"purpose": delivery.purpose})
    return [delivery.organisation_id, at, at, verb, _LABEL, delivery.pk, delivery.customer_id, data]


def _row(delivery: Delivery, database: BaseDatabaseWrapper) -> list[Any]:
    return [delivery.organisation_id, delivery.pk, _token(delivery.lease_token, database)]


def _time(at: datetime, database: BaseDatabaseWrapper) -> Any:
    return database.ops.adapt_datetimefield_value(at)


def _token(token: UUID | None, database: BaseDatabaseWrapper) -> Any:
    field: Any = Delivery._meta.get_field("lease_token")
    return field.get_db_prep_value(token, database)


@cache
def _filled(sql: str, vendor: str, seconds: int = 0) -> str:
    """With the names of tables and the database's clock."""
    tables = {
        str(model._meta.model_name): model._meta.db_table
        for model in (Delivery, Recipient, Link, Event, Installation)
    }
    clock = _CLOCK[vendor]
    return sql.format(later=clock.format(seconds=seconds), now=clock.format(seconds=0), **tables)
