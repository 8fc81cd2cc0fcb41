from milestones.models.agreements import Agreement
from milestones.models.aims import Aim
from milestones.models.enrolments import Enrolment
from milestones.models.journeys import Criterion, Journey, JourneyVersion, Milestone
from milestones.models.messages import Message, MessageWritten, Occasion, WeeklyMail
from milestones.models.next_steps import NextStep, Pick
from milestones.models.past import Baseline, BaselineRate, PastAchievement
from milestones.models.pauses import Patience, Pause
from milestones.models.progress import Achievement, Ask, Claim, CriterionProgress, Verdict

__all__ = [
    "Achievement",
    "Agreement",
    "Aim",
    "Ask",
    "Baseline",
    "BaselineRate",
    "Claim",
    "Criterion",
    "CriterionProgress",
    "Enrolment",
    "Journey",
    "JourneyVersion",
    "Message",
    "MessageWritten",
    "Milestone",
    "NextStep",
    "Occasion",
    "PastAchievement",
    "Patience",
    "Pause",
    "Pick",
    "Verdict",
    "WeeklyMail",
]
