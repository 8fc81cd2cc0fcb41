from coaching.models.calls import Call, CallAttendee, CallDraft, Commitment, Touchpoint
from coaching.models.challenges import Challenge, ChallengeKind, ChallengeStep, lines_of
from coaching.models.feeds import CalendarFeed
from coaching.models.guides import Guide, GuideEdition, GuideEditionQuerySet
from coaching.models.invitations import CallInvitation, CallInvitationQuerySet

__all__ = [
    "CalendarFeed",
    "Call",
    "CallAttendee",
    "CallDraft",
    "CallInvitation",
    "CallInvitationQuerySet",
    "Challenge",
    "ChallengeKind",
    "ChallengeStep",
    "Commitment",
    "Guide",
    "GuideEdition",
    "GuideEditionQuerySet",
    "Touchpoint",
    "lines_of",
]
