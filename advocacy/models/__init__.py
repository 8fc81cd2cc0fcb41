from advocacy.models.celebrations import Celebration, CelebrationGuest

__all__ = ["Celebration", "CelebrationGuest"]
