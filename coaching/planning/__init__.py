"""What coaching is planned by, and what came due: rules, hours, weights; accepted, skipped, raised once.

A call is due on a local day, never at a moment that a queue keeps: whoever looks first raises it, and the
database lets nobody raise it twice. Nothing is planned without a person's yes, and never beyond the minutes
that are there.
"""

from coaching.planning.faults import NoRoom, NoWhy
from coaching.planning.hours import (
    USUAL_HOURS,
    Hours,
    add_day_off,
    drop_day_off,
    hours_of,
    set_hours,
)
from coaching.planning.occurrences import Due, Pick, accept, bring_back, raise_due, skip
from coaching.planning.rooms import Room, rooms_of, zone_of
from coaching.planning.rules import drop_rule, set_rule, set_weights, weights_of

__all__ = [
    "USUAL_HOURS",
    "Due",
    "Hours",
    "NoRoom",
    "NoWhy",
    "Pick",
    "Room",
    "accept",
    "add_day_off",
    "bring_back",
    "drop_day_off",
    "drop_rule",
    "hours_of",
    "raise_due",
    "rooms_of",
    "set_hours",
    "set_rule",
    "set_weights",
    "skip",
    "weights_of",
    "zone_of",
]
