"""Amara, who was asked, with her link; and a clock that stands still."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from milestones import verifying
from milestones.models import Ask, Enrolment
from organisations.models import Organisation, User
from tests.milestones.asked import make_asking_enrolment, make_token, milestone, person


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    """The pages' clock stands where the tests' does."""
    monkeypatch.setattr("bosai.middleware.timezone.now", lambda: now)


@pytest.fixture
def enrolment(in_harbour: Organisation, mara: User, now: datetime) -> Enrolment:
    row = make_asking_enrolment(in_harbour, owner=mara)
    verifying.claim(
        enrolment=row, milestone=milestone(row), statement="10 of 11 depots open with it", number=10,
        words="It starts our day.", link="https://kestrel.example/report", reached_at=now - timedelta(days=3),
        by=mara, now=now - timedelta(hours=5), named_contact=person(row.customer),
    )  # fmt: skip
    return row


@pytest.fixture
def ask(enrolment: Enrolment) -> Ask:
    return Ask.objects.get()


@pytest.fixture
def token(ask: Ask, now: datetime) -> str:
    return make_token(ask, now=now)


@pytest.fixture
def visitor() -> Client:
    return Client(enforce_csrf_checks=True)
