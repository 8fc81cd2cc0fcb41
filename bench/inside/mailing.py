"""python -m bench.inside.mailing URL N ROUNDS: seconds to send N celebrations, ours and bare SMTP."""

import smtplib
import sys
import time
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from advocacy import celebrating
from bench.inside import tell
from bench.inside.organisation import fill, found
from milestones.judging import judge
from milestones.models import Achievement
from organisations import tenancy
from organisations.models import Organisation
from post import composing, dispatching
from post.models import Delivery, PostDue
from post.smtp import Server

LATER = timedelta(days=1)
SLUG = "mailing"


def posted(count: int) -> tuple[Organisation, float]:
    """At least so many celebrations in the outbox, none due; how many a second were rendered and posted."""
    organisation = Organisation.objects.filter(slug=SLUG).first()
    if organisation is not None:
        return organisation, 0.0
    organisation, journey = found(SLUG, hold_hours=0)
    now = timezone.now()
    with tenancy.within(organisation):
        fill(organisation, journey, count // 2 + 12)  # two or three celebrations each
        judge(organisation=organisation, customer_ids=None, now=now)
        Achievement.objects.update(achieved_at=now)  # today's news: older ones wait for a person's yes
        celebrating.gather(organisation=organisation, now=now)
        began = time.perf_counter()
        made = celebrating.post_due(organisation=organisation, now=now)
        seconds = time.perf_counter() - began
        PostDue.objects.filter(organisation=organisation).update(due_at=now + LATER)
    return organisation, made / seconds


def send(organisation: Organisation, pks: list[int]) -> float:
    """Through the outbox: claimed, asked, sent, every state written."""
    now = timezone.now()
    with tenancy.within(organisation):
        PostDue.objects.filter(organisation=organisation, pk__in=pks).update(due_at=now)
    began = time.perf_counter()
    sent = dispatching.dispatch(now=now)
    took = time.perf_counter() - began
    assert sent == len(pks), f"{sent} of {len(pks)} were sent"
    return took


def send_bare(mails: list[tuple[str, bytes]]) -> float:
    """The same messages, built before, over one connection."""
    server = Server.configured()
    assert server is not None
    began = time.perf_counter()
    with smtplib.SMTP(server.host, server.port) as line:
        for address, message in mails:
            line.sendmail(settings.MAIL_FROM, [address], message)
    return time.perf_counter() - began


def compare(url: str, count: int, rounds: int) -> dict[str, object]:
    settings.SMTP_URL = url
    organisation, rendered = posted(count)
    part = count // rounds
    with tenancy.within(organisation):
        waiting = list(Delivery.objects.filter(state="pending").order_by("pk")[: part * rounds])
        assert len(waiting) == part * rounds, f"{len(waiting)} celebrations wait"
        given = {"organisation": organisation, "sender": settings.MAIL_FROM, "now": timezone.now()}
        mails = [(each.address, composing.compose(each, **given).message) for each in waiting]
    ours, bare = [], []
    for start in range(0, part * rounds, part):
        ours.append(send(organisation, [each.pk for each in waiting[start : start + part]]))
        bare.append(send_bare(mails[start : start + part]))
    size = sum(len(message) for _, message in mails) / len(mails)
    return {"ours": ours, "bare": bare, "part": part, "bytes": size, "rendered": rendered}


if __name__ == "__main__":
    tell(compare(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
