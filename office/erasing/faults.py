"""Why somebody is not erased, or an erasure is not lifted."""


class NotPossible(ValueError):
    """The message says what stands in the way and what to do."""
