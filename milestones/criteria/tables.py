"""The tables that the judge's statements name."""

from customers.models import Reading, SupportCase
from milestones.models import (
    Claim,
    Criterion,
    CriterionProgress,
    Enrolment,
    Milestone,
    PastAchievement,
    Verdict,
)

ENROLMENT = Enrolment._meta.db_table
MILESTONE = Milestone._meta.db_table
CRITERION = Criterion._meta.db_table
READING = Reading._meta.db_table
CASE = SupportCase._meta.db_table
CLAIM = Claim._meta.db_table
VERDICT = Verdict._meta.db_table
PROGRESS = CriterionProgress._meta.db_table
PAST = PastAchievement._meta.db_table
