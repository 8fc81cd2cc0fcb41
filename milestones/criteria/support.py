"""Silence as evidence: no support case was open for days on end.

Silence counts only where the help desk was heard: from the opening of its first case to the newest opening or
closing of any. So no clock decides: what proves that days passed in silence is that the desk spoke later.
"""

from milestones.criteria.dialects import later
from milestones.criteria.tables import CASE


def quiet() -> str:
    """Silence begins at the start, or the first case of all, or a case's closing; days later it is full."""
    full = later("q.since", "q.days")
    concerns = "x.customer_id = {0}.customer_id AND ({0}.urgency = '' OR x.urgency = {0}.urgency)"
    asked = "a.enrolment_id, a.criterion_id, a.organisation_id, a.customer_id, a.urgency, a.days, heard.until"
    return f"""
    SELECT q.enrolment_id, q.criterion_id, MIN({full}), NULL, NULL
    FROM (
        SELECT {asked}, CASE WHEN a.started_at > heard.since THEN a.started_at ELSE heard.since END AS since
        FROM asked a JOIN ({_heard()}) AS heard ON heard.organisation_id = a.organisation_id
        UNION ALL
        SELECT {asked}, x.resolved_at
        FROM asked a JOIN ({_heard()}) AS heard ON heard.organisation_id = a.organisation_id
        JOIN {CASE} x ON x.organisation_id = a.organisation_id AND x.retracted_by IS NULL
             AND {concerns.format("a")} AND x.resolved_at IS NOT NULL
             AND (a.started_at IS NULL OR x.resolved_at >= a.started_at)
    ) AS q
    WHERE {full} <= q.until AND NOT EXISTS (
        SELECT 1 FROM {CASE} x WHERE x.organisation_id = q.organisation_id AND x.retracted_by IS NULL
            AND {concerns.format("q")} AND x.opened_at < {full}
            AND (x.resolved_at IS NULL OR x.resolved_at > q.since)
    )
    GROUP BY q.enrolment_id, q.criterion_id"""


def _heard() -> str:
    return f"""SELECT organisation_id, MIN(opened_at) AS since, MAX(COALESCE(resolved_at, opened_at)) AS until
               FROM {CASE} WHERE retracted_by IS NULL
               AND organisation_id IN (SELECT organisation_id FROM asked) GROUP BY organisation_id"""
