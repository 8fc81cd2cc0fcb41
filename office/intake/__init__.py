"""Events in Segment's protocol become customers, people and readings, judged in the same pass.

A message is known by its messageId: the same again changes nothing. What has no rule yet, or no customer,
waits and can be replayed. Nothing here decides who may send: see `office.authorising`.
"""

from office.intake.messages import BadRequest, Message, messages
from office.intake.ruling import (
    LARGEST_FILE,
    BadRules,
    add_rule,
    export_rules,
    import_rules,
    remove_rule,
)
from office.intake.sweeping import sweep
from office.intake.taking import replay, take

__all__ = [
    "LARGEST_FILE",
    "BadRequest",
    "BadRules",
    "Message",
    "add_rule",
    "export_rules",
    "import_rules",
    "messages",
    "remove_rule",
    "replay",
    "sweep",
    "take",
]
