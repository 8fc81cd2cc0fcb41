from advocacy.models.celebrations import Celebration, CelebrationGuest
from advocacy.models.circles import Circle, CircleSeat, Introduction
from advocacy.models.consents import Channel, StoryConsent
from advocacy.models.expansions import Expansion, ExpansionRule, Need
from advocacy.models.meetings import CircleMeeting, MeetingNotice
from advocacy.models.people import Advocate, AskTerms, Favour
from advocacy.models.referrals import Referral, ReferralOpening
from advocacy.models.replies import CelebrationReply
from advocacy.models.stories import Story, StoryAsk, StoryEdition, StoryNumber, StoryUse

__all__ = [
    "Advocate",
    "AskTerms",
    "Celebration",
    "CelebrationGuest",
    "CelebrationReply",
    "Channel",
    "Circle",
    "CircleMeeting",
    "CircleSeat",
    "Expansion",
    "ExpansionRule",
    "Favour",
    "Introduction",
    "MeetingNotice",
    "Need",
    "Referral",
    "ReferralOpening",
    "Story",
    "StoryAsk",
    "StoryConsent",
    "StoryEdition",
    "StoryNumber",
    "StoryUse",
]
