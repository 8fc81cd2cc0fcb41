"""Claim, evidence, the customer's answer.

A member claims and asks; only the customer answers. The rules for more than one answer:

- Each person's newest standing answer counts. Answering again needs a new question, or undoing the first
  answer within 24 hours.
- A contest holds the milestone open whatever others confirm, until it is undone or settled.
- It is settled by the next confirmation of the same person, or of a colleague who was asked after the
  contest: their question tells them of it, so they confirm knowingly. A yes to an older question settles
  nothing.
- Settling is worked out anew from the answers that stand, so undoing a yes opens the contest again.
"""

from milestones.verifying.answering import confirm, contest, undo
from milestones.verifying.asking import answer_contest, ask
from milestones.verifying.claiming import asked_of, claim, withdraw_claim
from milestones.verifying.faults import (
    AlreadyAnswered,
    CannotBeAsked,
    ClaimIncomplete,
    NothingToAnswer,
    NotPossible,
    TooLate,
    WordsMissing,
)
from milestones.verifying.leaving import contact_left
from milestones.verifying.sending import send_copy, send_link_to_answer, send_new_link, send_own_link

__all__ = [
    "AlreadyAnswered",
    "CannotBeAsked",
    "ClaimIncomplete",
    "NotPossible",
    "NothingToAnswer",
    "TooLate",
    "WordsMissing",
    "answer_contest",
    "ask",
    "asked_of",
    "claim",
    "confirm",
    "contact_left",
    "contest",
    "send_copy",
    "send_link_to_answer",
    "send_new_link",
    "send_own_link",
    "undo",
    "withdraw_claim",
]
