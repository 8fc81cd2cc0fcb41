"""Other systems are told what happens, signed, until they take it: Standard Webhooks.

A fact is put in line in the transaction that makes it so; it leaves if and only if that commits. Each
address gets each fact under one id, which stays the same however often it is sent: receivers drop a second
copy by it.
"""

from post.webhooks.delivering import dispatch
from post.webhooks.keeping import (
    CannotReplay,
    add,
    change,
    remove,
    renew_secret,
    replay,
    replay_failed,
    send_test,
    switch_off,
    switch_on,
)
from post.webhooks.kinds import KINDS
from post.webhooks.sweeping import sweep
from post.webhooks.telling import Fact, tell

__all__ = [
    "KINDS",
    "CannotReplay",
    "Fact",
    "add",
    "change",
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
