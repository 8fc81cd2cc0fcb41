"""Looking changes nothing: no GET writes a row, whoever asks, and what only acts says so."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from organisations import tenancy
from organisations.models import Organisation, User
from tests.house.examples import ACTIONS, EXAMPLES, NOBODY, Example
from tests.house.lived_in import World

ROLES = (NOBODY, "rio", "mara", "theo", "ada")
READING = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "WITH", "COMMIT", "PRAGMA", "SET ", "SHOW")


pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def _django_db_helper() -> None:
    """In place of pytest-django's, which clears the database after every test: `lived_in` does so once."""


@pytest.fixture(scope="module")
def answers(lived_in: World) -> dict[tuple[str, str], tuple[int, list[str]]]:
    """Every address asked by everybody: (who, address) → status, and statements that write."""
    found: dict[tuple[str, str], tuple[int, list[str]]] = {}
    for who in ROLES:
        client = _client(who)
        for name, example in _every():
            url = example.url(name, lived_in)
            written: list[str] = []
            with connection.execute_wrapper(_noting(written)):
                response = client.get(url)
                b"".join(response) if response.streaming else response.content
            found[who, url] = response.status_code, written
    return found


def _every() -> list[tuple[str, Example]]:
    return [(name, one) for name, them in EXAMPLES.items() for one in them] + list(ACTIONS.items())


def _client(who: str) -> Client:
    client = Client()
    if who:
        client.force_login(User.objects.get(email=f"{who}@harbour.example"))
    return client


def _noting(written: list[str]) -> Callable[..., Any]:
    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.lstrip(" (\n").upper().startswith(READING):
            written.append(sql[:200])
        return execute(sql, params, many, context)

    return note


def test_no_get_writes_a_row(answers: dict[tuple[str, str], tuple[int, list[str]]]) -> None:
    assert {at: written for at, (_status, written) in answers.items() if written} == {}


def test_every_table_is_as_it_was(lived_in: World) -> None:
    """The same once more, by what the tables hold: nothing writes beside the connection that is watched."""
    before = _fingerprint()
    for who in ("mara", "ada"):
        client = _client(who)
        before_signing_in = before if who == "mara" else _fingerprint()
        before = _fingerprint()
        assert before.keys() == before_signing_in.keys()
        for name, example in _every():
            client.get(example.url(name, lived_in))
        assert _fingerprint() == before


def _fingerprint() -> dict[tuple[str, str], str]:
    """Table and organisation → a hash of every row."""
    found = {}
    for organisation in Organisation.objects.order_by("pk"):
        with tenancy.within(organisation), connection.cursor() as cursor:
            for model in apps.get_models(include_auto_created=True):
                table = model._meta.db_table
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} ORDER BY 1")
                rows = repr(cursor.fetchall())
                found[table, organisation.slug] = hashlib.sha256(rows.encode()).hexdigest()
    return found


def test_everybody_gets_an_answer(answers: dict[tuple[str, str], tuple[int, list[str]]]) -> None:
    """No page breaks for anybody, and what is not for somebody is refused in one of our ways."""
    wrong = {
        at: status for at, (status, _written) in answers.items() if status not in (200, 302, 403, 404, 405)
    }
    assert wrong == {}


def test_who_each_example_is_for_sees_it(
    lived_in: World, answers: dict[tuple[str, str], tuple[int, list[str]]]
) -> None:
    wrong = {}
    for name, them in EXAMPLES.items():
        for one in them:
            url = one.url(name, lived_in)
            if answers[one.who, url][0] != one.status:
                wrong[one.who, url] = answers[one.who, url][0]
    assert wrong == {}


def test_an_action_takes_no_get(
    lived_in: World, answers: dict[tuple[str, str], tuple[int, list[str]]]
) -> None:
    statuses = {name: answers[one.who, one.url(name, lived_in)][0] for name, one in ACTIONS.items()}
    assert {name: status for name, status in statuses.items() if status != 405} == {}


def test_strangers_see_nothing_of_an_organisation(
    lived_in: World, answers: dict[tuple[str, str], tuple[int, list[str]]]
) -> None:
    """Whoever is not signed in is sent to sign in. The colours alone are everybody's: mails wear them."""
    for (who, url), (status, _written) in answers.items():
        if who == NOBODY and url.startswith("/o/") and not url.endswith("theme.css"):
            assert status in (302, 405), url
