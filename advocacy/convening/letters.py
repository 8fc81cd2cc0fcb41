"""Mails of circles: asked in, asked about an introduction, introduced, news. None says what was not shown."""

from datetime import UTC, datetime
from typing import Any

from advocacy.models import Circle, CircleSeat, Introduction
from advocacy.recruiting.letters import post
from customers.models import Contact
from organisations.access import colleagues
from organisations.models import User
from post.linking import LinkSpec
from post.models import Delivery
from post.recalling import recall

LINK, LINK_DAYS = "[own page link]", 7
Purpose = Delivery.Purpose


def host_of(circle: Circle) -> User | None:
    """Whom answers reach: its host, as long as they work here; else whoever looks after the reader."""
    if circle.host is None or not colleagues(circle.organisation).filter(pk=circle.host.pk).exists():
        return None
    return circle.host


def ask_in(seat: CircleSeat, *, now: datetime, simulated: bool) -> None:
    """Asked into a circle, with the link on which they say yes or no."""
    _post(
        Purpose.FAVOUR,
        _key_of(seat),
        seat.contact,
        seat.circle,
        "circle_ask",
        {},
        now=now,
        simulated=simulated,
    )


def recall_ask(seat: CircleSeat, *, why: str) -> None:
    recall(purpose=Purpose.FAVOUR, subject_keys=[_key_of(seat)], why=why)


def ask_both(row: Introduction, *, now: datetime, simulated: bool) -> None:
    """Each is asked by themselves, and neither mail says who the other is."""
    for side, one in (("seeker", row.seeker), ("peer", row.peer)):
        said = {"is_seeker": side == "seeker", "milestone": row.milestone}
        _post(
            *(Purpose.FAVOUR, row.key(side), one, row.circle, "introduction_ask", said),
            now=now,
            simulated=simulated,
        )


def introduce(row: Introduction, *, now: datetime, simulated: bool) -> None:
    """Both have said yes: each gets the other's name, company and address."""
    for side, one, other in (("seeker", row.seeker, row.peer), ("peer", row.peer, row.seeker)):
        said = {"is_seeker": side == "seeker", "milestone": row.milestone, "other": other}
        _post(
            *(Purpose.INTRODUCTION, row.key(side), one, row.circle, "introduction", said),
            now=now,
            simulated=simulated,
        )


def recall_introduction(row: Introduction, *, why: str) -> None:
    """Whatever of it still waits does not leave."""
    keys = [row.key("seeker"), row.key("peer")]
    for purpose in (Purpose.FAVOUR, Purpose.INTRODUCTION):
        recall(purpose=purpose, subject_keys=keys, why=why)


def tell_news(contact: Contact, circles: list[dict[str, Any]], *, now: datetime, simulated: bool) -> None:
    """What is new in their circles, in numbers and meetings: names stand on their page alone."""
    circle: Circle = circles[0]["circle"]
    key = f"{news_key(contact)}{now:%Y-%m-%d}"
    _post(
        Purpose.CIRCLE,
        key,
        contact,
        circle,
        "circle_news",
        {"circles": circles},
        now=now,
        simulated=simulated,
    )


def recall_news(contact: Contact, *, why: str) -> None:
    waiting = Delivery.objects.open().filter(purpose=Purpose.CIRCLE)
    keys = waiting.filter(subject_key__startswith=news_key(contact)).values_list("subject_key", flat=True)
    recall(purpose=Purpose.CIRCLE, subject_keys=list(keys), why=why)


def news_key(contact: Contact) -> str:
    return f"circles-{contact.pk}-"


def _key_of(seat: CircleSeat) -> str:
    return f"circle-seat-{seat.pk}-{seat.asked_at.astimezone(UTC):%Y%m%dT%H%M%S%f}"


def _post(
    purpose: Purpose,
    key: str,
    to: Contact,
    circle: Circle,
    template: str,
    said: dict[str, Any],
    *,
    now: datetime,
    simulated: bool = False,
) -> None:
    post(
        purpose,
        key=key,
        to=to,
        template=f"advocacy/{template}",
        context={"circle": circle, "link": LINK, "days": LINK_DAYS, **said},
        now=now,
        by=host_of(circle),
        links=[LinkSpec(LINK, "own", to.pk, LINK_DAYS)],
        simulated=simulated,
    )
