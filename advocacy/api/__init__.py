"""Celebrations, what is said back to them, and stories, for machines."""

from advocacy.api.celebrations import Celebrations
from advocacy.api.stories import CelebrationReplies, Stories

__all__ = ["CelebrationReplies", "Celebrations", "Stories"]
