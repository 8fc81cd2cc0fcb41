from advocacy.models.celebrations import Celebration, CelebrationGuest
from advocacy.models.consents import Channel, StoryConsent
from advocacy.models.replies import CelebrationReply
from advocacy.models.stories import Story, StoryAsk, StoryEdition, StoryNumber, StoryUse

__all__ = [
    "Celebration",
    "CelebrationGuest",
    "CelebrationReply",
    "Channel",
    "Story",
    "StoryAsk",
    "StoryConsent",
    "StoryEdition",
    "StoryNumber",
    "StoryUse",
]
