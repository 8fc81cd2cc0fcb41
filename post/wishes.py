"""What a recipient wants: whether a mail may go to them now, later or not at all. Pure: no queries."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils.translation import gettext as _

from post.models import Delivery, Recipient

Purpose = Delivery.Purpose
ASKED_FOR = {
    Purpose.LINK,
    Purpose.TEST,
}  # the person waits for it: neither opt-out nor quiet hours hold it back
ASKS_NOTHING = {Purpose.CELEBRATION}  # what "only what asks something of me" leaves out
# Of a call that is moved or off, people must hear before it; quiet hours could end after it.
NEVER_QUIET = ASKED_FOR | {Purpose.RECEIPT, Purpose.INVITATION, Purpose.APPOINTMENT}


@dataclass(frozen=True)
class Answer:
    """`refused` says why it may not go at all; `later` when to ask again. Neither: it may go."""

    refused: str = ""
    later: datetime | None = None


YES = Answer()


def ask(recipient: Recipient, *, purpose: str, now: datetime) -> Answer:
    """Opt-outs and bounces win over everything; quiet hours only wait."""
    if recipient.bounced_at is not None and purpose != Purpose.TEST:
        return Answer(refused=_("earlier mail to this address came back"))
    if purpose in ASKED_FOR:
        return YES
    if recipient.opted_out_at is not None or recipient.wish == Recipient.Wish.NOTHING:
        return Answer(refused=_("they asked for no mails"))
    if recipient.wish == Recipient.Wish.IMPORTANT and purpose in ASKS_NOTHING:
        return Answer(refused=_("they asked for mails only when something is asked of them"))
    if purpose not in NEVER_QUIET:
        return Answer(later=quiet_until(recipient, now))
    return YES


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
