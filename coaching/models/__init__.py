from coaching.models.calls import Call, CallAttendee, CallDraft, Commitment, Touchpoint
from coaching.models.feeds import CalendarFeed

__all__ = ["CalendarFeed", "Call", "CallAttendee", "CallDraft", "Commitment", "Touchpoint"]
