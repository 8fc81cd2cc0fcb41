"""Coaching calls: plan one, keep its draft, log it with what was agreed, settle what was promised.

Never judges a milestone and never writes to a customer: a call is the coach's record, the outcome is theirs.
"""

from coaching.scheduling.calls import (
    AlreadyLogged,
    CallChanged,
    CallInFuture,
    NotAtCustomer,
    Said,
    Then,
    edit_call,
    log_call,
)
from coaching.scheduling.commitments import NewCommitment, NotTheirs, note, settle, settle_own
from coaching.scheduling.drafts import DraftTooLong, drop_draft, keep_draft
from coaching.scheduling.touchpoints import CallInPast, OtherPlanned, Terms, bring_back, plan, skip

__all__ = [
    "AlreadyLogged",
    "CallChanged",
    "CallInFuture",
    "CallInPast",
    "DraftTooLong",
    "NewCommitment",
    "NotAtCustomer",
    "NotTheirs",
    "OtherPlanned",
    "Said",
    "Terms",
    "Then",
    "bring_back",
    "drop_draft",
    "edit_call",
    "keep_draft",
    "log_call",
    "note",
    "plan",
    "settle",
    "settle_own",
    "skip",
]
