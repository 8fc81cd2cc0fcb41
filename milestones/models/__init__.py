from milestones.models.journeys import Criterion, Journey, JourneyVersion, Milestone
from milestones.models.past import Baseline, BaselineRate, PastAchievement
from milestones.models.pauses import Patience, Pause
from milestones.models.progress import Achievement, Ask, Claim, CriterionProgress, Enrolment, Verdict

__all__ = [
    "Achievement",
    "Ask",
    "Baseline",
    "BaselineRate",
    "Claim",
    "Criterion",
    "CriterionProgress",
    "Enrolment",
    "Journey",
    "JourneyVersion",
    "Milestone",
    "PastAchievement",
    "Patience",
    "Pause",
    "Verdict",
]
