"""Each kind as one set-based statement that keeps `CriterionProgress`: for one customer or a million."""

from django.db import connection

from milestones.criteria import readings, support
from milestones.criteria.dialects import typed
from milestones.criteria.scope import ASKED, Scope
from milestones.criteria.tables import CASE, CLAIM, CRITERION, MILESTONE, PROGRESS, READING
from milestones.criteria.words import CLAIMED, CONFIRMED, IS_CONFIRMED, SHOWS
from milestones.models import Criterion

Kind = Criterion.Kind

# What a row in progress rested on is gone (and nothing later took its place, or the upsert would have).
# What an undone import had brought still bears what the customer has confirmed since.
_GONE = {
    Kind.METRIC.value: f"""NOT EXISTS (SELECT 1 FROM {READING} r WHERE r.id = p.reading_id
                  AND (s.started_at IS NULL OR r.at >= s.started_at)
                  AND (r.is_standing OR (r.retracted_by IS NOT NULL AND {IS_CONFIRMED})))""",
    Kind.CLAIM.value: f"""NOT EXISTS (SELECT 1 FROM {CLAIM} e WHERE e.organisation_id = s.organisation_id
                 AND e.enrolment_id = s.id AND e.milestone_key = m.key AND e.withdrawn_at IS NULL
                 AND {SHOWS})""",
    Kind.CONFIRMATION.value: f"NOT {IS_CONFIRMED}",
}

# Of the other kinds no single row is the evidence: they are asked again as a whole.
_FOUND = "LEFT JOIN found f ON f.enrolment_id = s.id AND f.criterion_id = c.id"
_UNDONE_READINGS = f"""EXISTS (SELECT 1 FROM {READING} r WHERE r.organisation_id = s.organisation_id
                       AND r.customer_id = s.customer_id AND r.metric_id = c.metric_id AND r.at <= p.met_at
                       AND r.retracted_by IS NOT NULL)"""
_UNDONE_CASES = f"""EXISTS (SELECT 1 FROM {CASE} x WHERE x.organisation_id = s.organisation_id
                    AND x.retracted_by IS NOT NULL)"""


def keep_progress(scope: Scope) -> None:
    """Bring `CriterionProgress` of these enrolments up to date with the evidence that stands."""
    for kind in scope.kinds:
        _store_met(scope, kind)
        _remove_unmet(scope, kind)


def evidence(kind: str) -> str:
    """Enrolment, criterion, when, value and reading of what is `asked`, where it is met."""
    if kind in readings.SERIES:
        return readings.evidence(kind)
    return {Kind.CLAIM: CLAIMED, Kind.CONFIRMATION: CONFIRMED}.get(Kind(kind)) or support.quiet()


def _found(kind: str, how: str = "") -> str:
    return f"""{ASKED.format(kind=kind)},
        found (enrolment_id, criterion_id, met_at, value, reading_id) AS {how} ({evidence(kind)})"""


def _store_met(scope: Scope, kind: str) -> None:
    with_scope, parameters = scope.sql()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""{with_scope}, {_found(kind)}
            INSERT INTO {PROGRESS} (organisation_id, enrolment_id, criterion_id, met_at, value, reading_id)
            SELECT %s, enrolment_id, criterion_id, met_at, {typed("value", "double precision")},
                   {typed("reading_id", "bigint")}
            FROM found WHERE true
            ON CONFLICT (organisation_id, enrolment_id, criterion_id) DO UPDATE
            SET met_at = excluded.met_at, value = excluded.value, reading_id = excluded.reading_id
            WHERE {PROGRESS}.met_at <> excluded.met_at
               OR COALESCE({PROGRESS}.value, 0) <> COALESCE(excluded.value, 0)
               OR COALESCE({PROGRESS}.reading_id, 0) <> COALESCE(excluded.reading_id, 0)""",
            [*parameters, scope.organisation.pk],
        )


def _remove_unmet(scope: Scope, kind: str) -> None:
    if kind in _GONE:
        with_scope, parameters = scope.sql()
        found, gone = "", _GONE[kind]
    else:
        with_scope, parameters = scope.sql(holding=kind)
        with_scope, found = f"{with_scope}, {_found(kind, 'MATERIALIZED')}", _FOUND
        undone = _UNDONE_CASES if kind == Kind.SUPPORT else _UNDONE_READINGS
        gone = f"(f.enrolment_id IS NULL AND NOT ({IS_CONFIRMED} AND {undone}))"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""{with_scope} DELETE FROM {PROGRESS} WHERE id IN (
                SELECT p.id FROM {PROGRESS} p
                JOIN scope s ON s.id = p.enrolment_id
                JOIN {CRITERION} c ON c.id = p.criterion_id AND c.kind = %s
                JOIN {MILESTONE} m ON m.id = c.milestone_id
                {found}
                WHERE p.organisation_id = s.organisation_id AND (m.version_id <> s.version_id OR {gone}))""",
            [*parameters, kind],
        )
