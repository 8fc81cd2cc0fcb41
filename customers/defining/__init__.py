"""What customers want to reach: written down by a member, corrected and confirmed by the customer.

A member writes and asks; only the customer says that a wording is right. Whoever changes what it means takes
that back, and every change keeps the edition before it.
"""

from customers.defining.answering import confirm, may_answer, object_to, undo
from customers.defining.asking import ask, send_link
from customers.defining.faults import (
    CannotBeAsked,
    Incomplete,
    MovedOn,
    NothingToAnswer,
    NotPossible,
    TooLate,
    WordsMissing,
)
from customers.defining.leaving import close_questions_to
from customers.defining.writing import add, edit, move, restore, retire, write_first

__all__ = [
    "CannotBeAsked",
    "Incomplete",
    "MovedOn",
    "NotPossible",
    "NothingToAnswer",
    "TooLate",
    "WordsMissing",
    "add",
    "ask",
    "close_questions_to",
    "confirm",
    "edit",
    "may_answer",
    "move",
    "object_to",
    "restore",
    "retire",
    "send_link",
    "undo",
    "write_first",
]
