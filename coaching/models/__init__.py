from coaching.models.calls import Call, CallAttendee, CallDraft, Commitment, Touchpoint
from coaching.models.feeds import CalendarFeed
from coaching.models.invitations import CallInvitation, CallInvitationQuerySet

__all__ = [
    "CalendarFeed",
    "Call",
    "CallAttendee",
    "CallDraft",
    "CallInvitation",
    "CallInvitationQuerySet",
    "Commitment",
    "Touchpoint",
]
