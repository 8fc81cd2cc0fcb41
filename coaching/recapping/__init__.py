"""The recap of a call: drafted from its record, edited by whoever was on it, sent to people of the customer.

What it is drafted from is what the customer may see; the coach's notes are never read here.
"""

from coaching.recapping.drafting import Draft, begin, draft_of, drop, keep
from coaching.recapping.sending import NotPossible, send

__all__ = ["Draft", "NotPossible", "begin", "draft_of", "drop", "keep", "send"]
