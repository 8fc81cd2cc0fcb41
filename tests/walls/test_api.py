"""The API between two organisations and four roles: what each token sees, and what it may change.

Role × address × method and every field are made from the URLconf and the serializers; the examples say only
what a request looks like that goes through.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from bosai.api import RESOURCES
from organisations.access import RANK
from tests.house.lived_in import World
from tests.walls.api import CALLS, address, everything, filled, operations, resource_of, send
from tests.walls.copying import tenant_models
from tests.walls.sending import taken_back
from tests.walls.two import GIVEN_AWAY, PEOPLE, Two

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("walls"),
    pytest.mark.timeout(1200),
]


@pytest.fixture(scope="module")
def callers(two: Two) -> dict[str, Client]:
    return {who: Client(headers={"Authorization": f"Bearer {text}"}) for who, text in two.tokens.items()}


@pytest.fixture(scope="module")
def own(two: Two) -> World:
    return two.own


def test_every_address_and_method_has_an_example() -> None:
    assert {(name, sent.method) for name, sent in everything()} == operations()


def test_each_token_may_what_its_scope_and_its_role_say(callers: dict[str, Client], own: World) -> None:
    wrong = {}
    for name, sent in everything():
        resource = resource_of(name)
        role = resource.reads if sent.method == "get" else resource.writes
        for who, client in callers.items():
            with taken_back():
                answer = send(client, name, sent, own)
            is_scoped = who in PEOPLE or (who == "reads" and sent.method == "get")
            may = is_scoped and RANK[PEOPLE.get(who, PEOPLE["ada"])] >= RANK[role]
            goes_through = answer.status_code in ((sent.refused,) if sent.refused else (200, 201))
            if goes_through != may or (not may and answer.status_code != 403):
                wrong[name, sent.method, who] = answer.status_code, answer.content[:300]
    assert wrong == {}


def test_nobody_is_let_in_without_an_open_token(own: World, two: Two) -> None:
    strangers = [Client(), two.clients["ada"], Client(headers={"Authorization": "Bearer bosai_1_x"})]
    for name, sent in everything():
        for client in strangers[: 3 if sent.method == "get" else 1]:
            with taken_back():
                answer = send(client, name, sent, own)
            assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="Bosai"'), name


def test_nothing_of_the_rival_is_shown(callers: dict[str, Client], own: World) -> None:
    """On PostgreSQL with the first wall in place; the crawl of the pages takes it away."""
    shown = {}
    for name in CALLS:
        if name.endswith("-list"):
            after = 0
            while after is not None:
                page = callers["ada"].get(f"{address(name, CALLS[name][0], own)}?limit=200&after={after}")
                if found := GIVEN_AWAY.findall(page.content):
                    shown[name] = found
                after = page.json()["next"]
    assert shown == {}


def _without_ids(answer: Any) -> tuple[int, str]:
    return answer.status_code, re.sub(r"\d{6,}", "…", answer.content.decode())


def test_the_rivals_rows_answer_like_rows_there_are_not(
    callers: dict[str, Client], own: World, two: Two
) -> None:
    """In the address, and in every field that names a row, one at a time."""
    theirs, nobodys = two.theirs, two.nobodys
    wrong, tried = {}, 0
    for name, sent in everything():
        for world_of in _places(sent):
            tried += 1
            answers = []
            for others in (theirs, nobodys):
                with taken_back():
                    answers.append(_without_ids(_mixed(callers["ada"], name, sent, own, others, world_of)))
            if answers[0] != answers[1] or answers[0][0] not in (404, 422):
                wrong[name, sent.method, world_of] = answers
    assert wrong == {}
    assert tried > 55


def _places(sent: Any) -> Iterator[str]:
    """The address, if it names a row, and each field of the body that does."""
    if sent.of:
        yield ""
    yield from sorted(set(re.findall(r'"@([^"]+)"', json.dumps(sent.body))))


def _mixed(client: Client, name: str, sent: Any, own: World, others: World, place: str) -> Any:
    if place == "":
        url = address(name, sent, others)
        data = (
            {} if sent.body is None else {"data": filled(sent.body, own), "content_type": "application/json"}
        )
        return getattr(client, sent.method)(url, **data)
    mixed = World(own.ids | {place: others[place]}, own.tokens)
    body = filled(sent.body, mixed)
    return send(client, name, sent, own, body)


def test_a_field_that_is_not_written_is_refused_and_nothing_happens(
    callers: dict[str, Client], own: World
) -> None:
    """Every column there is, sent where it does not belong."""
    columns = {column.name for model in tenant_models() for column in model._meta.concrete_fields}
    columns |= {"user_id", "organisation_id", "is_staff", "role", "pk"}
    for name, sent in everything():
        if sent.method == "get":
            continue
        known = set(_kind(name, sent.method)().fields)
        stray = dict.fromkeys(columns - known, 1)
        with taken_back():
            answer = send(callers["ada"], name, sent, own, {**sent.body, **stray})
        assert answer.status_code == 422, name
        assert {one["field"] for one in answer.json()["errors"]} >= stray.keys(), name


def _kind(name: str, method: str) -> Any:
    view = next(pattern.callback for known, _route, pattern in _patterns() if known == name)
    return getattr(resource_of(name), view.actions[method]).takes


def _patterns() -> Any:
    from tests.house.patterns import patterns

    return patterns()


def test_a_row_shows_the_fields_its_serializer_names_and_no_other(
    callers: dict[str, Client], own: World
) -> None:
    for noun, resource in RESOURCES.items():
        rows = callers["ada"].get(f"/api/v1/{noun}/").json()["results"]
        assert rows, noun
        assert {frozenset(row) for row in rows} == {frozenset(resource.serializer_class.Meta.fields)}, noun


SECRET = re.compile(r"token|hash|password|secret|lease|file_path|from_ip|html|\bedited\b|form_token")


def test_no_serializer_names_what_opens_doors() -> None:
    named = {f"{noun}.{name}" for noun, one in RESOURCES.items() for name in one.serializer_class.Meta.fields}
    assert [name for name in named if SECRET.search(name)] == []


def test_links_of_stored_mails_are_placeholders(callers: dict[str, Client], own: World) -> None:
    texts = [row["text"] for row in callers["ada"].get("/api/v1/deliveries/?limit=200").json()["results"]]
    assert any("[confirm link]" in text for text in texts)
    assert [text for text in texts if re.search(r"/[cu]/[0-9a-z]+-[\w-]{43}", text)] == []


def test_a_list_asks_as_much_for_many_rows_as_for_few(callers: dict[str, Client], own: World) -> None:
    from tests.counting import queries_of

    grown = {}
    for noun in RESOURCES:
        few = len(queries_of(lambda noun=noun: callers["ada"].get(f"/api/v1/{noun}/?limit=1")))
        many = len(queries_of(lambda noun=noun: callers["ada"].get(f"/api/v1/{noun}/?limit=200")))
        if many != few or many > 14:
            grown[noun] = few, many
    assert grown == {}
