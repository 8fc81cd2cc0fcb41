"""What people do in these tests, in a few words each."""

from datetime import datetime, timedelta
from typing import Any

from customers.models import Contact
from milestones import verifying
from milestones.models import Achievement, Ask, Claim, Enrolment, Verdict
from organisations.models import Event, User
from post.models import Delivery
from tests.milestones.asked import make_link, milestone

FACT = "10 of 11 depots open the report before 7:00"
HOUR = timedelta(hours=1)


def claim(enrolment: Enrolment, now: datetime, by: User, key: str = "m1", **fields: Any) -> Claim:
    fields.setdefault("statement", FACT)
    fields.setdefault("number", 10)
    fields.setdefault("reached_at", now - timedelta(days=2))
    return verifying.claim(enrolment=enrolment, milestone=milestone(enrolment, key), by=by, now=now, **fields)


def ask_of(enrolment: Enrolment, contact: Contact | None = None, key: str = "m1") -> Ask:
    asks = Ask.objects.filter(enrolment=enrolment, milestone__key=key).order_by("id")
    return (asks.filter(contact=contact) if contact else asks).last()


def answer(kind: str, ask: Ask, now: datetime, words: str = "Not in Gdynia.", **link: Any) -> Verdict:
    given = {"ask": ask, "link": make_link(ask, now=now, **link), "now": now, "ip": "203.0.113.9"}
    if kind == "yes":
        return verifying.confirm(**given)
    return verifying.contest(**given, words=words)


def standing(enrolment: Enrolment, key: str = "m1") -> Achievement | None:
    return Achievement.objects.standing().filter(enrolment=enrolment, milestone_key=key).first()


def mails(purpose: str) -> list[Delivery]:
    return list(Delivery.objects.filter(purpose=purpose).order_by("id"))


def verbs() -> list[str]:
    return list(Event.objects.order_by("id").values_list("verb", flat=True))
