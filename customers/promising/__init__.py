"""Promises from the sale: written down at hand-over, decided with the customer, settled on their day.

Every decision is a row with who, when and why; renegotiating keeps the words and the date that stood before.
Nothing here is ever deleted, and no promise counts as kept until somebody says so.
"""

from customers.promising.deciding import decline, into_outcome, renegotiate, reopen, settle
from customers.promising.faults import Incomplete, NotPossible
from customers.promising.writing import WRITTEN, correct, write_down

__all__ = [
    "WRITTEN",
    "Incomplete",
    "NotPossible",
    "correct",
    "decline",
    "into_outcome",
    "renegotiate",
    "reopen",
    "settle",
    "write_down",
]
