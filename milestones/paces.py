"""How long it usually takes to go on from where one stands, and from when that is too long: stuck.

Stuck means: no milestone reached for more running days than the limit. The limit of a milestone is set by
hand for it, else for the journey; else learned from the journey's own history: three of four of those who
last reached it had done so within that many running days of what they reached before. Fewer than `ENOUGH`
of them teach nothing; then it is `TAKEN` days. A learned limit is never below `LEAST`.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import batched
from typing import Any

from django.db import connection
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate

from milestones.clocks import held_since
from milestones.models import Achievement, Journey, Milestone, Patience, Pause
from organisations.models import Organisation
from organisations.sets import as_stored

NEWEST, ENOUGH, SHARE = 500, 12, 0.75
TAKEN, LEAST = 30, 7
MOST_PARTS = 200  # SQLite joins no more than 500 statements into one
ACHIEVEMENT = Achievement._meta.db_table


type Place = tuple[int, str]
"""A journey's id and the key of one of its milestones."""


class Source(StrEnum):
    """Where a limit is from."""

    MILESTONE = "milestone"
    JOURNEY = "journey"
    LEARNED = "learned"
    TAKEN = "taken"


@dataclass(frozen=True, slots=True)
class Pace:
    """The way to one milestone, in running days from what was reached before it, else from the start."""

    limit: int
    """More days than these without progress are too many."""
    source: Source
    median: int | None
    """Within so many days half of those who reached it did."""
    n: int
    """How many of the newest were looked at."""


def paces_of(
    journey: Journey, *, as_of: date, organisation: Organisation, only: Collection[str] | None = None
) -> dict[str, Pace]:
    """By milestone key of every published version (`only`: of these keys), from what was so by the end of
    that day. Two queries, which read at most `NEWEST` achievements a milestone, however many there are."""
    found = paces_of_each([journey.pk], as_of=as_of, organisation=organisation, only=only)
    return {key: pace for (_journey, key), pace in found.items()}


def paces_of_each(
    journeys: Collection[int], *, as_of: date, organisation: Organisation, only: Collection[str] | None = None
) -> dict[Place, Pace]:
    """The same of several journeys at once, by the journey's id and the milestone's key."""
    published = Milestone.objects.filter(version__journey__in=journeys, version__published_at__isnull=False)
    if only is not None:
        published = published.filter(key__in=only)
    by_hand = Patience.objects.filter(journey=OuterRef("version__journey"))
    own, whole = by_hand.filter(milestone_key=OuterRef("key")), by_hand.filter(milestone_key="")
    rows = published.annotate(own=Subquery(own.values("days")), whole=Subquery(whole.values("days")))
    found = [
        (pk, (journey, key), own, whole)
        for pk, journey, key, own, whole in rows.order_by("pk").values_list(
            "pk", "version__journey_id", "key", "own", "whole"
        )
    ]
    until = datetime.combine(as_of + timedelta(days=1), time(), tzinfo=organisation.tzinfo)
    taken = _days_taken(organisation, {pk: place for pk, place, _own, _whole in found}, until)
    return {place: _pace(own, whole, sorted(taken.get(place, ()))) for _pk, place, own, whole in found}


def _pace(own: int | None, whole: int | None, days: Sequence[int]) -> Pace:
    median = within(0.5, days) if len(days) >= ENOUGH else None
    for source, limit in ((Source.MILESTONE, own), (Source.JOURNEY, whole)):
        if limit is not None:
            return Pace(limit, source, median, len(days))
    if median is None:
        return Pace(TAKEN, Source.TAKEN, None, len(days))
    return Pace(max(LEAST, within(SHARE, days)), Source.LEARNED, median, len(days))


def within(share: float, ordered: Sequence[int]) -> int:
    """The fewest days within which that share of them had gone on (nearest rank)."""
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]


def _days_taken(
    organisation: Organisation, places: Mapping[int, Place], until: datetime
) -> dict[Place, list[int]]:
    """For the newest achievements of each milestone, the running days since the one before of the same
    enrolment. An edition each, so that every part walks down its index and stops."""
    rows: list[tuple[Any, int, int, int]] = []
    for pks in batched(places, MOST_PARTS):
        rows += _newest(organisation, pks, until)
    found: dict[Place, list[int]] = defaultdict(list)
    for _at, _pk, milestone_id, days in sorted(rows, reverse=True):
        if len(found[places[milestone_id]]) < NEWEST:
            found[places[milestone_id]].append(max(0, days))
    return found


def _newest(
    organisation: Organisation, milestones: Sequence[int], until: datetime
) -> list[tuple[Any, int, int, int]]:
    """When it was achieved, its id, the milestone's id, the running days."""
    newest = f"""SELECT * FROM (SELECT id, enrolment_id, milestone_id, achieved_at, days FROM {ACHIEVEMENT}
        WHERE organisation_id = %s AND milestone_id = %s AND withdrawn_at IS NULL AND days IS NOT NULL
          AND achieved_at < %s ORDER BY achieved_at DESC, id DESC LIMIT {NEWEST}) AS of_one"""
    parameters = [value for pk in milestones for value in (organisation.pk, pk, as_stored(until))]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT a.achieved_at, a.id, a.milestone_id, a.days - COALESCE((
                SELECT p.days FROM {ACHIEVEMENT} p
                WHERE p.organisation_id = %s AND p.enrolment_id = a.enrolment_id AND p.withdrawn_at IS NULL
                  AND p.days IS NOT NULL
                  AND (p.achieved_at < a.achieved_at OR (p.achieved_at = a.achieved_at AND p.id < a.id))
                ORDER BY p.achieved_at DESC, p.id DESC LIMIT 1), 0)
            FROM ({" UNION ALL ".join([newest] * len(milestones))}) AS a""",
            [organisation.pk, *parameters],
        )
        return cursor.fetchall()


def stuck(limit: int, *, on: date, organisation: Organisation, pauses: QuerySet[Pause] | None) -> Q:
    """Enrolments without progress for more running days than that, by this day. `pauses`: those that may hold
    one of them back; none when nobody's clock ever stood."""
    zone = organisation.tzinfo
    long_ago = datetime.combine(on - timedelta(days=limit), time(), tzinfo=zone)
    quiet = Q(moved_at__isnull=False, moved_at__lt=long_ago)
    if pauses is not None:
        since = TruncDate("enrolment__moved_at", tzinfo=zone)
        begun = pauses.filter(enrolment__moved_at__lt=long_ago).annotate(since=since)
        quiet &= ~Q(pk__in=held_since(F("since"), on, limit, begun))
    return quiet


def at_each(paces: Mapping[Place, Pace], **about: Any) -> Q:
    """`stuck` for enrolments on any of these journeys, each by the limit of its next milestone."""
    by_limit: dict[int, Q] = defaultdict(lambda: Q(pk__in=[]))
    for (journey, key), pace in paces.items():
        by_limit[pace.limit] |= Q(journey=journey, current_key=key)
    total = Q(pk__in=[])
    for limit, here in by_limit.items():
        total |= here & stuck(limit, **about)
    return total


def by_key(paces: Mapping[str, Pace], keys: Collection[str], **about: Any) -> Q:
    """`stuck` for enrolments at any of these milestones, each by its own limit."""
    total = Q(pk__in=[])
    for key in keys:
        total |= Q(current_key=key) & stuck(paces[key].limit, **about)
    return total
