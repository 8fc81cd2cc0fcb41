"""Kestrel Freight, Mara's customer, with Amara and Tomás; and a clock at the edge that stands still."""

from datetime import datetime
from types import SimpleNamespace

import pytest

from tests import factories


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, now: datetime) -> datetime:
    """Every request is answered at `now`."""
    monkeypatch.setattr("bosai.middleware.timezone", SimpleNamespace(now=lambda: now))
    return now


@pytest.fixture
def kestrel(in_harbour, mara):
    return factories.make_customer(
        in_harbour, "Kestrel Freight", owner=mara, outcome="We drive a fifth less empty kilometres."
    )


@pytest.fixture
def amara(kestrel):
    return factories.make_contact(kestrel, "Amara Okafor", is_primary=True)


@pytest.fixture
def tomas(kestrel):
    return factories.make_contact(kestrel, "Tomás Herrera")
