"""While somebody holds SQLite's one write lock, every page answers at once: looking waits for no writing."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

import pytest
from django.db import OperationalError, connection
from django.test import Client

from bosai.api import RESOURCES
from organisations import tenancy
from organisations.models import Organisation, User
from tests.house.examples import EXAMPLES, NOBODY, pages
from tests.house.lived_in import CROWDED, LIVED_IN, World
from tests.walls.api import machines

pytestmark = [pytest.mark.slow, pytest.mark.alone, pytest.mark.django_db(transaction=True)]
WITHIN = 1.0  # seconds
GIVES_UP = 1.5  # seconds; a page that wants the lock fails then, so that the test need not wait for it


@pytest.fixture
def _django_db_helper() -> None:
    """In place of pytest-django's, which clears the database after every test: `lived_in` does so once."""


@contextmanager
def write_lock_held() -> Iterator[None]:
    """By another connection, as an import would."""
    other = sqlite3.connect(connection.settings_dict["NAME"], autocommit=True)
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {int(GIVES_UP * 1000)}")
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


def client_of(who: str) -> Client:
    client = Client(raise_request_exception=False)
    if who != NOBODY:
        client.force_login(User.objects.get(email=f"{who}@harbour.example"))
    return client


def seconds_for(client: Client, url: str) -> float:
    began = monotonic()
    response = client.get(url)
    b"".join(response) if response.streaming else response.content
    return monotonic() - began if response.status_code < 500 else float("inf")


def test_every_page_answers_while_the_write_lock_is_held(lived_in: World) -> None:
    assert connection.vendor == "sqlite"
    files = [(name, one, LIVED_IN) for name, them in EXAMPLES.items() for one in them if not one.is_page]
    asked = {
        (one.who, one.url(name, lived_in, where))
        for name, one, where in [*pages(), *files]
        if where != CROWDED
    }
    clients = {who: client_of(who) for who, _url in asked}
    for who, url in asked:
        seconds_for(clients[who], url)  # the first time each template is read
    with write_lock_held():
        with pytest.raises(OperationalError, match="locked"):
            Organisation.objects.update(name="Nobody may write now")
        took = {at: seconds_for(clients[at[0]], at[1]) for at in sorted(asked)}
    assert len(took) > len(EXAMPLES)
    assert {at: round(seconds, 2) for at, seconds in took.items() if seconds >= WITHIN} == {}


def test_the_api_is_read_at_once_and_says_to_who_writes_that_it_is_busy(lived_in: World) -> None:
    """Counting the request and noting the token's use are left out then, rather than waited for."""
    harbour = Organisation.objects.get(slug=LIVED_IN)
    with tenancy.within(harbour):
        token = machines(harbour)["ada"]
    client = Client(headers={"Authorization": f"Bearer {token}"})
    client.get("/api/v1/customers/")  # the first time its modules are read
    with write_lock_held():
        took = {noun: seconds_for(client, f"/api/v1/{noun}/") for noun in RESOURCES}
        body = {"data": {"name": "Kestrel"}, "content_type": "application/json"}
        refused = client.post("/api/v1/customers/", **body)
    assert {noun: seconds for noun, seconds in took.items() if seconds >= WITHIN} == {}
    assert (refused.status_code, refused["Retry-After"]) == (503, "5")
    assert "Nothing was done" in refused.json()["detail"]
    assert client.post("/api/v1/customers/", **body).status_code == 201
