"""Why something cannot be done with a promise, in words for people."""


class NotPossible(ValueError):
    """It stands otherwise than this would need."""


class Incomplete(ValueError):
    """Something is missing or contradicts itself. `field` says where."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field
