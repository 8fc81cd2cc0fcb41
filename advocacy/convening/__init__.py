"""People of different customers brought together: circles, introductions, meetings, news.

Nobody is in a circle but by their yes, shows more than their first name but by their tick, or learns who
somebody is but by both yes. Conversation goes by mail, or where the circle's address leads.
"""

from datetime import datetime

from advocacy.convening.asking import ask
from advocacy.convening.belonging import join, leave, show, take_out
from advocacy.convening.following import follow_all
from advocacy.convening.introducing import answer, ask_both, end_impossible, withdraw
from advocacy.convening.making import close, save
from advocacy.convening.meeting import call_off, change, plan
from advocacy.convening.telling import AT_ONCE, tell_news
from advocacy.recruiting.faults import MayNotBeAsked, NotPossible, WordsMissing
from organisations.models import Organisation
from organisations.sweeping import in_each_organisation

__all__ = [
    "MayNotBeAsked",
    "NotPossible",
    "WordsMissing",
    "answer",
    "ask",
    "ask_both",
    "call_off",
    "change",
    "close",
    "join",
    "leave",
    "plan",
    "save",
    "show",
    "take_out",
    "tell_news",
    "tend_everywhere",
    "withdraw",
]


def tend(*, organisation: Organisation, now: datetime, at_most: int = AT_ONCE) -> int:
    """What became of people: calendars follow, what cannot come about ends, news is told."""
    ended = end_impossible(now=now, at_most=at_most)
    return ended + follow_all(now=now) + tell_news(organisation=organisation, now=now, at_most=at_most)


def tend_everywhere(*, now: datetime) -> int:
    return in_each_organisation(
        lambda organisation, at_most: min(
            tend(organisation=organisation, now=now, at_most=at_most), at_most - 1
        ),
        part=AT_ONCE,
        what="circles tended",
    )
