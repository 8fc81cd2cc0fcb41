"""Why a referral is not taken, or not moved. Nothing was stored."""


class SelfReferral(ValueError):
    """Whoever passes an address on cannot be the newcomer, nor can their company."""


class Incomplete(ValueError):
    """A field is missing or wrong."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


class NotPossible(Exception):
    """It does not fit what became of it."""
