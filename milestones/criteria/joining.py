"""How criteria make a milestone: all of them, any of them, or at least so many."""

from milestones.criteria.dialects import typed
from milestones.criteria.scope import Scope
from milestones.criteria.tables import CRITERION, MILESTONE, PAST, PROGRESS, VERDICT

# When the rule of the milestone `m` was fulfilled, of its met criteria `e`; `place` counts these in time.
BY_RULE = f"""CASE WHEN m."join" = 'any' THEN MIN(e.met_at)
                    WHEN m."join" = 'at_least' THEN MIN(CASE WHEN e.place >= m.needed THEN e.met_at END)
                    WHEN COUNT(e.met_at) = (SELECT COUNT(*) FROM {CRITERION} n WHERE n.milestone_id = m.id)
                    THEN MAX(e.met_at) END"""


def evidence_of(scope: Scope, progress: str = PROGRESS) -> str:
    """All that speaks for the milestones of a scope: criteria that are met, and what was reached before.
    `progress` is the table, or an expression like it, that says what is met."""
    place = typed("NULL", "bigint")
    if scope.counts_criteria:
        place = "row_number() OVER (PARTITION BY s.id, c.milestone_id ORDER BY p.met_at)"
    return f"""evidence AS (
        SELECT s.organisation_id, s.customer_id, s.started_on, s.id AS enrolment_id, s.version_id,
               c.milestone_id, p.met_at, NULL AS past_at, {place} AS place
        FROM scope s
        JOIN {progress} p ON p.organisation_id = s.organisation_id AND p.enrolment_id = s.id
        JOIN {CRITERION} c ON c.id = p.criterion_id
        UNION ALL
        SELECT s.organisation_id, s.customer_id, s.started_on, s.id, s.version_id,
               m.id, NULL, b.achieved_at, NULL
        FROM scope s
        JOIN {PAST} b ON b.organisation_id = s.organisation_id AND b.enrolment_id = s.id
             AND b.retracted_by IS NULL
        JOIN {MILESTONE} m ON m.version_id = s.version_id AND m.key = b.milestone_key
    )"""


# When each milestone was reached, by its rule or in the past; contests hold it open, settled ones date it.
_REACHED = f"""
    {{evidence}},
    met AS MATERIALIZED (
        SELECT e.organisation_id, e.customer_id, e.started_on, e.enrolment_id,
               m.id AS milestone_id, m.key, m.celebrate, MIN(e.past_at) AS past_at,
               {BY_RULE} AS by_rule
        FROM evidence e
        JOIN {MILESTONE} m ON m.id = e.milestone_id AND m.version_id = e.version_id
        GROUP BY 1, 2, 3, 4, m.id, m.key, m.celebrate, m."join", m.needed
    ),
    dated AS (
        SELECT met.*, CASE WHEN past_at < by_rule OR by_rule IS NULL THEN past_at ELSE by_rule END AS so_at
        FROM met
    ),
    contests AS MATERIALIZED (
        SELECT v.enrolment_id, v.milestone_key, MAX(v.settled_at) AS settled_at,
               SUM(CASE WHEN v.settled_at IS NULL THEN 1 ELSE 0 END) AS open
        FROM {VERDICT} v JOIN scope s ON s.id = v.enrolment_id AND s.organisation_id = v.organisation_id
        WHERE v.kind = 'contested' AND v.withdrawn_at IS NULL
        GROUP BY v.enrolment_id, v.milestone_key
    ),
    reached AS MATERIALIZED (
        SELECT dated.organisation_id, dated.customer_id, dated.started_on,
               dated.enrolment_id, dated.milestone_id, dated.key, dated.celebrate, dated.past_at,
               CASE WHEN contests.settled_at > dated.so_at THEN contests.settled_at ELSE dated.so_at END
               AS achieved_at
        FROM dated LEFT JOIN contests
             ON contests.enrolment_id = dated.enrolment_id AND contests.milestone_key = dated.key
        WHERE dated.so_at IS NOT NULL AND COALESCE(contests.open, 0) = 0
    )"""


def reached(scope: Scope, progress: str = PROGRESS) -> str:
    """Ends with `contests` and `reached`: what is reached in the scope, and when."""
    return _REACHED.format(evidence=evidence_of(scope, progress))
