"""Customers into advocates: one favour is asked of one person, answered by them, done, thanked.

Nobody is asked who may not be: see `advocacy.ledger`. Never promises or pays anything by itself.
"""

from advocacy.recruiting.answering import answer, note_answer, of_link
from advocacy.recruiting.asking import ask, beginning, withdraw
from advocacy.recruiting.ending import end, take_back
from advocacy.recruiting.faults import MayNotBeAsked, NotPossible, WordsMissing
from advocacy.recruiting.following import finish, thank
from advocacy.recruiting.terms import save_terms

__all__ = [
    "MayNotBeAsked",
    "NotPossible",
    "WordsMissing",
    "answer",
    "ask",
    "beginning",
    "end",
    "finish",
    "note_answer",
    "of_link",
    "save_terms",
    "take_back",
    "thank",
    "withdraw",
]
