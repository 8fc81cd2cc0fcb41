from advocacy.api.celebrations import Celebrations
from advocacy.api.referrals import Referrals

__all__ = ["Celebrations", "Referrals"]
