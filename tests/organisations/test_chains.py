"""The log cannot be changed unnoticed: 1,000 tamperings of eleven kinds, each of them found.

With a log of forty events and eight seals as the database gives it, and heads that were noted outside.
"""

import copy
import random
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from organisations import chains
from organisations.chains import Head, Sealed

HOUR = timedelta(hours=1)
ROUNDS = 1_000
START = datetime(2026, 3, 1, tzinfo=UTC)
type Log = tuple[list[Any], list[Sealed], list[Head]]


def written(chance: random.Random) -> Log:
    events = [
        SimpleNamespace(
            id=number,
            at=START + number * HOUR,
            recorded_at=START + number * HOUR,
            actor_id=chance.choice([None, 7, 8]),
            verb=chance.choice(["call_noted", "milestone_achieved"]),
            subject_type="coaching.call",
            subject_id=number,
            customer_id=number % 5,
            data={"n": number, "words": ["a", {"b": 0.1}]},
        )
        for number in range(1, 41)
    ]
    return events, resealed(events, [], 0), []


def resealed(events: list[Any], seals: list[Sealed], since: int) -> list[Sealed]:
    """Who may do everything makes the seals anew, from the one after `since` on, as we would."""
    made = seals[:since]
    for start in range(since * 5, len(events), 5):
        part = events[start : start + 5]
        lines = [(event.id, chains.digest(event)) for event in part]
        previous = made[-1].head if made else ""
        given = {"number": len(made) + 1, "sealed_at": START + (start + 6) * HOUR, "lines": lines}
        made.append(Sealed(previous=previous, head=chains.head_of(**given, previous=previous), **given))
    return made


def edit(chance: random.Random, event: Any) -> None:
    name = chance.choice(chains.FIELDS[1:])
    value = getattr(event, name)
    if isinstance(value, datetime):
        value += timedelta(microseconds=chance.choice([1, -1, 10**9]))
    elif isinstance(value, dict):
        value = value | chance.choice([{"n": -1}, {"more": None}, {"words": ["a", {"b": 0.10000001}]}])
    elif isinstance(value, str):
        value += chance.choice(" x")
    else:
        value = (value or 0) + 1
    setattr(event, name, value)


def tampered(chance: random.Random, log: Log) -> tuple[str, Log]:
    """One change that somebody with all rights could make, whole enough to look well."""
    events, seals, _none = copy.deepcopy(log)
    noted = [Head(seal.number, seal.head) for seal in seals if chance.random() < 0.3] + [
        Head(8, seals[-1].head)
    ]
    one, other = chance.sample(range(len(events)), 2)
    place = chance.randrange(len(seals))
    kind = chance.choice([
        "edit", "swap", "swap ids", "delete", "add", "lose a seal", "swap seals", "mend a line", "make anew",
        "cut", "cut and go on",
    ])  # fmt: skip
    match kind:
        case "edit":
            edit(chance, events[one])
        case "swap":
            first, second = events[one], events[other]
            events[one], events[other] = second, first
            first.id, second.id = second.id, first.id
        case "swap ids":
            events[one].id, events[other].id = events[other].id, events[one].id
        case "delete":
            del events[one]
        case "add":
            event = copy.deepcopy(events[one])
            event.id = chance.choice([0, 41, 10**6])
            event.recorded_at = START - timedelta(days=2)
            events.append(event)
        case "lose a seal":
            del seals[place]
        case "swap seals":
            beside = (place + 1) % len(seals)
            seals[place], seals[beside] = seals[beside], seals[place]
        case "mend a line":
            edit(chance, events[one])
            lines = [(e.id, chains.digest(e)) for e in events[one // 5 * 5 : one // 5 * 5 + 5]]
            old = seals[one // 5]
            seals[one // 5] = Sealed(old.number, old.sealed_at, lines, old.previous, old.head)
        case "make anew":
            edit(chance, events[one])
            seals = resealed(events, seals, one // 5)
        case "cut":
            seals, events = seals[:place], events[: place * 5]
        case "cut and go on":
            events = events[: place * 5] + events[place * 5 + 1 :]
            seals = resealed(events, seals, place)
    return kind, (events, seals, noted)


@pytest.mark.once
def test_every_tampering_is_found() -> None:
    chance = random.Random(20_261_125)
    log = written(chance)
    assert list(chains.faults(log[0], log[1], [Head(8, log[1][-1].head)])) == []
    tried: dict[str, int] = {}
    for turn in range(ROUNDS):
        kind, (events, seals, noted) = tampered(chance, log)
        faults = list(chains.faults(events, seals, noted))
        assert faults, f"{kind}, in turn {turn}"
        tried[kind] = tried.get(kind, 0) + 1
        assert all(str(fault) for fault in faults)
    assert len(tried) == 11
    assert sum(tried.values()) == ROUNDS
