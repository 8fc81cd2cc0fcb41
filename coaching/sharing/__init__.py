"""Resources on their way to customers: sent, opened, and what the reader says of them.

An edition goes to a person once. Opening is what a person's browser tells when the page is in view; that a
program fetched it counts for nothing.
"""

from coaching.sharing.judging import NotTheirs, judge, may_judge, note_opening
from coaching.sharing.sending import NOTHING, NotPossible, Share, send, send_along
from coaching.sharing.suggesting import Fit, fit_of, suggested

__all__ = [
    "NOTHING",
    "Fit",
    "NotPossible",
    "NotTheirs",
    "Share",
    "fit_of",
    "judge",
    "may_judge",
    "note_opening",
    "send",
    "send_along",
    "suggested",
]
