"""Fixtures for Today: its clock stands at noon in Amsterdam on 12 March 2026; customers belong to Mara."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from customers.models import Customer
from dashboards.today.page import READERS
from dashboards.today.scope import Scope
from milestones.models import Journey
from organisations.models import Organisation, User
from tests import factories

URL = "/o/harbour/today/"
NOON = datetime(2026, 3, 12, 11, 0, tzinfo=UTC)  # 12:00 in Amsterdam


@pytest.fixture
def in_amsterdam() -> Iterator[None]:
    with timezone.override("Europe/Amsterdam"):
        yield


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bosai.middleware.timezone", SimpleNamespace(now=lambda: NOON))


@pytest.fixture
def journey(in_harbour: Organisation) -> Journey:
    return factories.make_journey(in_harbour, slug="first-data")


@pytest.fixture
def make(in_harbour: Organisation, mara: User, journey: Journey) -> Callable[..., Customer]:
    """make("Kestrel Freight", started=date): Mara's customer with an outcome, a person and a journey."""

    def make(
        name: str, *, started: date | None = date(2026, 3, 10), owner: User | None = mara, **fields: Any
    ) -> Customer:
        customer = factories.make_customer(in_harbour, name, owner=owner, **({"outcome": "A goal"} | fields))
        factories.make_contact(customer, "Amara Okafor", is_primary=True)
        if started:
            at = datetime(started.year, started.month, started.day, 8, tzinfo=UTC)
            factories.make_enrolment(customer, journey, started_on=started, enrolled_at=at)
        return customer

    return make


@pytest.fixture
def happen(in_harbour: Organisation) -> Callable[..., None]:
    """happen("call_logged", customer, hours=2): an event that many hours before noon."""

    def happen(verb: str, customer: Customer, *, hours: float, by: User | None = None, **data: Any) -> None:
        in_harbour.log(verb, by=by, now=NOON - timedelta(hours=hours), customer_id=customer.pk, **data)

    return happen


def scope_of(organisation: Organisation, person: User | None, **fields: Any) -> Scope:
    given = {"viewer": person, "can_write": True, "now": timezone.localtime(NOON)}
    return Scope(organisation=organisation, person=person, **(given | fields))


def only(scope: Scope, kind: Any) -> Any:
    """The one line of this kind."""
    group = READERS[kind](scope)
    assert group.cut.in_all == len(group.lines) == 1
    return group.lines[0]
