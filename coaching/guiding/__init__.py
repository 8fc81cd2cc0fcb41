"""Guides for conversations: written as a draft, published as the next edition, the ones before kept.

What a call was led by is the edition of that day: publishing changes nothing that was said before.
"""

from coaching.guiding.publishing import PARTS, Unfinished, missing_parts, publish, write
from coaching.guiding.writing import NotPossible, drop_draft, keep_draft

__all__ = [
    "PARTS",
    "NotPossible",
    "Unfinished",
    "drop_draft",
    "keep_draft",
    "missing_parts",
    "publish",
    "write",
]
