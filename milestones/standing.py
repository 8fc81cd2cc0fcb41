"""Where enrolments stand, kept for lists: the current milestone, its target date, how many, the last step.

All of it can be told from the achievements, the start and the pauses; one statement writes it anew for
however many, and writes the same if it is run again.
"""

from collections.abc import Collection
from typing import Any

from django.db import connection

from milestones.clocks import PAUSE, latest, minus, plus
from milestones.models import Achievement, Enrolment, Milestone
from organisations.models import Organisation
from organisations.sets import ids_as_rows

ACHIEVEMENT, ENROLMENT = Achievement._meta.db_table, Enrolment._meta.db_table
MILESTONE = Milestone._meta.db_table

# Joined as sets: asked enrolment by enrolment, a table that an import has just filled, of which the planner
# knows nothing yet, is read once for each of them.
_STAND = """
    standing AS MATERIALIZED (
        SELECT a.enrolment_id, a.milestone_key, a.achieved_at
        FROM touched t JOIN {achievement} a ON a.enrolment_id = t.enrolment_id
        WHERE a.organisation_id = %s AND a.withdrawn_at IS NULL
    ),
    reached AS (
        SELECT enrolment_id, COUNT(*) AS n, MAX(achieved_at) AS newest FROM standing GROUP BY enrolment_id
    ),
    ahead AS (
        SELECT t.enrolment_id, e.version_id, MIN(m.position) AS position
        FROM touched t
        JOIN {enrolment} e ON e.id = t.enrolment_id
        JOIN {milestone} m ON m.version_id = e.version_id
        LEFT JOIN standing s ON s.enrolment_id = t.enrolment_id AND s.milestone_key = m.key
        WHERE s.enrolment_id IS NULL GROUP BY t.enrolment_id, e.version_id
    ),
    stand AS MATERIALIZED (
        SELECT t.enrolment_id, m.id AS current_id, COALESCE(m.key, '') AS key, COALESCE(r.n, 0) AS n,
               r.newest, e.started_on, {planned} AS planned_on
        FROM touched t
        JOIN {enrolment} e ON e.id = t.enrolment_id
        LEFT JOIN reached r ON r.enrolment_id = t.enrolment_id
        LEFT JOIN ahead ON ahead.enrolment_id = t.enrolment_id
        LEFT JOIN {milestone} m ON m.version_id = ahead.version_id AND m.position = ahead.position
    )"""

# What the pauses move the target by: each that begins by the target, moved by those before it.
_STOOD = """
    pauses AS (
        SELECT p.enrolment_id, p.starts_on, p.resumes_on, s.planned_on, {length} AS days
        FROM {pause} p JOIN stand s ON s.enrolment_id = p.enrolment_id
        WHERE p.organisation_id = %s AND p.withdrawn_at IS NULL
          AND (p.resumes_on IS NULL OR p.resumes_on > s.started_on)
    ),
    in_turn AS (
        SELECT *, COALESCE(SUM(days) OVER (PARTITION BY enrolment_id ORDER BY starts_on
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before FROM pauses
    ),
    stood AS MATERIALIZED (
        SELECT enrolment_id, SUM(days) AS days, COUNT(*) - COUNT(resumes_on) AS open
        FROM in_turn WHERE starts_on <= {moved} GROUP BY enrolment_id
    )"""


def keep_touched(organisation: Organisation, achievement_ids: Collection[int]) -> None:
    """Where the enrolments of these achievements stand now."""
    rows, ids = ids_as_rows(achievement_ids)
    touched = f"SELECT DISTINCT enrolment_id FROM {ACHIEVEMENT} WHERE organisation_id = %s AND id IN ({rows})"
    _keep(organisation, touched, [organisation.pk, *ids], any_at_all=bool(achievement_ids))


def keep(organisation: Organisation, enrolment_ids: Collection[int]) -> int:
    """Where these enrolments stand now: call it after another start, another version or a pause.

    How many had stood elsewhere.
    """
    rows, ids = ids_as_rows(enrolment_ids)
    touched = f"SELECT id AS enrolment_id FROM {ENROLMENT} WHERE organisation_id = %s AND id IN ({rows})"
    return _keep(organisation, touched, [organisation.pk, *ids], any_at_all=bool(enrolment_ids))


def _keep(organisation: Organisation, touched: str, parameters: list[Any], *, any_at_all: bool) -> int:
    if not any_at_all:
        return 0
    tables = {"achievement": ACHIEVEMENT, "enrolment": ENROLMENT, "milestone": MILESTONE, "pause": PAUSE}
    stand = _STAND.format(planned=plus("e.started_on", "m.target_days"), **tables)
    stood = _STOOD.format(
        length=minus("p.resumes_on", latest("p.starts_on", "s.started_on")),
        moved=plus("planned_on", "before"),
        **tables,
    )
    now_so = {
        "current_id": "stand.current_id",
        "current_key": "stand.key",
        "achieved_count": "stand.n",
        "moved_at": "COALESCE(stand.newest, started_at, enrolled_at)",
        "due_on": "CASE WHEN stood.open > 0 THEN NULL"
        f" ELSE {plus('stand.planned_on', 'COALESCE(stood.days, 0)')} END",
    }
    differs = "IS DISTINCT FROM" if connection.vendor == "postgresql" else "IS NOT"
    stale = " OR ".join(f"{ENROLMENT}.{name} {differs} ({value})" for name, value in now_so.items())
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH touched AS MATERIALIZED ({touched}), {stand}, {stood}
            UPDATE {ENROLMENT} SET {", ".join(f"{name} = {value}" for name, value in now_so.items())}
            FROM stand LEFT JOIN stood ON stood.enrolment_id = stand.enrolment_id
            WHERE stand.enrolment_id = {ENROLMENT}.id AND {ENROLMENT}.organisation_id = %s AND ({stale})
            RETURNING {ENROLMENT}.id""",
            [*parameters, organisation.pk, organisation.pk, organisation.pk],
        )
        return len(cursor.fetchall())
