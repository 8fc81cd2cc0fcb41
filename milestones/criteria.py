"""A criterion as a question to the database: one set-based statement per kind, for one customer or all.

Each statement keeps `CriterionProgress`: a row for every criterion that is met, dated by the earliest
evidence in the evidence's own time. Arrival order, chunking and source never change what it finds.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from customers.models import Reading
from milestones.models import (
    Claim,
    Criterion,
    CriterionProgress,
    Enrolment,
    Milestone,
    PastAchievement,
    Verdict,
)
from organisations.models import Organisation
from organisations.sets import ids_as_rows, is_so

ENROLMENT = Enrolment._meta.db_table
MILESTONE = Milestone._meta.db_table
CRITERION = Criterion._meta.db_table
READING = Reading._meta.db_table
CLAIM = Claim._meta.db_table
VERDICT = Verdict._meta.db_table
PROGRESS = CriterionProgress._meta.db_table
PAST = PastAchievement._meta.db_table


@dataclass(frozen=True)
class Scope:
    """Whose enrolments are judged: those of some customers, or (None) of all in the organisation."""

    organisation: Organisation
    customer_ids: Collection[int] | None

    def sql(self) -> tuple[str, list[Any]]:
        """A common table expression `scope` of the enrolments, and its parameters."""
        where = ""
        parameters: list[Any] = [self.organisation.pk]
        if self.customer_ids is not None:
            rows, ids = ids_as_rows(self.customer_ids)
            where, parameters = f" AND customer_id IN ({rows})", [self.organisation.pk, *ids]
        return (
            "WITH scope AS MATERIALIZED (SELECT id, organisation_id, customer_id, version_id, started_on,"
            f" started_at FROM {ENROLMENT} WHERE organisation_id = %s AND is_judged{where})",
            parameters,
        )

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Wait for whoever judges the same enrolments, so that the second one sees the first one's evidence.

        SQLite needs none: its writers come one after another.
        """
        if connection.vendor != "postgresql":
            yield
            return
        scope, parameters = self.sql()
        with connection.cursor() as cursor, self._joined_by_hash(cursor):
            cursor.execute(
                f"{scope} SELECT count(*) FROM (SELECT e.id FROM {ENROLMENT} e JOIN scope s ON s.id = e.id"
                " ORDER BY e.id FOR UPDATE OF e) AS locked",
                parameters,
            )
            yield

    @contextmanager
    def _joined_by_hash(self, cursor: CursorWrapper) -> Iterator[None]:
        """Keep the planner from nested loops where it cannot know better: in tables just filled by an import
        (no statistics yet), and when a large part of all enrolments is judged at once."""
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [ENROLMENT])
        known = cursor.fetchone()[0]
        if self.customer_ids is not None and known > 0 and len(self.customer_ids) < known / 10:
            yield
            return
        cursor.execute("SELECT set_config('enable_nestloop', 'off', true)")
        yield
        cursor.execute("SELECT set_config('enable_nestloop', 'on', true)")


# The evidence of each kind: enrolment, criterion, when, value, reading.
_METRIC = f"""
    SELECT enrolment_id, criterion_id, at, value, reading_id FROM (
        SELECT s.id AS enrolment_id, c.id AS criterion_id, r.at, r.value, r.id AS reading_id,
               row_number() OVER (PARTITION BY s.id, c.id ORDER BY r.at, r.source, r.external_id) AS place
        FROM scope s
        JOIN {MILESTONE} m ON m.version_id = s.version_id AND m.organisation_id = s.organisation_id
        JOIN {CRITERION} c ON c.milestone_id = m.id AND c.kind = 'metric'
        JOIN {READING} r ON r.organisation_id = s.organisation_id AND r.customer_id = s.customer_id
             AND r.metric_id = c.metric_id AND {is_so("r.is_standing")}
             AND (s.started_at IS NULL OR r.at >= s.started_at)
        WHERE (c.operator = 'gte' AND r.value >= c.threshold) OR (c.operator = 'gt' AND r.value > c.threshold)
           OR (c.operator = 'lte' AND r.value <= c.threshold) OR (c.operator = 'lt' AND r.value < c.threshold)
    ) AS candidates WHERE place = 1"""

_CLAIM = f"""
    SELECT s.id, c.id, MIN(e.reached_at), NULL, NULL
    FROM scope s
    JOIN {MILESTONE} m ON m.version_id = s.version_id AND m.organisation_id = s.organisation_id
    JOIN {CRITERION} c ON c.milestone_id = m.id AND c.kind = 'claim'
    JOIN {CLAIM} e ON e.organisation_id = s.organisation_id AND e.enrolment_id = s.id
         AND e.milestone_key = m.key AND e.withdrawn_at IS NULL
    WHERE true GROUP BY s.id, c.id"""

_CONFIRMATION = f"""
    SELECT s.id, c.id, MIN(v.at), NULL, NULL
    FROM scope s
    JOIN {MILESTONE} m ON m.version_id = s.version_id AND m.organisation_id = s.organisation_id
    JOIN {CRITERION} c ON c.milestone_id = m.id AND c.kind = 'confirmation'
    JOIN {VERDICT} v ON v.organisation_id = s.organisation_id AND v.enrolment_id = s.id
         AND v.milestone_key = m.key AND v.kind = 'confirmed' AND v.withdrawn_at IS NULL
    WHERE true GROUP BY s.id, c.id"""

_EVIDENCE = {"metric": _METRIC, "claim": _CLAIM, "confirmation": _CONFIRMATION}
KINDS = tuple(_EVIDENCE.values())

CONFIRMED = f"""EXISTS (SELECT 1 FROM {VERDICT} v WHERE v.organisation_id = s.organisation_id
                 AND v.enrolment_id = s.id AND v.milestone_key = m.key
                 AND v.kind = 'confirmed' AND v.withdrawn_at IS NULL)"""

# What a row in progress rested on is gone (and nothing later took its place, or the upsert would have).
# A reading that an undone import had brought still bears what the customer has confirmed since.
_GONE = {
    "metric": f"""NOT EXISTS (SELECT 1 FROM {READING} r WHERE r.id = p.reading_id
                  AND (s.started_at IS NULL OR r.at >= s.started_at)
                  AND (r.is_standing OR (r.retracted_by IS NOT NULL AND {CONFIRMED})))""",
    "claim": f"""NOT EXISTS (SELECT 1 FROM {CLAIM} e WHERE e.organisation_id = s.organisation_id
                 AND e.enrolment_id = s.id AND e.milestone_key = m.key AND e.withdrawn_at IS NULL)""",
    "confirmation": f"NOT {CONFIRMED}",
}


def keep_progress(scope: Scope) -> None:
    """Bring `CriterionProgress` of these enrolments up to date with the evidence that stands."""
    for kind in Criterion.Kind.values:
        _store_met(scope, _EVIDENCE[kind])
        _remove_unmet(scope, kind, _GONE[kind])


def _store_met(scope: Scope, evidence: str) -> None:
    with_scope, parameters = scope.sql()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""{with_scope}, found (enrolment_id, criterion_id, met_at, value, reading_id) AS ({evidence})
            INSERT INTO {PROGRESS} (organisation_id, enrolment_id, criterion_id, met_at, value, reading_id)
            SELECT %s, enrolment_id, criterion_id, met_at, {typed("value", "double precision")},
                   {typed("reading_id", "bigint")}
            FROM found WHERE true
            ON CONFLICT (organisation_id, enrolment_id, criterion_id) DO UPDATE
            SET met_at = excluded.met_at, value = excluded.value, reading_id = excluded.reading_id
            WHERE {PROGRESS}.met_at <> excluded.met_at
               OR COALESCE({PROGRESS}.reading_id, 0) <> COALESCE(excluded.reading_id, 0)""",
            [*parameters, scope.organisation.pk],
        )


def _remove_unmet(scope: Scope, kind: str, gone: str) -> None:
    with_scope, parameters = scope.sql()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""{with_scope} DELETE FROM {PROGRESS} WHERE id IN (
                SELECT p.id FROM {PROGRESS} p
                JOIN scope s ON s.id = p.enrolment_id
                JOIN {CRITERION} c ON c.id = p.criterion_id AND c.kind = %s
                JOIN {MILESTONE} m ON m.id = c.milestone_id
                WHERE p.organisation_id = s.organisation_id AND (m.version_id <> s.version_id OR {gone}))""",
            [*parameters, kind],
        )


def typed(column: str, kind: str) -> str:
    """PostgreSQL takes an untyped NULL for text; SQLite does not mind."""
    return f"CAST({column} AS {kind})" if connection.vendor == "postgresql" else column


# All that speaks for the milestones of a scope: criteria that are met, and what was reached before.
EVIDENCE = f"""evidence AS (
        SELECT s.organisation_id, s.customer_id, s.started_on, s.id AS enrolment_id, s.version_id,
               c.milestone_id, p.met_at, NULL AS past_at
        FROM scope s
        JOIN {PROGRESS} p ON p.organisation_id = s.organisation_id AND p.enrolment_id = s.id
        JOIN {CRITERION} c ON c.id = p.criterion_id
        UNION ALL
        SELECT s.organisation_id, s.customer_id, s.started_on, s.id, s.version_id,
               m.id, NULL, b.achieved_at
        FROM scope s
        JOIN {PAST} b ON b.organisation_id = s.organisation_id AND b.enrolment_id = s.id
             AND b.retracted_by IS NULL
        JOIN {MILESTONE} m ON m.version_id = s.version_id AND m.key = b.milestone_key
    )"""
