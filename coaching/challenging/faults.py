"""Why something about challenges is not possible, in words for the person who tried."""


class NotPossible(Exception):
    """Nothing was stored. The message says why and what to do."""


class Incomplete(NotPossible):
    """Something is missing or too much. `field` names what to correct."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field
