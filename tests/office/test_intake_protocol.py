"""/v1/…: answers as Segment's, so that its clients know what to do; nothing is half kept, no cookie set."""

import base64
import gzip
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from office import authorising
from office.models import IncomingEvent, Token
from organisations import limits, tenancy
from organisations.limits import Door, Limit
from organisations.models import Organisation, User

pytestmark = pytest.mark.django_db(transaction=True)
TRACK = {"type": "track", "userId": "u1", "event": "Order Completed", "messageId": "m1"}


@pytest.fixture
def key(harbour: Organisation, ada: User) -> str:
    return make(harbour, ada)


def make(organisation: Organisation, user: User, *scopes: str, **more: Any) -> str:
    given = {"organisation": organisation, "name": "shop", "scopes": scopes or ["intake"], "user": user}
    with tenancy.within(organisation):
        return authorising.make(**given, by=user, now=timezone.now(), **more)[1]


def post(key: str, said: Any, kind: str = "batch", **headers: str) -> Any:
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    if key:
        headers["Authorization"] = "Basic " + base64.b64encode(f"{key}:".encode()).decode()
    return Client(enforce_csrf_checks=True).post(
        f"/v1/{kind}", body, content_type="application/json", headers=headers
    )


def kept(organisation: Organisation) -> int:
    with tenancy.within(organisation):
        return IncomingEvent.objects.count()


@pytest.mark.parametrize("kind", ["identify", "group", "track", "page", "screen", "alias", "batch", "import"])
def test_every_call_is_answered_with_success(harbour: Organisation, key: str, kind: str) -> None:
    said = {"batch": [TRACK]} if kind in ("batch", "import") else TRACK | {"groupId": "k"}
    for slash in ("", "/"):
        answer = post(key, said, kind + slash)
        assert (answer.status_code, answer.json()) == (200, {"success": True})
    assert answer.cookies == {}
    assert kept(harbour) == 1


def test_a_packed_batch_is_unpacked(harbour: Organisation, key: str) -> None:
    packed = gzip.compress(json.dumps({"batch": [TRACK]}).encode())
    assert post(key, packed, **{"Content-Encoding": "gzip"}).status_code == 200
    assert kept(harbour) == 1


def test_the_key_may_stand_in_the_body(harbour: Organisation, key: str) -> None:
    assert post("", {"batch": [TRACK], "writeKey": key}).status_code == 200
    assert kept(harbour) == 1


BAD: dict[str, tuple[bytes, dict[str, str]]] = {
    "no JSON": (b"{", {}),
    "no object": (b"[]", {}),
    "no number": (b'{"batch": [{"properties": {"a": NaN}}]}', {}),
    "too deep": (b'{"batch":' * 50_000, {}),
    "no text": (b"\xff\xfe", {}),
    "no batch": (b'{"batch": {}}', {}),
    "no gzip": (b"{}", {"Content-Encoding": "gzip"}),
    "cut gzip": (gzip.compress(b'{"batch": []}' * 9)[:-9], {"Content-Encoding": "gzip"}),
    "bomb": (gzip.compress(b" " * 50_000_000), {"Content-Encoding": "gzip"}),
    "unknown packing": (b"{}", {"Content-Encoding": "br"}),
    "too large": (b'{"batch": [], "x": "' + b"x" * 512_001 + b'"}', {}),
}


@pytest.mark.parametrize("what", BAD)
def test_what_is_no_request_is_refused_whole(harbour: Organisation, key: str, what: str) -> None:
    body, headers = BAD[what]
    answer = post(key, body, **headers)
    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid"
    assert answer.json()["message"]
    assert kept(harbour) == 0


def test_a_key_that_opens_nothing_is_refused(
    harbour: Organisation, rival: Organisation, ada: User, eve: User
) -> None:
    over = make(harbour, ada, days=1)
    with tenancy.within(harbour):
        Token.objects.update(expires_at=timezone.now() - timedelta(days=1))
    for key in ("", "nobody", over, make(harbour, ada, "read", "write"), "bosai_1_x", "\x00"):
        assert post(key, {"batch": [TRACK]}).status_code == 401
    odd = {"Authorization": "Basic %%%"}
    assert Client().post("/v1/batch", "{}", content_type="application/json", headers=odd).status_code == 401
    assert post(make(rival, eve), {"batch": [TRACK]}).status_code == 200
    assert (kept(harbour), kept(rival)) == (0, 1)


def test_only_post_is_answered(key: str) -> None:
    answer = Client().get("/v1/batch")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


def test_one_key_that_sends_too_much_waits_and_others_do_not(
    harbour: Organisation, ada: User, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "INTAKE", Door("intake", address=Limit(3, 1)))
    answers = [post(key, TRACK, "track") for _n in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert answers[-1].json()["code"] == "rate"
    assert post(make(harbour, ada), TRACK, "track").status_code == 200


def test_a_key_says_when_it_was_last_used(harbour: Organisation, key: str) -> None:
    post(key, TRACK, "track")
    with tenancy.within(harbour):
        token = authorising.find(key, now=timezone.now())
    assert token is not None
    assert token.used_at is not None


ClientFor = Callable[[User], Client]


def test_the_page_shows_what_came_makes_rules_and_replays(
    harbour: Organisation, theo: User, key: str, client_for: ClientFor
) -> None:
    client, here = client_for(theo), "/o/harbour/incoming/"
    assert "No event has come in yet" in client.get(here).content.decode()
    post(key, {"batch": [{"type": "group", "userId": "u1", "groupId": "kestrel"}, TRACK]})
    page = client.get(here, headers={"HX-Request": "true", "HX-Target": "latest"}).content.decode()
    assert "there is no rule for “Order Completed” yet" in page
    assert "<h1>" not in page
    assert client.post(f"{here}rules/", {"event": "Order Completed"}).status_code == 422
    kept = client.post(f"{here}rules/", {"event": "Order Completed", "new_metric": "Orders"}, follow=True)
    assert "those that wait can be replayed" in kept.content.decode()
    client.post(f"{here}rules/", {"event": "Page Scrolled", "is_ignored": "on", "property": "x"})
    replayed = client.post(f"{here}replay/", follow=True).content.decode()
    assert "1 event found what it waited for" in replayed
    assert "one more of Orders" in replayed


def test_rules_are_taken_along_as_a_file_and_a_bad_one_changes_nothing(
    harbour: Organisation, theo: User, client_for: ClientFor
) -> None:
    client, here = client_for(theo), "/o/harbour/incoming/"

    def bring(text: str | bytes) -> Any:
        file = io_file(text)
        return client.post(f"{here}rules/file/", {"file": file} if file else {}, follow=True)

    said = {
        "format": "bosai.events/1",
        "metrics": [
            {"key": "orders", "name": "Orders"},
            {"key": "value", "name": "Order value", "unit": "€"},
        ],
        "rules": [
            {"event": "Order Completed", "metric": "orders"},
            {"event": "Order Completed", "property": "total", "metric": "value"},
            {"event": "Page Scrolled", "metric": None},
        ],
    }
    assert "3 rules are in force" in bring(json.dumps(said)).content.decode()
    taken = client.get(f"{here}rules.json").json()
    assert [each["metric"] for each in taken["rules"]] == ["orders", "value", None]
    assert "3 rules are in force" in bring(json.dumps(taken)).content.decode()
    for wrong, word in {
        "{": "not JSON",
        "[]": "no file of rules",
        json.dumps(said | {"rules": {}}): "are lists",
        json.dumps(said | {"rules": [{"event": ""}]}): "rules[0]",
        json.dumps(said | {"rules": [{"event": "x", "metric": 5}]}): "rules[0]",
        json.dumps(said | {"rules": [{"event": "x", "metric": "y", "z": 1}]}): "nothing else",
        json.dumps(said | {"rules": [{"event": "x", "metric": "y", "property": 1}]}): "to count events",
        json.dumps(said | {"rules": [{"event": "x", "metric": "unknown"}]}): "no metric “unknown”",
        json.dumps(said | {"rules": said["rules"][:1] * 2}): "earlier rule",
        json.dumps(said | {"metrics": [{"key": "a b"}]}): "hyphens",
        json.dumps(said | {"metrics": [{}]}): "metrics[0]",
        json.dumps(said | {"metrics": [{"key": "a", "unit": "x" * 30}]}): "up to 20",
        json.dumps(said | {"metrics": [{"key": "a", "lower_is_better": 1}]}): "true or false",
        "x" * 1_000_001: "1 MB",
    }.items():
        answer = bring(wrong)
        assert answer.status_code == 422
        assert word in answer.content.decode()
    assert "Choose a file first" in client.post(f"{here}rules/file/").content.decode()
    assert len(client.get(f"{here}rules.json").json()["rules"]) == 3
    gone = client.get(here).context["rules"][0]
    assert (
        "What was counted stays"
        in client.post(f"{here}rules/{gone.pk}/removal/", follow=True).content.decode()
    )
    assert len(client.get(f"{here}rules.json").json()["rules"]) == 2


def io_file(text: str | bytes) -> Any:
    return SimpleUploadedFile("rules.json", text.encode() if isinstance(text, str) else text)
