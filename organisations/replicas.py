"""Reading from a replica: what counts much, and nothing else, where there is one that is fresh enough.

Only inside `reading()` does a query go there, behind the same wall, and nothing there can write. Whoever just
changed something reads what they changed: each change notes its place in the primary's log (`place`), and a
replica that has not come so far is not read.
"""

import logging
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, connections, transaction

from organisations import tenancy
from ui.waking import Breaker

log = logging.getLogger(__name__)
REPLICA = "replica"
LEFT_ALONE_SECONDS = 30
PLACE = re.compile(r"[0-9A-F]{1,8}/[0-9A-F]{1,8}\Z")
ANY = "0/0"  # every replica has come so far
UNREACHABLE, NO_REPLICA, UNKNOWN, BEHIND = "unreachable", "no replica", "unknown", "behind"
breaker = Breaker(LEFT_ALONE_SECONDS)
_from_replica: ContextVar[bool] = ContextVar("from_replica", default=False)


class Router:
    """Reads go to the replica inside `reading()`, everything else to the primary, whoever asks."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return REPLICA if _from_replica.get() else "default"

    def db_for_write(self, model: Any, **hints: Any) -> str:
        return "default"

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == "default"


@dataclass(frozen=True)
class Standing:
    """How far behind the replica is."""

    age: float | None = None
    """What it holds is at most so many seconds old; unknown when it cannot be told."""
    why_not: str = ""
    """Why it is not read; empty when it is."""
    holds_own: bool = True
    """Whether it holds what this person changed last."""

    @property
    def is_read(self) -> bool:
        return not self.why_not and self.holds_own


def is_set_up() -> bool:
    return REPLICA in connections.settings


def place() -> str:
    """How far the primary's log goes by now; what is committed stands before it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_insert_lsn()")
        return str(cursor.fetchone()[0])


def standing() -> Standing:
    """Asked now, for those who look after it."""
    try:
        primary = place()
        with transaction.atomic(using=REPLICA):
            return _standing(primary, ANY)
    except DatabaseError:
        leave_alone()
        return Standing(why_not=UNREACHABLE)


@contextmanager
def reading(changed_at: str = "") -> Iterator[Standing]:
    """Read from the replica inside, within the current organisation, if it `is_read`; else from the primary.

    `changed_at` is the place of this person's last change. What goes wrong while it is read is raised:
    see `leave_alone`.
    """
    if not is_set_up() or breaker.is_open:
        yield Standing(why_not=UNREACHABLE)
        return
    primary = place()
    own = changed_at if PLACE.match(changed_at) else (primary if changed_at else ANY)
    with ExitStack() as stack:
        try:
            stack.enter_context(transaction.atomic(using=REPLICA))
            found = _standing(primary, own)
            stack.enter_context(_in_force(found))
        except DatabaseError:
            leave_alone()
            found = Standing(why_not=UNREACHABLE)
        yield found


def leave_alone() -> None:
    """It failed: not asked again for a while, so that one page waits for it and the next ones do not."""
    breaker.failed()
    log.warning("the replica does not answer: everything is read from the primary for a while")
    connections[REPLICA].close()


_ASKED = """
    SELECT pg_is_in_recovery(),
           pg_last_wal_replay_lsn() >= %s::pg_lsn, pg_last_wal_replay_lsn() >= %s::pg_lsn,
           extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())"""


def _standing(primary: str, own: str) -> Standing:
    """One question: has it come as far as the primary; if not, when was the last change that it knows of."""
    with connections[REPLICA].cursor() as cursor:
        cursor.execute(_ASKED, [primary, own])
        is_replica, is_whole, holds_own, age = cursor.fetchone()
    if not is_replica:
        return Standing(why_not=NO_REPLICA)
    if is_whole:
        return Standing(age=0.0)
    if age is None:
        return Standing(why_not=UNKNOWN)
    seconds = max(0.0, float(age))
    why_not = BEHIND if seconds > settings.REPLICA_LAG else ""
    return Standing(age=seconds, why_not=why_not, holds_own=bool(holds_own))


@contextmanager
def _in_force(found: Standing) -> Iterator[None]:
    if not found.is_read:
        yield
        return
    with connections[REPLICA].cursor() as cursor:
        cursor.execute(
            "SELECT set_config('transaction_read_only', 'on', true),"
            " set_config('bosai.organisation', %s, true)",
            [str(tenancy.current_id())],
        )
    token = _from_replica.set(True)
    try:
        yield
    finally:
        _from_replica.reset(token)
