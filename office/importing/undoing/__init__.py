"""An import taken back: looked at first, then undone in one transaction, or part by part.

Undo adds, and never erases: readings are retracted, customers archived, enrolments ended, all judged again.
What somebody has changed since, or what something rests on, is left whole and listed.
"""

from office.importing.undoing.asking import ask_to_undo, why_not
from office.importing.undoing.looking import Left, Outlook, in_words, listed, look_ahead, named
from office.importing.undoing.taking_back import undo

__all__ = ["Left", "Outlook", "ask_to_undo", "in_words", "listed", "look_ahead", "named", "undo", "why_not"]
