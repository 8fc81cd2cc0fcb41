from coaching.models.calls import Call, CallAttendee, CallDraft, Commitment, Touchpoint

__all__ = ["Call", "CallAttendee", "CallDraft", "Commitment", "Touchpoint"]
