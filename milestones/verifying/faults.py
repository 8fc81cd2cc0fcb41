"""Why a step of verifying is not possible, in words for the person who tried."""

from milestones.models import Verdict


class NotPossible(Exception):
    """Nothing was stored. The message says why and what to do."""


class ClaimIncomplete(NotPossible):
    """A claim without its fact or its evidence, or dated in the future. `field` names what to correct."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


class CannotBeAsked(NotPossible):
    """This person cannot be asked: no address, gone, or somebody else's contact."""


class NothingToAnswer(NotPossible):
    """The question was taken back, or there never was one."""


class AlreadyAnswered(NotPossible):
    """This person has answered; `verdict` is the answer that stands."""

    def __init__(self, verdict: Verdict, words: str) -> None:
        super().__init__(words)
        self.verdict = verdict


class WordsMissing(NotPossible):
    """A contest needs a sentence, and so does the answer to one."""


class TooLate(NotPossible):
    """The 24 hours for undoing are over."""
