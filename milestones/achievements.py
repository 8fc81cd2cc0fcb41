"""Progress into achievements: newly reached, moved in time, no longer so, confirmed by the customer.

Statements over a scope of enrolments, the same on SQLite and PostgreSQL; called by the judge only.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from milestones import announcing
from milestones.clocks import days_between
from milestones.criteria import Scope
from milestones.criteria.joining import reached
from milestones.criteria.tables import ENROLMENT, VERDICT
from milestones.evidence import gone_words, outcome_key
from milestones.models import Achievement
from organisations.models import Event, Organisation, User
from organisations.sets import as_read, as_stored, ids_as_rows
from post.models import Delivery
from post.recalling import recall

ACHIEVEMENT = Achievement._meta.db_table
EVENT = Event._meta.db_table

# The customer's confirmation that counts: the first, or after a contest the one that settled it.
_VERIFIED = f"""
    confirmed AS MATERIALIZED (
        SELECT v.enrolment_id, v.milestone_key,
               MIN(CASE WHEN v.kind = 'confirmed' THEN v.at END) AS first_at,
               MAX(CASE WHEN v.kind = 'contested' THEN v.settled_at END) AS settled_at
        FROM {VERDICT} v JOIN scope s ON s.id = v.enrolment_id AND s.organisation_id = v.organisation_id
        WHERE v.withdrawn_at IS NULL
        GROUP BY v.enrolment_id, v.milestone_key
    )"""


def insert_reached(scope: Scope, *, now: datetime, by: User | None, history: bool) -> list[int]:
    """Insert an achievement for every milestone newly reached, with its event; return their ids."""
    with_scope, parameters = scope.sql()
    to_celebrate = "false" if history else "r.past_at IS NULL AND r.celebrate <> 'silent'"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""{with_scope}, {reached(scope)}
            INSERT INTO {ACHIEVEMENT} (organisation_id, enrolment_id, milestone_id, milestone_key,
                achieved_at, recorded_at, days, is_history, is_to_celebrate, withdrawn_why)
            SELECT r.organisation_id, r.enrolment_id, r.milestone_id, r.key, r.achieved_at,
                   {_MOMENT[connection.vendor]}, {days_between(scope.organisation)},
                   {"true" if history else "r.past_at IS NOT NULL"},
                   {to_celebrate}, ''
            FROM reached r
            WHERE NOT EXISTS (SELECT 1 FROM {ACHIEVEMENT} a WHERE a.organisation_id = r.organisation_id
                AND a.enrolment_id = r.enrolment_id AND a.milestone_key = r.key AND a.withdrawn_at IS NULL)
            ON CONFLICT DO NOTHING RETURNING id""",
            [*parameters, as_stored(now)],
        )
        ids = [row[0] for row in cursor.fetchall()]
    if ids:
        _log_achieved(scope.organisation, ids, now=now, by=by)
        announcing.achieved(scope.organisation, ids, now=now)
    return ids


def move(scope: Scope, *, now: datetime, by: User | None) -> list[int]:
    """Date standing achievements by what is now known to be the earliest evidence; cheer nobody again."""
    with_scope, parameters = scope.sql()
    days = days_between(scope.organisation)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""{with_scope}, {reached(scope)}
            SELECT a.id, a.achieved_at, r.achieved_at, a.milestone_id, r.customer_id, {days}
            FROM reached r
            JOIN {ACHIEVEMENT} a ON a.organisation_id = r.organisation_id AND a.enrolment_id = r.enrolment_id
                 AND a.milestone_key = r.key AND a.withdrawn_at IS NULL
            WHERE a.achieved_at <> r.achieved_at OR COALESCE(a.days, -1) <> COALESCE({days}, -1)""",
            parameters,
        )
        rows = cursor.fetchall()
        cursor.executemany(
            f"UPDATE {ACHIEVEMENT} SET achieved_at = %s, days = %s WHERE organisation_id = %s AND id = %s",
            [(after, days, scope.organisation.pk, pk) for pk, _, after, _, _, days in rows],
        )
    note, events = _notes(scope.organisation, now, by), []
    for pk, stored, known, milestone_id, customer_id, _ in rows:
        before, after = as_read(stored), as_read(known)  # SQLite gives the one as a time, the other as text
        if before != after:
            times = {"from": before.isoformat(), "to": after.isoformat()}
            events.append(note("achievement_moved", pk, customer_id, milestone_id=milestone_id, **times))
    Event.objects.bulk_create(events)
    return [row[0] for row in rows]


def withdraw_unreached(scope: Scope, *, now: datetime, by: User | None, why_gone: str) -> list[int]:
    """Withdraw standing achievements that the evidence, or the customer's contest, no longer bears.

    Their celebrations that lie in the outbox do not leave any more, whether or not a loop runs.
    """
    with_scope, parameters = scope.sql()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""{with_scope}, {reached(scope)}
            SELECT COALESCE(contests.open, 0),
                   a.id, a.milestone_id, s.customer_id, a.enrolment_id, a.milestone_key
            FROM {ACHIEVEMENT} a
            JOIN scope s ON s.id = a.enrolment_id AND s.organisation_id = a.organisation_id
            LEFT JOIN contests ON contests.enrolment_id = a.enrolment_id
                 AND contests.milestone_key = a.milestone_key
            LEFT JOIN reached r ON r.enrolment_id = a.enrolment_id AND r.key = a.milestone_key
            WHERE a.withdrawn_at IS NULL AND r.enrolment_id IS NULL""",
            parameters,
        )
        rows = cursor.fetchall()
    gone = [Gone._make((*about, "contested" if is_open else why_gone)) for is_open, *about in rows]
    return _withdraw(scope.organisation, gone, now=now, by=by)


def withdraw_standing(
    organisation: Organisation, enrolment_ids: Collection[int], *, why: str, now: datetime, by: User | None
) -> list[int]:
    """Withdraw all that stands on these enrolments, whatever its evidence."""
    rows = Achievement.objects.standing().filter(enrolment__in=enrolment_ids).order_by("id")
    named = rows.values_list("id", "milestone_id", "enrolment__customer_id", "enrolment_id", "milestone_key")
    return _withdraw(organisation, [Gone(*row, why) for row in named], now=now, by=by)


class Gone(NamedTuple):
    """An achievement to withdraw."""

    pk: int
    milestone_id: int
    customer_id: int
    enrolment_id: int
    milestone_key: str
    why: str


def _withdraw(
    organisation: Organisation, gone: Sequence[Gone], *, now: datetime, by: User | None
) -> list[int]:
    for why in sorted({each.why for each in gone}):
        same = [each for each in gone if each.why == why]
        Achievement.objects.filter(pk__in=[each.pk for each in same]).update(
            withdrawn_at=now, withdrawn_by=by, withdrawn_why=why, is_to_celebrate=False, is_to_recall=True
        )
        keys = [outcome_key(each.enrolment_id, each.milestone_key) for each in same]
        recall(purpose=Delivery.Purpose.CELEBRATION, subject_keys=keys, why=gone_words(why))
    note = _notes(organisation, now, by)
    Event.objects.bulk_create(
        note("achievement_withdrawn", each.pk, each.customer_id, milestone_id=each.milestone_id, why=each.why)
        for each in gone
    )
    announcing.withdrawn(organisation, ids := [each.pk for each in gone], now=now)
    return ids


def keep_verified(scope: Scope) -> None:
    """Mark standing achievements with when the customer confirmed them, or take the mark away."""
    with_scope, parameters = scope.sql()
    verified = "CASE WHEN k.settled_at IS NOT NULL THEN k.settled_at ELSE k.first_at END"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""{with_scope}, {_VERIFIED}
            SELECT a.id, {verified} FROM {ACHIEVEMENT} a
            JOIN scope s ON s.id = a.enrolment_id AND s.organisation_id = a.organisation_id
            LEFT JOIN confirmed k ON k.enrolment_id = a.enrolment_id AND k.milestone_key = a.milestone_key
            WHERE a.withdrawn_at IS NULL AND (
                (a.verified_at IS NULL) <> ({verified} IS NULL) OR a.verified_at <> {verified})""",
            parameters,
        )
        rows = cursor.fetchall()
        cursor.executemany(
            f"UPDATE {ACHIEVEMENT} SET verified_at = %s WHERE organisation_id = %s AND id = %s",
            [(at, scope.organisation.pk, pk) for pk, at in rows],
        )


def _notes(organisation: Organisation, now: datetime, by: User | None) -> Callable[..., Event]:
    def note(verb: str, achievement_id: int, customer_id: int, **data: object) -> Event:
        return Event(
            organisation=organisation,
            at=now,
            recorded_at=now,
            actor=by,
            verb=verb,
            subject_type=Achievement._meta.label_lower,
            subject_id=achievement_id,
            customer_id=customer_id,
            data=data,
        )

    return note


def _log_achieved(organisation: Organisation, ids: list[int], *, now: datetime, by: User | None) -> None:
    rows, parameters = ids_as_rows(ids)
    history = "CASE WHEN a.is_history THEN 'true' ELSE 'false' END"
    data = f"""'{{"milestone_id": ' || a.milestone_id || ', "history": ' || {history} || '}}'"""
    if connection.vendor == "postgresql":
        data = f"({data})::jsonb"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO {EVENT} (organisation_id, at, recorded_at, actor_id, verb, subject_type,
                subject_id, customer_id, data)
            SELECT a.organisation_id, a.achieved_at, a.recorded_at, {_ACTOR[connection.vendor]},
                   'milestone_achieved', 'milestones.achievement', a.id, e.customer_id, {data}
            FROM {ACHIEVEMENT} a JOIN {ENROLMENT} e ON e.id = a.enrolment_id
            WHERE a.organisation_id = %s AND a.id IN ({rows})""",
            [by.pk if by else None, organisation.pk, *parameters],
        )


_MOMENT = {"postgresql": "%s::timestamptz", "sqlite": "%s"}
_ACTOR = {"postgresql": "%s::bigint", "sqlite": "%s"}
