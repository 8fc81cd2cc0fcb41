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
from coaching.models.resources import (
    FRESH,
    Resource,
    ResourceEdition,
    ResourceEditionQuerySet,
    ResourceFile,
    ResourceQuerySet,
    ResourceTag,
    folded,
)
from coaching.models.sendings import Recap, RecapCopy, Sending, SendingQuerySet

__all__ = [
    "FRESH",
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
    "Recap",
    "RecapCopy",
    "Resource",
    "ResourceEdition",
    "ResourceEditionQuerySet",
    "ResourceFile",
    "ResourceQuerySet",
    "ResourceTag",
    "Sending",
    "SendingQuerySet",
    "Touchpoint",
    "WorkDay",
    "folded",
    "lines_of",
]
