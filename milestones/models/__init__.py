from milestones.models.journeys import Criterion, Journey, JourneyVersion, Milestone
from milestones.models.progress import Achievement, Ask, Claim, CriterionProgress, Enrolment, Verdict

__all__ = [
    "Achievement",
    "Ask",
    "Claim",
    "Criterion",
    "CriterionProgress",
    "Enrolment",
    "Journey",
    "JourneyVersion",
    "Milestone",
    "Verdict",
]
