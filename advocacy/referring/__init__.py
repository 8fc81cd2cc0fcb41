"""Referrals: somebody writes by an advocate's address; people here say what became of it.

Credit goes to whoever brought them first. Nothing is paid, and no stranger makes a mail leave.
"""

from advocacy.referring.arriving import find, opened, submit
from advocacy.referring.faults import Incomplete, NotPossible, SelfReferral
from advocacy.referring.following import lose, note_reward, qualify, win
from advocacy.referring.forgetting import forget

__all__ = [
    "Incomplete",
    "NotPossible",
    "SelfReferral",
    "find",
    "forget",
    "lose",
    "note_reward",
    "opened",
    "qualify",
    "submit",
    "win",
]
