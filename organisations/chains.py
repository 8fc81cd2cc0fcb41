"""The chain of seals over the log: what is hashed, and what does not fit. Knows no database.

A seal holds the hashes of some events and of the seal before it. An event that is changed, swapped or taken
away does not fit its seal any more; seals that are made anew do not fit the heads that were kept elsewhere.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

LATE = timedelta(days=1)
"""No transaction is open for so long: an event sealed later than this was not written when it says."""
FIELDS = ("id", "at", "recorded_at", "actor_id", "verb", "subject_type", "subject_id", "customer_id", "data")

type Line = tuple[int, str]  # an event's id and hash


@dataclass(frozen=True)
class Sealed:
    number: int
    sealed_at: datetime
    lines: Sequence[Line]
    previous: str
    head: str


@dataclass(frozen=True)
class Head:
    """What was kept elsewhere: the chain came so far, and its head was this."""

    number: int
    head: str


class Kind(StrEnum):
    CHANGED = "was changed"
    MISSING = "is missing"
    OUTSIDE = "is in no seal"
    BACKDATED = "was added later than it says"
    BROKEN = "does not hold together"
    GAP = "is missing, or out of turn"
    CUT = "was there, and the chain ends before it"
    OTHER = "was another one when it was noted outside the database"


@dataclass(frozen=True)
class Fault:
    kind: Kind
    number: int | None = None
    """Of the seal."""
    event_id: int | None = None

    def __str__(self) -> str:
        about = f"seal {self.number}" if self.event_id is None else f"event {self.event_id}"
        return f"{about} {self.kind}"


def digest(event: Any) -> str:
    """Of everything an event says. `event` has its fields as attributes, times with their zone."""
    return _hash([_plain(getattr(event, name)) for name in FIELDS])[:32]


def head_of(*, number: int, sealed_at: datetime, lines: Sequence[Line], previous: str) -> str:
    return _hash([number, _plain(sealed_at), [list(line) for line in lines], previous])[:40]


def _head(seal: Sealed, lines: list[Line]) -> str:
    return head_of(number=seal.number, sealed_at=seal.sealed_at, lines=lines, previous=seal.previous)


def faults(events: Iterable[Any], seals: Iterable[Sealed], heads: Iterable[Head] = ()) -> Iterator[Fault]:
    """Everything that does not fit. Events in any order, seals by number, heads as they were noted."""
    digests: dict[int, str] = {}
    recorded: dict[int, datetime] = {}
    for event in events:
        digests[event.id], recorded[event.id] = digest(event), event.recorded_at
    known: dict[int, str] = {}
    seen: set[int] = set()
    before, round_at, last_at = "", None, None
    for turn, seal in enumerate(seals, start=1):
        if seal.number != turn:
            yield Fault(Kind.GAP, number=turn)
            break
        lines = [(int(pk), str(text)) for pk, text in seal.lines]
        if seal.previous != before or seal.head != _head(seal, lines):
            yield Fault(Kind.BROKEN, number=seal.number)
        if last_at is not None and seal.sealed_at > last_at:
            round_at = last_at  # the seals of one round share their time
        for pk, text in lines:
            seen.add(pk)
            if pk not in digests:
                yield Fault(Kind.MISSING, seal.number, pk)
            elif digests[pk] != text:
                yield Fault(Kind.CHANGED, seal.number, pk)
            elif round_at is not None and recorded[pk] < round_at - LATE:
                yield Fault(Kind.BACKDATED, seal.number, pk)
        before, last_at, known[seal.number] = seal.head, seal.sealed_at, seal.head
    if last_at is not None:
        old = last_at - LATE
        yield from (
            Fault(Kind.OUTSIDE, None, pk) for pk, at in recorded.items() if pk not in seen and at < old
        )
    for head in heads:
        if head.number not in known:
            yield Fault(Kind.CUT, number=head.number)
        elif known[head.number] != head.head:
            yield Fault(Kind.OTHER, number=head.number)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value


def _hash(values: list[Any]) -> str:
    text = json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()
