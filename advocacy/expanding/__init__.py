"""Growth: a signal is found where three things meet, a person confirms or dismisses it, and follows it.

Nothing is ever offered by mail from here, and nothing of it stands in a celebration.
"""

from advocacy.expanding.deciding import confirm, dismiss, lose, win
from advocacy.expanding.faults import Incomplete, NotPossible
from advocacy.expanding.finding import Sign, look, look_everywhere, matches, nearly
from advocacy.expanding.hearing import note_need
from advocacy.expanding.ruling import retire_rule, save_rule

__all__ = [
    "Incomplete",
    "NotPossible",
    "Sign",
    "confirm",
    "dismiss",
    "look",
    "look_everywhere",
    "lose",
    "matches",
    "nearly",
    "note_need",
    "retire_rule",
    "save_rule",
    "win",
]
