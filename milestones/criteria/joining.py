"""How criteria make a milestone: all of them, any of them, or at least so many."""

from milestones.criteria.dialects import typed
from milestones.criteria.scope import Scope
from milestones.criteria.tables import CRITERION, MILESTONE, PAST, PROGRESS

# When the rule of the milestone `m` was fulfilled, of its met criteria `e`; `place` counts these in time.
BY_RULE = f"""CASE WHEN m."join" = 'any' THEN MIN(e.met_at)
                    WHEN m."join" = 'at_least' THEN MIN(CASE WHEN e.place >= m.needed THEN e.met_at END)
                    WHEN COUNT(e.met_at) = (SELECT COUNT(*) FROM {CRITERION} n WHERE n.milestone_id = m.id)
                    THEN MAX(e.met_at) END"""


def evidence_of(scope: Scope) -> str:
    """All that speaks for the milestones of a scope: criteria that are met, and what was reached before."""
    place = typed("NULL", "bigint")
    if scope.counts_criteria:
        place = "row_number() OVER (PARTITION BY s.id, c.milestone_id ORDER BY p.met_at)"
    return f"""evidence AS (
        SELECT s.organisation_id, s.customer_id, s.started_on, s.id AS enrolment_id, s.version_id,
               c.milestone_id, p.met_at, NULL AS past_at, {place} AS place
        FROM scope s
        JOIN {PROGRESS} p ON p.organisation_id = s.organisation_id AND p.enrolment_id = s.id
        JOIN {CRITERION} c ON c.id = p.criterion_id
        UNION ALL
        SELECT s.organisation_id, s.customer_id, s.started_on, s.id, s.version_id,
               m.id, NULL, b.achieved_at, NULL
        FROM scope s
        JOIN {PAST} b ON b.organisation_id = s.organisation_id AND b.enrolment_id = s.id
             AND b.retracted_by IS NULL
        JOIN {MILESTONE} m ON m.version_id = s.version_id AND m.key = b.milestone_key
    )"""
