"""Challenges: the catalogue of what commonly stands in the way, and those open at customers with their steps.

An opened challenge takes the catalogue's steps along as they are then; what is written there later changes
nothing of it. Never writes to a customer.
"""

from coaching.challenging.catalogue import add_kind, edit_kind, retire_kind, return_kind
from coaching.challenging.closing import give_up, reopen, resolve
from coaching.challenging.faults import Incomplete, NotPossible
from coaching.challenging.opening import NO_METHOD, Method, NewChallenge, follow, open_challenge
from coaching.challenging.stepping import tick, untick

__all__ = [
    "NO_METHOD",
    "Incomplete",
    "Method",
    "NewChallenge",
    "NotPossible",
    "add_kind",
    "edit_kind",
    "follow",
    "give_up",
    "open_challenge",
    "reopen",
    "resolve",
    "retire_kind",
    "return_kind",
    "tick",
    "untick",
]
