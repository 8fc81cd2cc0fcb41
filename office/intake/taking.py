"""One pass: messages in, customers, people and readings written, milestones judged, celebrations queued."""

import logging
from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.db import IntegrityError, transaction

from advocacy import celebrating
from customers import recording
from milestones.judging import judge
from office.importing.kinds.base import Job
from office.intake import counting, people
from office.intake.messages import Message
from office.models import IncomingEvent
from organisations.inserting import insert
from organisations.models import Organisation, User

log = logging.getLogger(__name__)
AT_ONCE = 1000  # waiting ones looked at again in one transaction
State, Waits = IncomingEvent.State, IncomingEvent.Waits
FIELDS = tuple(field.attname for field in IncomingEvent._meta.concrete_fields if not field.primary_key)


def take(
    messages: Sequence[Message],
    *,
    organisation: Organisation,
    now: datetime,
    by: User | None,
    history: bool = False,
) -> int:
    """Everything in one transaction; how many messages were new. Sent again, they change nothing."""
    try:
        with transaction.atomic():
            new, achieved = _take(messages, organisation, now, by, history)
    except IntegrityError:
        # Somebody stored one of these a moment ago; now it can be seen.
        with transaction.atomic():
            new, achieved = _take(messages, organisation, now, by, history)
    _celebrate(organisation, achieved, now=now)
    return new


def replay(*, organisation: Organisation, now: datetime, by: User | None, name: str | None = None) -> int:
    """What waits, looked at again (of this name, or all); how many found what they waited for."""
    found, last = 0, 0
    while True:
        with transaction.atomic():
            waiting = IncomingEvent.objects.waiting().filter(pk__gt=last)
            if name is not None:
                waiting = waiting.filter(name=name)
            events = list(waiting.select_for_update().order_by("pk")[:AT_ONCE])
            if not events:
                return found
            last = events[-1].pk
            achieved = _look_again(events, organisation, now, by)
            found += sum(event.state != State.WAITING for event in events)
        _celebrate(organisation, achieved, now=now)


def _take(
    messages: Sequence[Message], organisation: Organisation, now: datetime, by: User | None, history: bool
) -> tuple[int, list[int]]:
    new = {message.message_id: message for message in reversed(messages)}  # the first of several counts
    seen = IncomingEvent.objects.filter(message_id__in=new).values_list("message_id", flat=True)
    for message_id in seen:
        del new[message_id]
    events = [_event(each, organisation, now, history) for each in reversed(new.values())]
    achieved = _settle(events, organisation, now, by)
    insert(IncomingEvent, FIELDS, map(attrgetter(*FIELDS), events))
    linked = {event.user_key for event in events if event.kind == "group" and event.user_key}
    groups = {event.customer_key for event in events if event.kind == "group"}
    if linked or groups:
        achieved += _look_again(_freed(linked, groups), organisation, now, by)
    return len(events), achieved


def _event(message: Message, organisation: Organisation, now: datetime, history: bool) -> IncomingEvent:
    data: dict[str, Any] = {"numbers": message.numbers, "traits": message.traits}
    data = {name: said for name, said in data.items() if said}
    return IncomingEvent(
        organisation=organisation,
        message_id=message.message_id,
        kind=message.kind,
        name=message.name,
        user_key=message.user_key,
        customer_key=message.customer_key,
        at=message.at,
        received_at=now,
        is_history=history,
        data=data,
        state=State.IGNORED,
        why=message.fault[:200],
    )


def _settle(
    events: Sequence[IncomingEvent], organisation: Organisation, now: datetime, by: User | None
) -> list[int]:
    """Give each event its end and write what follows from it; the ids of new achievements."""
    usable = [event for event in events if not event.why or event.state == State.WAITING]
    job = Job(organisation, 0, counting.NUMBERS, {}, by, now)
    people.write_groups([event for event in usable if event.kind == "group"], job)
    others = [event for event in usable if event.kind != "group"]
    people.find_customers(others)
    at_home = [event for event in others if event.customer_id is not None]
    identified = [event for event in at_home if event.kind == "identify" and event.user_key]
    if identified:
        people.write_people(identified, job)
    achieved: list[int] = []
    for history in (False, True):
        tracks = [event for event in at_home if event.kind == "track" and event.is_history == history]
        if tracks:
            achieved += _count(tracks, organisation, now, by, history)
    return achieved


def _count(
    tracks: Sequence[IncomingEvent],
    organisation: Organisation,
    now: datetime,
    by: User | None,
    history: bool,
) -> list[int]:
    numbers, totals = counting.readings(tracks, organisation=organisation)
    touched: set[int] = set()
    for source, rows in ((counting.NUMBERS, numbers), (counting.TOTALS, totals)):
        if rows:
            recorded = recording.add(rows, organisation=organisation, source=source, now=now, by=by)
            touched |= recorded.customer_ids
    judged = judge(organisation=organisation, customer_ids=touched, now=now, by=by, history=history)
    return [] if history else judged.achieved


def _freed(users: set[str], groups: set[str]) -> list[IncomingEvent]:
    """What waited for a group to name these users, or for these groups."""
    waiting = IncomingEvent.objects.waiting().filter(waits_for=Waits.CUSTOMER).select_for_update()
    found = list(waiting.filter(user_key__in=users).order_by("pk")[:AT_ONCE])
    known = {event.pk for event in found}
    named = waiting.filter(customer_key__in=groups).order_by("pk")[:AT_ONCE]
    return sorted([*found, *(each for each in named if each.pk not in known)], key=lambda event: event.pk)


def _look_again(
    events: Sequence[IncomingEvent], organisation: Organisation, now: datetime, by: User | None
) -> list[int]:
    if not events:
        return []
    achieved = _settle(events, organisation, now, by)
    IncomingEvent.objects.bulk_update(
        events, ["customer", "state", "waits_for", "why", "data"], batch_size=200
    )
    return achieved


def _celebrate(organisation: Organisation, achieved: list[int], *, now: datetime) -> None:
    """Queued here and now; should it fail, the post loop does it seconds later."""
    if not achieved:
        return
    try:
        with transaction.atomic():
            celebrating.gather(organisation=organisation, now=now)
    except Exception:
        log.exception("celebrations of %s could not be queued at once", organisation.slug)
