"""What would be reached on another version of the journey. Reads alone: the judge's own statements, over
evidence instead of stored progress, with the other version in place of the one enrolments are pinned to.

What a customer confirmed and an undone import had shown goes along to the same criterion of the other
version: its reading no longer stands, so that it would not be found again.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection

from milestones.criteria import Scope
from milestones.criteria.dialects import typed
from milestones.criteria.joining import reached
from milestones.criteria.keeping import evidence
from milestones.criteria.scope import ASKED
from milestones.criteria.tables import CRITERION, ENROLMENT, MILESTONE, PROGRESS, READING
from milestones.criteria.words import IS_CONFIRMED
from milestones.models import JourneyVersion
from organisations.models import Organisation
from organisations.sets import ids_as_rows


@dataclass(frozen=True)
class _Moved(Scope):
    """Some enrolments as if they were pinned to that version."""

    enrolment_ids: Collection[int]
    version: JourneyVersion

    def sql(self, *, holding: str = "") -> tuple[str, list[Any]]:
        rows, ids = ids_as_rows(self.enrolment_ids)
        return (
            f"WITH scope AS MATERIALIZED (SELECT id, organisation_id, customer_id, {typed('%s', 'bigint')} AS"
            f" version_id, started_on, started_at FROM {ENROLMENT}"
            f" WHERE organisation_id = %s AND is_judged AND id IN ({rows}))",
            [self.version.pk, self.organisation.pk, *ids],
        )


# Progress that rests on a reading which an undone import had brought, at a criterion of the milestone with
# the same key that it meets as well; `scope` has the version that is moved to.
_CARRIED = f"""
    SELECT enrolment_id, criterion_id, met_at, value, reading_id FROM (
        SELECT p.enrolment_id, c.id AS criterion_id, p.met_at, p.value, p.reading_id,
               row_number() OVER (PARTITION BY p.enrolment_id, c.id ORDER BY p.met_at, p.id) AS place
        FROM {PROGRESS} p
        JOIN scope s ON s.id = p.enrolment_id AND s.organisation_id = p.organisation_id
        JOIN {CRITERION} was ON was.id = p.criterion_id AND was.kind = 'metric'
        JOIN {MILESTONE} then_m ON then_m.id = was.milestone_id AND then_m.version_id <> s.version_id
        JOIN {MILESTONE} m ON m.version_id = s.version_id AND m.key = then_m.key
        JOIN {CRITERION} c ON c.milestone_id = m.id AND c.kind = 'metric' AND c.metric_id = was.metric_id
        JOIN {READING} r ON r.id = p.reading_id AND NOT r.is_standing AND r.retracted_by IS NOT NULL
        WHERE {IS_CONFIRMED} AND (
            (c.operator = 'gte' AND p.value >= c.threshold) OR (c.operator = 'gt' AND p.value > c.threshold)
         OR (c.operator = 'lte' AND p.value <= c.threshold) OR (c.operator = 'lt' AND p.value < c.threshold))
    ) AS candidates WHERE place = 1"""


def foresee(
    organisation: Organisation, enrolment_ids: Collection[int], version: JourneyVersion
) -> dict[int, set[str]]:
    """By enrolment, the keys of the milestones that would be reached on that version."""
    scope = _Moved(organisation, None, enrolment_ids, version)
    with_scope, parameters = scope.sql()
    direct = " UNION ALL ".join(_met(kind) for kind in scope.kinds)
    if not direct:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""{with_scope}, direct AS MATERIALIZED ({direct}),
            carried AS MATERIALIZED ({_CARRIED}),
            found AS (
                SELECT s.organisation_id, d.enrolment_id, d.criterion_id, d.met_at
                FROM direct d JOIN scope s ON s.id = d.enrolment_id
                UNION ALL
                SELECT s.organisation_id, k.enrolment_id, k.criterion_id, k.met_at
                FROM carried k JOIN scope s ON s.id = k.enrolment_id
                WHERE NOT EXISTS (SELECT 1 FROM direct d
                    WHERE d.enrolment_id = k.enrolment_id AND d.criterion_id = k.criterion_id)
            ), {reached(scope, "found")}
            SELECT enrolment_id, key FROM reached""",
            parameters,
        )
        rows = cursor.fetchall()
    found: dict[int, set[str]] = defaultdict(set)
    for enrolment_id, key in rows:
        found[enrolment_id].add(key)
    return found


def carry(organisation: Organisation, enrolment_ids: Collection[int], version: JourneyVersion) -> None:
    """Store what goes along; the judge, who removes progress of other versions, keeps it then."""
    with_scope, parameters = _Moved(organisation, None, enrolment_ids, version).sql()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""{with_scope}, carried AS ({_CARRIED})
            INSERT INTO {PROGRESS} (organisation_id, enrolment_id, criterion_id, met_at, value, reading_id)
            SELECT %s, enrolment_id, criterion_id, met_at, {typed("value", "double precision")},
                   {typed("reading_id", "bigint")}
            FROM carried WHERE true ON CONFLICT DO NOTHING""",
            [*parameters, organisation.pk],
        )


def _met(kind: str) -> str:
    return f"""SELECT enrolment_id, criterion_id, met_at FROM (
        WITH {ASKED.format(kind=kind)},
        met (enrolment_id, criterion_id, met_at, value, reading_id) AS ({evidence(kind)})
        SELECT enrolment_id, criterion_id, met_at FROM met
    ) AS of_{kind}"""
