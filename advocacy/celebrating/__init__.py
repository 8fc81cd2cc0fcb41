"""Achievement into mail: one celebration per enrolment and milestone, for ever.

`gather` gives every achievement to celebrate its celebration; `post_due` puts those whose hold has passed in
the post. Between the two a person can edit, approve, stop or send. Nothing goes out for an achievement that
does not stand, and nothing goes out twice: what is reached again after it was sent is only told to the CSM.
"""

from advocacy.celebrating.changing import approve, bring_back, celebrate, edit, stop
from advocacy.celebrating.delivering import AT_ONCE as POSTED_AT_ONCE
from advocacy.celebrating.delivering import post_due, send_now
from advocacy.celebrating.faults import CannotChange, NotReady
from advocacy.celebrating.gathering import AT_ONCE as GATHERED_AT_ONCE
from advocacy.celebrating.gathering import gather
from advocacy.celebrating.rendering import preview, previews

__all__ = [
    "GATHERED_AT_ONCE",
    "POSTED_AT_ONCE",
    "CannotChange",
    "NotReady",
    "approve",
    "bring_back",
    "celebrate",
    "edit",
    "gather",
    "post_due",
    "preview",
    "previews",
    "send_now",
    "stop",
]
