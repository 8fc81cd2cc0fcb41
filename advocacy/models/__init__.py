from advocacy.models.celebrations import Celebration, CelebrationGuest
from advocacy.models.expansions import Expansion, ExpansionRule, Need
from advocacy.models.people import Advocate, AskTerms, Favour
from advocacy.models.referrals import Referral, ReferralOpening

__all__ = [
    "Advocate",
    "AskTerms",
    "Celebration",
    "CelebrationGuest",
    "Expansion",
    "ExpansionRule",
    "Favour",
    "Need",
    "Referral",
    "ReferralOpening",
]
