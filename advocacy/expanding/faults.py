"""Why nothing was stored."""


class Incomplete(ValueError):
    """A field is missing or wrong."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


class NotPossible(Exception):
    """It does not fit what became of it."""
