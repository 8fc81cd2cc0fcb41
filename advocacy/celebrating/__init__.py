"""Achievement into mail: one celebration per enrolment and milestone, for ever.

`gather` gives every achievement to celebrate its celebration; `post_due` puts those whose hold has passed in
the post. Between the two a person can edit, approve, stop or send. Nothing goes out for an achievement that
does not stand, and nothing goes out twice: what is reached again after it was sent is only told to the CSM.
"""

from advocacy.celebrating.changing import approve, bring_back, celebrate, edit, stop
from advocacy.celebrating.delivering import post_due, send_now
from advocacy.celebrating.faults import CannotChange, NotReady
from advocacy.celebrating.gathering import gather
from advocacy.celebrating.rendering import preview

__all__ = [
    "CannotChange",
    "NotReady",
    "approve",
    "bring_back",
    "celebrate",
    "edit",
    "gather",
    "post_due",
    "preview",
    "send_now",
    "stop",
]
