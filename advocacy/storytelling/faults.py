"""Why a step of storytelling is not possible, in words for the person who tried."""


class NotPossible(Exception):
    """Nothing was stored. The message says why and what to do."""


class Incomplete(NotPossible):
    """Something is missing or does not fit. `field` names what to correct."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


class NotAgreed(NotPossible):
    """The customer has not agreed to exactly this, or not to that use of it."""


class MovedOn(NotPossible):
    """The text is another one than they read: they see it before they agree to it."""


class NothingToAnswer(NotPossible):
    """The question was answered or taken back, or this link never asked one."""
