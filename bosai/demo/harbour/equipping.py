"""What Harbour's people send from the library after calls: opened by most, judged by some; and recaps."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from bosai.demo.harbour.part import Part
from bosai.demo.harbour.stage import Stage
from coaching import recapping, sharing, shelving
from coaching.models import Call, Resource, Sending
from post import linking
from post.models import Link

OFTEN, OPENED, JUDGED, HELPED = 0.22, 0.82, 0.6, 0.78
WORDS = (
    "",
    "",
    "I thought of you when we spoke about it. Twenty minutes, no more.",
    "Take only the first page; the rest is for later.",
    "Two others in your trade began with this one.",
)
DAYS = 90
STALE = ("a-year-on", "teach-it-in-an-hour", "what-went-wrong")  # a review of these is due
DRAFT_OF, SENT_TO = "kestrel-freight", ("lumen-dental", "alder-finch")


def send_along(part: Part, call: Call, n: int, now: datetime) -> None:
    """After their n-th call, now and then: what fits them best, to whoever drives it there."""
    dice = part.row.dice(f"resource {n}")
    if dice.random() >= OFTEN:
        return
    fitting = sharing.suggested(sharing.fit_of(part.customer), customer=part.customer, most=2)
    if not fitting or part.champion.left_on:
        return
    sending = _sent(part, call, fitting[min(len(fitting) - 1, int(dice.random() < 0.3))], dice, now)
    if sending and dice.random() < OPENED:
        at = now + timedelta(hours=dice.randint(2, 70), minutes=dice.randint(0, 59))
        part.stage.at(at, partial(_open, part, sending, dice))


def _sent(part: Part, call: Call, resource: Resource, dice: Random, now: datetime) -> Sending | None:
    try:
        return sharing.send(
            resource=resource,
            contact=part.champion,
            by=part.owner,
            now=now,
            words=dice.choice(WORDS),
            call=call,
            simulated=True,
        )
    except sharing.NotPossible:
        return None  # whoever asked for mails only when something is asked of them


def _open(part: Part, sending: Sending, dice: Random, now: datetime) -> None:
    if part.is_gone(now):
        return
    link = _link(part, sending, now)
    sharing.note_opening(sending=sending, link=link, now=now)
    if dice.random() < JUDGED:
        later = now + timedelta(minutes=dice.randint(3, 2000))
        part.stage.at(later, partial(_judge, part, sending, link, dice.random() < HELPED))


def _judge(part: Part, sending: Sending, link: Link, has_helped: bool, now: datetime) -> None:
    if not part.is_gone(now):
        sharing.judge(sending=sending, link=link, has_helped=has_helped, now=now)


def _link(part: Part, sending: Sending, now: datetime) -> Link:
    """As it was in the mail."""
    made: dict[str, Any] = {"organisation": part.stage.organisation, "now": now, "days": DAYS}
    address = sending.contact.address
    token = linking.make(purpose="resource", subject_id=sending.pk, address=address, **made)
    found = linking.find(token)
    assert found is not None, "made a moment ago"
    return found[1]


def leave_open(stage: Stage, parts: Mapping[str, Part]) -> None:
    """The recap of one call waits as a draft; two others went out. Most of the library was looked through."""
    reviewed_at = stage.calendar.ago(24, 15, 40)
    for resource in Resource.objects.exclude(key__in=STALE).select_related("organisation"):
        shelving.review(resource=resource, by=stage.people["theo"], now=reviewed_at)
    if DRAFT_OF in parts:
        _one_that_helped(stage, parts[DRAFT_OF])
    for key in (DRAFT_OF, *SENT_TO):
        call = _last_call(parts[key]) if key in parts else None
        if call is None:
            continue
        at = min(call.saved_at + timedelta(minutes=20), stage.calendar.now)
        made: dict[str, Any] = {"call": call, "by": call.by, "now": at}
        people = [contact for contact in call.contacts.all() if contact.recipient_id]
        if key == DRAFT_OF:
            recapping.begin(**made)
        elif people:
            recapping.send(**made, draft=recapping.draft_of(call), contacts=people, simulated=True)


def _one_that_helped(stage: Stage, part: Part) -> None:
    """Kestrel's champion got the round for every week, opened it the next morning and says that it helped."""
    at = stage.calendar.ago(9, 11, 5)
    resource = Resource.objects.get(key="ten-minutes-every-week")
    words = "This is the round I told you about. Ten minutes, on Mondays."
    sending = sharing.send(
        resource=resource, contact=part.champion, by=part.owner, now=at, words=words, simulated=True
    )
    link = _link(part, sending, at)
    sharing.note_opening(sending=sending, link=link, now=stage.calendar.ago(8, 7, 40))
    sharing.judge(sending=sending, link=link, has_helped=True, now=stage.calendar.ago(6, 9, 10))


def _last_call(part: Part) -> Call | None:
    rows = Call.objects.filter(customer=part.customer, by=part.owner).with_people()
    found: Call | None = rows.select_related("organisation").newest_first().first()
    return found
