"""The cast: Harbour's people, a rival, and a clock that stands still."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from django.test import Client

from organisations import tenancy
from organisations.models import Organisation, Role, User
from tests import factories

pytest_plugins = ["tests.gates.usage", "tests.services.plugin"]


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 3, 12, 9, 0, tzinfo=UTC)


@pytest.fixture
def harbour(db: None) -> Organisation:
    return factories.make_organisation(slug="harbour", name="Harbour Analytics", zone="Europe/Amsterdam")


@pytest.fixture
def rival(db: None) -> Organisation:
    return factories.make_organisation(slug="rival", name="Rival Reports")


@pytest.fixture
def ada(harbour: Organisation) -> User:
    return factories.make_member(harbour, "Ada Okonjo", role=Role.ADMIN)


@pytest.fixture
def theo(harbour: Organisation) -> User:
    return factories.make_member(harbour, "Theo Brandt", role=Role.MANAGER)


@pytest.fixture
def mara(harbour: Organisation) -> User:
    return factories.make_member(harbour, "Mara Lindqvist", role=Role.CSM)


@pytest.fixture
def rio(harbour: Organisation) -> User:
    return factories.make_member(harbour, "Rio Tanaka", role=Role.READONLY)


@pytest.fixture
def eve(rival: Organisation) -> User:
    return factories.make_member(rival, "Eve Marsh", role=Role.CSM)


@pytest.fixture
def in_harbour(harbour: Organisation) -> Iterator[Organisation]:
    """For tests that call verbs directly: everything runs within Harbour."""
    with tenancy.within(harbour):
        yield harbour


@pytest.fixture
def client_for() -> Callable[[User], Client]:
    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in
