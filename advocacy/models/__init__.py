from advocacy.models.celebrations import Celebration, CelebrationGuest
from advocacy.models.people import Advocate, AskTerms, Favour

__all__ = ["Advocate", "AskTerms", "Celebration", "CelebrationGuest", "Favour"]
