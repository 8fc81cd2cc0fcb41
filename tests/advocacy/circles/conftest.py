"""A circle of three: Amara attempts what Ken has reached; Lucía has only begun."""

from datetime import datetime

import pytest

from advocacy.models import Circle
from customers.models import Contact
from organisations.models import Organisation, User
from tests.advocacy.circles.gathered import gather


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    """The pages' clock stands where the tests' does."""
    monkeypatch.setattr("bosai.middleware.timezone.now", lambda: now)


@pytest.fixture
def circle(in_harbour: Organisation, mara: User, now: datetime) -> Circle:
    return gather(in_harbour, by=mara, now=now)


def _person(name: str) -> Contact:
    rows = Contact.objects.select_related("recipient", "customer__organisation", "customer__owner")
    return rows.get(name=name)


@pytest.fixture
def amara(circle: Circle) -> Contact:
    return _person("Amara Okafor")


@pytest.fixture
def ken(circle: Circle) -> Contact:
    return _person("Ken Osei")


@pytest.fixture
def lucia(circle: Circle) -> Contact:
    return _person("Lucía Marín")
