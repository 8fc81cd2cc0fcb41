"""Kestrel Freight with one outcome that Mara wrote down, Amara who can be asked about it, and her link."""

from datetime import datetime

import pytest

from customers import defining
from customers.models import Contact, Customer, Metric, Outcome, OutcomeAsk
from organisations.models import Organisation, User
from post import linking
from post.models import Link
from tests.factories import make_contact, make_customer, make_metric

WORDS = "A fifth fewer empty kilometres."


def token_of(ask: OutcomeAsk, *, now: datetime, days: int = 30, **fields: object) -> str:
    """As the outbox makes it when it sends the question."""
    return linking.make(
        organisation=ask.organisation,
        purpose="outcome",
        subject_id=ask.pk,
        address=ask.contact.address,
        now=now,
        days=days,
        **fields,
    )


def link_of(ask: OutcomeAsk, *, now: datetime, **fields: object) -> Link:
    found = linking.find(token_of(ask, now=now, **fields))
    assert found is not None
    return found[1]


@pytest.fixture
def customer(in_harbour: Organisation, mara: User) -> Customer:
    return make_customer(in_harbour, owner=mara)


@pytest.fixture
def amara(customer: Customer) -> Contact:
    return make_contact(customer, "Amara Okafor", is_primary=True)


@pytest.fixture
def metric(in_harbour: Organisation) -> Metric:
    return make_metric(in_harbour, "empty-km", name="Empty kilometres", unit="%")


@pytest.fixture
def outcome(customer: Customer, metric: Metric, mara: User, now: datetime) -> Outcome:
    values = {"words": WORDS, "said_by": "kick-off", "metric": metric, "baseline": 31.4, "target": 25.0}
    return defining.add(customer=customer, values=values, by=mara, now=now)


@pytest.fixture
def ask(outcome: Outcome, amara: Contact, mara: User, now: datetime) -> OutcomeAsk:
    return defining.ask(outcome=outcome, contact=amara, by=mara, now=now)
