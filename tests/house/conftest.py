"""The lived-in database, made once for a file of tests that only look."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.house.lived_in import World, world


@pytest.fixture(scope="module")
def lived_in(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Stored, so that a server's threads see it. Files that ask for it keep pytest-django from
    clearing the database after each test: see `_django_db_helper` there."""
    with django_db_blocker.unblock(), world() as made:
        yield made
