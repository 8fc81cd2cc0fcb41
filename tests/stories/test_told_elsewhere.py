"""Another system hears what happens, as docs/reference/webhooks.md shows it, and no more."""

import json
import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from advocacy import referring, storytelling
from coaching import scheduling
from customers.models import Customer
from milestones import verifying
from milestones.models import Achievement, Enrolment
from organisations.models import Organisation, User
from post import webhooks
from post.models import WebhookDelivery
from post.webhooks.kinds import KINDS, TEST
from tests.advocacy.advocating import willing
from tests.advocacy.loop import asked_and_reached, sweep
from tests.advocacy.stories import telling
from tests.house.ours import ROOT
from tests.milestones.asked import make_link
from tests.office.bringing import bring

pytestmark = pytest.mark.django_db

SHOWN = {
    body["type"]: body
    for text in re.findall(r"```json\n(.*?)```", (ROOT / "docs/reference/webhooks.md").read_text(), re.DOTALL)
    if (body := json.loads(text))
}
LIKE = {"outcome.contested": "outcome.verified", "outcome.taken_back": "outcome.verified"}
CANARIES = ("Amara", "Mara", "amara@", "confidential", "10 of 11", "Kestrel Freight")


@pytest.fixture
def told(in_harbour: Organisation, ada: User, mara: User, now: datetime) -> dict[str, dict[str, Any]]:
    """Everything that can happen, happens; the last body of each kind."""
    endpoint, _secret = webhooks.add(
        organisation=in_harbour, url="https://public.example/", about="", kinds=[], by=ada, now=now
    )
    enrolment, ask = asked_and_reached(in_harbour, mara, now)
    link = make_link(ask, now=now)
    sweep(in_harbour, now)
    sweep(in_harbour, now + timedelta(days=2))
    tell_a_story(enrolment, mara, now)
    verdict = verifying.confirm(ask=ask, link=link, now=now, words="confidential")
    _refer(enrolment.customer, mara, now)
    verifying.undo(verdict=verdict, now=now)
    verifying.contest(ask=ask, link=link, words="confidential", now=now)
    customer = enrolment.customer
    scheduling.log_call(
        organisation=in_harbour, customer=customer, by=mara, held_at=now, now=now, notes="confidential",
        contacts=list(customer.contacts.all()), next_call_at=now + timedelta(days=14),
    )  # fmt: skip
    bring(in_harbour, "customers", "key,name\nheron,confidential\nkite,Kite\n")
    webhooks.send_test(endpoint=endpoint, by=ada, now=now)
    rows = WebhookDelivery.objects.order_by("pk")
    return {row.kind: json.loads(row.body) | {"": row.body} for row in rows}


def tell_a_story(enrolment: Enrolment, by: User, now: datetime) -> None:
    """Of whatever they reached: published for a year, and taken back."""
    achievement = Achievement.objects.standing().filter(enrolment=enrolment).first()
    story = storytelling.draft(achievement=achievement, by=by, now=now)
    values = {"background": "confidential", "result": "confidential"}
    story = storytelling.edit(story=story, values=values, by=by, now=now)
    ask = telling.review(story, by, now)
    telling.agree(ask, now, replace(telling.EVERYTHING, until=telling.until(now, 365)))
    storytelling.publish(story=ask.story, by=by, now=now)
    way = storytelling.Way(telling.link_of(ask, now))
    storytelling.withdraw(ask=ask, way=way, words="confidential", now=now)


def _refer(customer: Customer, mara: User, now: datetime) -> None:
    """Somebody comes by the address of whoever confirmed, and becomes a customer."""
    contact = customer.contacts.select_related("recipient", "customer__organisation").first()
    advocate = willing(contact, by=mara, now=now)
    said = dict.fromkeys(("name", "company", "words", "consent"), "confidential")
    row = referring.submit(advocate=advocate, address="confidential@new.example", now=now, **said)
    referring.qualify(referral=row, by=mara, now=now)
    value: dict[str, Any] = {"amount_e4": 10_000, "currency": "EUR", "customer": customer}
    referring.win(referral=row, by=mara, now=now, **value)


def shape(value: object) -> object:
    """What it is made of, without what it says."""
    if isinstance(value, dict):
        return {name: shape(each) for name, each in value.items() if name}
    return (
        "when"
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT.*Z", value)
        else type(value).__name__
    )


def test_every_kind_is_told_as_the_reference_shows_it(told: dict[str, dict[str, Any]]) -> None:
    assert told.keys() == {*KINDS, TEST}
    assert SHOWN.keys() | LIKE.keys() == {*KINDS, TEST}
    for kind, body in told.items():
        shown = shape(SHOWN[LIKE.get(kind, kind)] | {"type": kind})
        real = shape(body)
        if kind == "import.finished":
            shown["data"]["rows"] = real["data"]["rows"]
        assert real == shown, kind


def test_nobody_is_named_and_nothing_they_said_is_told(told: dict[str, dict[str, Any]]) -> None:
    text = "".join(body[""] for body in told.values())
    assert [word for word in CANARIES if word in text] == []
