"""What people said as evidence: the CSM's claim with what it is to show, the customer's own answer."""

from milestones.criteria.tables import CLAIM, VERDICT

# A claim that shows what the criterion asks for.
SHOWS = """(c.way = '' OR (c.way = 'number' AND e.evidence_number IS NOT NULL)
            OR (c.way = 'words' AND e.evidence_words <> '') OR (c.way = 'link' AND e.evidence_link <> ''))"""

CLAIMED = f"""
    SELECT c.enrolment_id, c.criterion_id, MIN(e.reached_at), NULL, NULL
    FROM asked c
    JOIN {CLAIM} e ON e.organisation_id = c.organisation_id AND e.enrolment_id = c.enrolment_id
         AND e.milestone_key = c.milestone_key AND e.withdrawn_at IS NULL AND {SHOWS}
    WHERE true GROUP BY c.enrolment_id, c.criterion_id"""

CONFIRMED = f"""
    SELECT c.enrolment_id, c.criterion_id, MIN(v.at), NULL, NULL
    FROM asked c
    JOIN {VERDICT} v ON v.organisation_id = c.organisation_id AND v.enrolment_id = c.enrolment_id
         AND v.milestone_key = c.milestone_key AND v.kind = 'confirmed' AND v.withdrawn_at IS NULL
    WHERE true GROUP BY c.enrolment_id, c.criterion_id"""

# The customer said so of the milestone `m` of the enrolment `s`.
IS_CONFIRMED = f"""EXISTS (SELECT 1 FROM {VERDICT} v WHERE v.organisation_id = s.organisation_id
                   AND v.enrolment_id = s.id AND v.milestone_key = m.key
                   AND v.kind = 'confirmed' AND v.withdrawn_at IS NULL)"""
