"""Events with a rule become readings: the running total of a metric, or a number they carry.

A total is how many there were by then, in the order in which they happened. One that comes late moves the
later ones up by one, as corrections: the order of arrival changes nothing.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from customers.models import Reading
from customers.recording import NewReading
from office.models import EventCount, EventRule, IncomingEvent
from organisations.models import Organisation

NUMBERS, TOTALS = "events", "events:total"  # sources of readings
State, Waits = IncomingEvent.State, IncomingEvent.Waits
type Pair = tuple[int, int]  # a customer and a metric


def readings(
    events: Sequence[IncomingEvent], *, organisation: Organisation
) -> tuple[list[NewReading], list[NewReading]]:
    """Numbers and totals, ready to be stored; each event says what became of it.

    Call it in the transaction that stores them: totals are counted on at once.
    """
    rules: dict[str, list[EventRule]] = defaultdict(list)
    for rule in EventRule.objects.filter(event__in={event.name for event in events}):
        rules[rule.event].append(rule)
    numbers: list[NewReading] = []
    counted: dict[Pair, list[IncomingEvent]] = defaultdict(list)
    for event in events:
        numbers += _by_rules(event, rules[event.name], counted)
    return numbers, _totals(counted, organisation)


def _by_rules(
    event: IncomingEvent, rules: list[EventRule], counted: dict[Pair, list[IncomingEvent]]
) -> list[NewReading]:
    assert event.customer_id is not None
    if not rules:
        event.state, event.waits_for = State.WAITING, Waits.RULE
        event.why = _("there is no rule for “%(event)s” yet") % {"event": event.name[:120]}
        return []
    found, missing, is_used = [], [], False
    for rule in rules:
        if rule.metric_id is None:
            continue
        if not rule.property:
            counted[event.customer_id, rule.metric_id].append(event)
            is_used = True
        elif rule.property in event.numbers:
            value, mark = event.numbers[rule.property], f"{event.message_id}:{rule.metric_id}:{rule.pk}"
            found.append(NewReading(event.customer_id, rule.metric_id, event.at, value, mark))
        else:
            missing.append(rule.property)
    event.state, event.waits_for = State.TAKEN if is_used or found else State.IGNORED, Waits.NOTHING
    event.why = _("it carries no number “%(name)s”") % {"name": missing[0]} if missing else ""
    if event.state == State.IGNORED and not missing:
        event.why = _("events of this name are ignored on purpose")
    return found


def _totals(counted: dict[Pair, list[IncomingEvent]], organisation: Organisation) -> list[NewReading]:
    if not counted:
        return []
    found: list[NewReading] = []
    counts = _held(sorted(counted), organisation)
    before = _counted_before(counted)
    for pair, events in counted.items():
        count = counts[pair]
        fresh = [each for each in events if _mark(each.message_id, pair) not in before]
        new = sorted((each.at, each.message_id) for each in fresh)
        if not new:
            continue
        if count.last_at is None or new[0][0] >= count.last_at:
            found += _ranked(pair, new, count.count)
        else:
            found += _merged(pair, new, count.count)
        count.count += len(new)
        count.last_at = max(new[-1][0], count.last_at or new[-1][0])
    EventCount.objects.bulk_create(
        counts.values(), update_conflicts=True, unique_fields=["id"], update_fields=["count", "last_at"]
    )
    return found


def _counted_before(counted: dict[Pair, list[IncomingEvent]]) -> set[str]:
    """Those whose message came so long ago that only its reading is left."""
    marks = [_mark(each.message_id, pair) for pair, events in counted.items() for each in events]
    known = Reading.objects.standing().filter(source=TOTALS, external_id__in=marks)
    return set(known.values_list("external_id", flat=True))


def _mark(message_id: str, pair: Pair) -> str:
    return f"{message_id}:{pair[1]}"


def _held(pairs: list[Pair], organisation: Organisation) -> dict[Pair, EventCount]:
    """The counts of these pairs, made where there are none, locked until the transaction is over."""
    customers, metrics = {pair[0] for pair in pairs}, {pair[1] for pair in pairs}
    rows = EventCount.objects.filter(customer__in=customers, metric__in=metrics)
    known = set(rows.values_list("customer_id", "metric_id"))
    EventCount.objects.bulk_create(
        [
            EventCount(organisation=organisation, customer_id=customer, metric_id=metric)
            for customer, metric in pairs
            if (customer, metric) not in known
        ],
        ignore_conflicts=True,
    )
    wanted = set(pairs)
    locked = rows.select_for_update().order_by("customer_id", "metric_id")
    return {pair: row for row in locked if (pair := (row.customer_id, row.metric_id)) in wanted}


def _ranked(pair: Pair, marks: Sequence[tuple[datetime, str]], before: int) -> list[NewReading]:
    customer_id, metric_id = pair
    return [
        NewReading(customer_id, metric_id, at, float(rank), _mark(message_id, pair))
        for rank, (at, message_id) in enumerate(marks, start=before + 1)
    ]


def _merged(pair: Pair, new: list[tuple[datetime, str]], count: int) -> list[NewReading]:
    """The new ones in their place, and every later one with its new number."""
    customer_id, metric_id = pair
    later = [
        (at.astimezone(UTC), external_id.rpartition(":")[0])
        for at, external_id in Reading.objects.standing()
        .filter(source=TOTALS, customer=customer_id, metric=metric_id, at__gte=new[0][0])
        .values_list("at", "external_id")
    ]
    return _ranked(pair, sorted([*later, *new]), count - len(later))
