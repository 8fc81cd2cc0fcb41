"""The library: written as a draft, published as the next edition, looked through, retired, brought back.

Whoever was sent an edition keeps seeing that one. Nothing here writes to a customer: see `coaching.sharing`.
"""

from coaching.shelving.faults import NotPossible, Unfinished
from coaching.shelving.publishing import missing_parts, publish, write
from coaching.shelving.retiring import bring_back, retire, review
from coaching.shelving.writing import NewFile, Place, drop_draft, keep_draft, place

__all__ = [
    "NewFile",
    "NotPossible",
    "Place",
    "Unfinished",
    "bring_back",
    "drop_draft",
    "keep_draft",
    "missing_parts",
    "place",
    "publish",
    "retire",
    "review",
    "write",
]
