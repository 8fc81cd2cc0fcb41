from advocacy.api.celebrations import Celebrations

__all__ = ["Celebrations"]
