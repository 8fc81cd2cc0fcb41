"""The two organisations, made once for this folder, whose tests look or take back what they did."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.db import connection, models

from organisations import sessions
from organisations.tenancy import TenantManager
from tests.walls.crawl import Crawl, look_at_everything
from tests.walls.forms import Form
from tests.walls.sending import forms_of
from tests.walls.two import Two, two_organisations


@pytest.fixture(scope="package")
def two(django_db_setup: None, django_db_blocker: Any) -> Iterator[Two]:
    """Stored, so that a server's threads see them; nobody's session is noted as seen in between."""
    rarely = mock.patch.object(sessions, "SEEN_EVERY", timedelta(days=1))
    with django_db_blocker.unblock(), rarely, two_organisations() as made:
        yield made


@pytest.fixture
def _django_db_helper() -> None:
    """In place of pytest-django's, which clears the database after every test: `two` does so once."""


@pytest.fixture(scope="package")
def behind_one_wall() -> Iterator[None]:
    """Where there is a second wall, PostgreSQL's, the first one is taken away: the second must do alone."""
    if connection.vendor != "postgresql":
        yield
        return
    with mock.patch.object(TenantManager, "get_queryset", models.Manager.get_queryset):
        yield


@pytest.fixture(scope="package")
def crawl(two: Two, behind_one_wall: None) -> Crawl:
    return look_at_everything(two)


@pytest.fixture(scope="package")
def forms(two: Two, crawl: Crawl) -> dict[str, Form]:
    return forms_of(two, crawl)
