"""What can keep a resource from being written or published."""

from collections.abc import Mapping


class NotPossible(Exception):
    """Nothing was stored. The message says why and what to do."""


class Unfinished(NotPossible):
    """Something is missing, by field. Nothing was published; the draft stands."""

    def __init__(self, missing: Mapping[str, str]) -> None:
        super().__init__(" ".join(missing.values()))
        self.missing = missing
