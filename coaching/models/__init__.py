from coaching.models.calls import Call, CallAttendee, CallDraft, Commitment, Touchpoint
from coaching.models.challenges import Challenge, ChallengeKind, ChallengeStep, lines_of
from coaching.models.feeds import CalendarFeed
from coaching.models.guides import Guide, GuideEdition, GuideEditionQuerySet
from coaching.models.invitations import CallInvitation, CallInvitationQuerySet
from coaching.models.plans import (
    CadenceRule,
    Channel,
    DayOff,
    Occurrence,
    PlanWeights,
    WorkDay,
)

__all__ = [
    "CadenceRule",
    "CalendarFeed",
    "Call",
    "CallAttendee",
    "CallDraft",
    "CallInvitation",
    "CallInvitationQuerySet",
    "Challenge",
    "ChallengeKind",
    "ChallengeStep",
    "Channel",
    "Commitment",
    "DayOff",
    "Guide",
    "GuideEdition",
    "GuideEditionQuerySet",
    "Occurrence",
    "PlanWeights",
    "Touchpoint",
    "WorkDay",
    "lines_of",
]
