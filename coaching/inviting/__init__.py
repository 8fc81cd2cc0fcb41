"""People at a customer asked to a planned call: an entry for their calendar, kept true by mail (RFC 5546).

Each message is one mail with a sequence of its own, put in the outbox with what it tells of; it waits there
for two minutes, in which it can be taken back. What becomes of a call, a customer or a person later is found
by `follow_all`. Nobody is asked without a person's tick, and answers go by mail to whoever planned the call.
"""

from coaching.inviting.asking import CannotInvite, ask, ask_again
from coaching.inviting.following import FOLLOWED_AT_ONCE, follow, follow_all
from coaching.inviting.lengths import USUAL_MINUTES, minutes_of
from coaching.inviting.letters import HOLD, PURPOSE

__all__ = [
    "FOLLOWED_AT_ONCE",
    "HOLD",
    "PURPOSE",
    "USUAL_MINUTES",
    "CannotInvite",
    "ask",
    "ask_again",
    "follow",
    "follow_all",
    "minutes_of",
]
