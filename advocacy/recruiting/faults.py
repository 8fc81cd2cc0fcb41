"""Why something is not asked, or not answered. Nothing was stored; the words say why."""

from datetime import datetime


class MayNotBeAsked(Exception):
    """Not now, or not this person. `free_at`: from when on they may be."""

    def __init__(self, words: str, *, free_at: datetime | None = None) -> None:
        super().__init__(words)
        self.free_at = free_at


class WordsMissing(ValueError):
    """A field that needs words has none."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


class NotPossible(Exception):
    """What is asked for does not fit what became of it."""
