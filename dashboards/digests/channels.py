"""The digest of the day or week for chat channels: everybody's, as who manages reads it, without people.

Companies, times, milestones and numbers go out; names, addresses and words of persons stay here. Like a
member's, it is made once for each period, also when there is nothing to say.
"""

import logging
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from dashboards.digests import daily, weekly
from dashboards.digests.periods import Turn
from dashboards.digests.sections import page_url, part_of
from dashboards.digests.weekly import JourneyWeek
from dashboards.today.scope import Scope
from organisations.models import Membership, Organisation
from post import webhooks
from post.models import Digest, WebhookEndpoint
from post.webhooks import Fact, Message, Part
from post.webhooks.telling import put_in_line
from ui.figures import interval_words, percent
from ui.moments import full_day

log = logging.getLogger(__name__)
LONGEST_DAYS = 7
KINDS = {Membership.Digest.DAILY: webhooks.DAILY, Membership.Digest.WEEKLY: webhooks.WEEKLY}


def send_due(organisation: Organisation, rhythm: str, turn: Turn, *, now: datetime) -> int:
    """How many were made, those without a message included. One that fails holds up no other."""
    made = 0
    had = Digest.objects.filter(channel=OuterRef("pk"))
    waiting = WebhookEndpoint.objects.listening().exclude(style=WebhookEndpoint.Style.SIGNED)
    waiting = waiting.filter(~Exists(had.filter(period=turn.period)))
    if turn.is_late:
        waiting = waiting.filter(Exists(had.filter(period__regex=turn.alike)))
    for channel in waiting.order_by("pk"):
        if channel.hears(KINDS[Membership.Digest(rhythm)]):
            channel.organisation = organisation
            made += _tried(channel, rhythm, turn.period, now)
    return made


def _tried(channel: WebhookEndpoint, rhythm: str, period: str, now: datetime) -> bool:
    try:
        scope = Scope(organisation=channel.organisation, viewer=None, person=None, can_write=True, now=now)
        is_daily = rhythm == Membership.Digest.DAILY
        message = _day(scope, _since(channel, now)) if is_daily else _week(scope)
        _keep(channel, KINDS[Membership.Digest(rhythm)], message, period=period, now=now)
    except IntegrityError:
        return False  # another process made it a moment ago
    except Exception:
        log.exception("the digest %s of channel %s failed", period, channel.pk)
        return False
    return True


@transaction.atomic
def _keep(
    channel: WebhookEndpoint, kind: str, message: Message | None, *, period: str, now: datetime
) -> None:
    organisation = channel.organisation
    Digest.objects.create(organisation=organisation, channel=channel, period=period, made_at=now)
    if message is not None:
        fact = Fact(period, now, message=lambda: message)
        put_in_line([channel], kind, [fact], organisation=organisation, now=now)


def _since(channel: WebhookEndpoint, now: datetime) -> datetime:
    last: Digest | None = channel.digests.order_by("-made_at").first()
    return max(last.made_at if last else now - timedelta(days=1), now - timedelta(days=LONGEST_DAYS))


def _day(scope: Scope, since: datetime) -> Message | None:
    sections = daily.sections(scope, since=since)
    if not sections:
        return None
    return Message(
        title=_("Today, %(day)s") % {"day": full_day(scope.today)},
        url=page_url("dashboards:today", scope.organisation),
        link=_("Open Today"),
        parts=[part_of(section) for section in sections],
    )


def _week(scope: Scope) -> Message | None:
    week = weekly.week(scope)
    if week.is_empty:
        return None
    days = {"begins": full_day(week.begins.date()), "ends": full_day(week.ends.date())}
    return Message(
        title=_("The week %(begins)s to %(ends)s") % days,
        url=page_url("dashboards:milestones", scope.organisation),
        link=_("Open Milestones"),
        words=", ".join(week.changes) or _("Nothing changed in the week."),
        parts=[*map(_journey, week.journeys), *([part_of(week.stuck)] if week.stuck.items else [])],
    )


def _journey(week: JourneyWeek) -> Part:
    """The first number of it: achieved, with its interval and n."""
    share = week.shares[0]
    rate = share.rate
    said = _("cannot tell yet")
    if rate.of:
        bounds = interval_words(rate.low, rate.high)
        said = f"{share.label} {percent(rate.share)} ({bounds}, n={rate.of})"
    return Part(f"{week.journey.name}: {said}")
