"""Other systems are told what happens, signed, until they take it: Standard Webhooks.

A fact is put in line in the transaction that makes it so; it leaves if and only if that commits. Each
address gets each fact under one id, which stays the same however often it is sent: receivers drop a second
copy by it.
"""

from post.webhooks.channels import Line, Message, Part
from post.webhooks.delivering import dispatch
from post.webhooks.keeping import (
    CannotReplay,
    add,
    add_channel,
    change,
    change_channel,
    remove,
    renew_secret,
    replay,
    replay_failed,
    send_test,
    switch_off,
    switch_on,
)
from post.webhooks.kinds import DAILY, IN_CHANNELS, KINDS, WEEKLY
from post.webhooks.sweeping import sweep
from post.webhooks.telling import Fact, tell

__all__ = [
    "DAILY",
    "IN_CHANNELS",
    "KINDS",
    "WEEKLY",
    "CannotReplay",
    "Fact",
    "Line",
    "Message",
    "Part",
    "add",
    "add_channel",
    "change",
    "change_channel",
    "dispatch",
    "remove",
    "renew_secret",
    "replay",
    "replay_failed",
    "send_test",
    "sweep",
    "switch_off",
    "switch_on",
    "tell",
]
