"""Why a celebration cannot be changed or sent, in words for the person who tried."""


class CannotChange(Exception):
    """It has left, or was stopped. Nothing was changed; the message says what happened."""


class NotReady(Exception):
    """It lacks its fact or its person, or its achievement no longer stands. The message says which."""
