"""What a recipient wants: whether a mail may go to them now, later or not at all. Pure: no queries.

One budget counts everything we write to a person in any seven days. What goes by itself waits when it is
spent; what somebody asks of them, or they asked for, never does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from post.models import Delivery, Recipient

Purpose = Delivery.Purpose
ASKED_FOR = {
    Purpose.LINK,
    Purpose.TEST,
}  # the person waits for it: neither opt-out nor quiet hours hold it back
ASKS_NOTHING = {
    Purpose.CELEBRATION,
    Purpose.MESSAGE,
    Purpose.WEEK,
    Purpose.RESOURCE,
    Purpose.THANKS,
    Purpose.CIRCLE,
}  # what "only what asks something of me" leaves out
GATHERED = {Purpose.MESSAGE}  # what goes into one mail a week, for who wishes for that
AT_WORK = {Purpose.MESSAGE, Purpose.WEEK, Purpose.REMINDER, Purpose.CIRCLE}  # goes in working hours only
WORK_BEGINS, WORK_ENDS, SATURDAY = time(8), time(18), 5
HELD_BY_BUDGET = ASKS_NOTHING | {Purpose.REMINDER}  # of those it counts; a recap follows a call they were on
# Of a call that is moved or off, people must hear before it; quiet hours could end after it.
NEVER_QUIET = ASKED_FOR | {Purpose.RECEIPT, Purpose.INVITATION, Purpose.APPOINTMENT, Purpose.MEETING}


@dataclass(frozen=True)
class Answer:
    """`refused` says why it may not go at all; `later` when to ask again, and `why`. Neither: it may go."""

    refused: str = ""
    later: datetime | None = None
    why: str = ""


YES = Answer()


def ask(
    recipient: Recipient,
    *,
    purpose: str,
    now: datetime,
    budget: int | None = None,
    lately: Sequence[datetime] = (),
) -> Answer:
    """Opt-outs and bounces win over everything; quiet hours and a spent budget only wait.

    `budget` is how many mails a person may get in seven days (None: any number), `lately` when the counted
    ones of the last seven days went to them.
    """
    if recipient.bounced_at is not None and purpose != Purpose.TEST:
        return Answer(refused=_("earlier mail to this address came back"))
    if purpose in ASKED_FOR:
        return YES
    if recipient.opted_out_at is not None or recipient.wish == Recipient.Wish.NOTHING:
        return Answer(refused=_("they asked for no mails"))
    if recipient.wish == Recipient.Wish.IMPORTANT and purpose in ASKS_NOTHING:
        return Answer(refused=_("they asked for mails only when something is asked of them"))
    if recipient.wish == Recipient.Wish.WEEKLY and purpose in GATHERED:
        return Answer(later=next_opening(recipient, now), why=_("waits for their one mail a week"))
    if purpose in HELD_BY_BUDGET and budget is not None and len(lately) >= budget:
        free = sorted(lately)[-budget] if budget else now
        words = ngettext(
            "waits: they had %(n)d mail from us in seven days",
            "waits: they had %(n)d mails from us in seven days",
            len(lately),
        )
        return Answer(later=free + Delivery.BUDGET_DAYS, why=words % {"n": len(lately)})
    if purpose in AT_WORK and (begins := work_begins(recipient, now)):
        return Answer(later=begins, why=_("waits for their working hours"))
    if purpose not in NEVER_QUIET:
        return Answer(later=quiet_until(recipient, now), why=_("waits for their quiet hours to end"))
    return YES


def work_begins(recipient: Recipient, now: datetime) -> datetime | None:
    """When they are at work next, on their clock: Monday to Friday from 8 to 18. None: they are now.

    Quiet hours of their own take the place of 18 to 8: some sleep by day, and then no hour would be left.
    """
    local = now.astimezone(recipient.tzinfo())
    has_own = recipient.quiet_from != recipient.quiet_to
    begins, ends = (time.min, time.max) if has_own else (WORK_BEGINS, WORK_ENDS)
    if local.weekday() < SATURDAY and begins <= local.time() < ends:
        return None
    day = local.date() + timedelta(days=1 if local.time() >= ends else 0)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return datetime.combine(day, begins, tzinfo=recipient.tzinfo())


def week_of(recipient: Recipient, now: datetime) -> date:
    """The Monday of the week it is where they are."""
    local = now.astimezone(recipient.tzinfo())
    return local.date() - timedelta(days=local.weekday())


def opening(recipient: Recipient, week: date) -> datetime:
    """When their one mail of that week is gathered: on their day, when work begins."""
    day = week + timedelta(days=recipient.weekday)
    return datetime.combine(day, WORK_BEGINS, tzinfo=recipient.tzinfo())


def next_opening(recipient: Recipient, now: datetime) -> datetime:
    """The next of these after `now`."""
    week = week_of(recipient, now)
    this = opening(recipient, week)
    return this if this > now else opening(recipient, week + timedelta(days=7))


def quiet_until(recipient: Recipient, now: datetime) -> datetime | None:
    """The end of the recipient's quiet hours when `now` lies in them, on their clock; else None."""
    start, end = recipient.quiet_from, recipient.quiet_to
    if start is None or end is None or start == end:
        return None
    local = now.astimezone(recipient.tzinfo())
    if not _is_between(local.time(), start, end):
        return None
    day = local.date() + timedelta(days=1 if local.time() >= end else 0)
    return datetime.combine(day, end, tzinfo=recipient.tzinfo())


def _is_between(moment: time, start: time, end: time) -> bool:
    return start <= moment < end if start < end else moment >= start or moment < end
