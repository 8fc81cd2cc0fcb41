"""Why a step of defining is not possible, in words for the person who tried."""


class NotPossible(Exception):
    """Nothing was stored. The message says why and what to do."""


class Incomplete(NotPossible):
    """Something is missing, or does not fit together. `field` names what to correct."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


class CannotBeAsked(NotPossible):
    """This person cannot be asked: no address, gone, or somebody else's contact."""


class NothingToAnswer(NotPossible):
    """The question was taken back or answered, or there never was one on this link."""


class MovedOn(NotPossible):
    """The wording is another one than they read: they see it before they say that it is right."""


class WordsMissing(NotPossible):
    """An objection needs a sentence."""


class TooLate(NotPossible):
    """The 24 hours for undoing are over."""
