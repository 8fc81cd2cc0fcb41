"""Celebrations, what is said back to them, stories and referrals, for machines."""

from advocacy.api.celebrations import Celebrations
from advocacy.api.referrals import Referrals
from advocacy.api.stories import CelebrationReplies, Stories

__all__ = ["CelebrationReplies", "Celebrations", "Referrals", "Stories"]
