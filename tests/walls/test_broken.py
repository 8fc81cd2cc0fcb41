"""Addresses, questions and forms that no browser of a friend would send: an answer of ours, never a 500."""

import re
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.urls import reverse

from tests.house.examples import EXAMPLES, NOBODY
from tests.walls.crawl import Crawl, address, once
from tests.walls.forms import Form
from tests.walls.sending import send, taken_back
from tests.walls.two import Two

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(1200),
]
IDS = [
    "0",
    "9" * 30,
    str(2**63),
    str(2**63 - 1),
    "00000000000000000001",
    "٣",
    "%00",
    "%ff%fe",
    "..%2f..",
    "1%0d%0aX:y",
]
VALUES = [
    "\0", "a\0b", "-1", "0", "9" * 40, "1e999", "NaN", "٣", "2026-02-31", "0000-00-00", "99999-01-01",
    "2026-13-45T99:99:99", "x" * 5_000, "=1+1", "'", "%", "_", "\\", "' OR 1=1 --", "../../etc/passwd",
    "a\r\nb", "[]", "{}", "null", "on", "\ud7ff\ufffe", "🪨", "-1-1", "\u202e",
    "19700101T000000000000-0", "99991231T235959999999-9",
]  # fmt: skip
RAW = ["%ff%fe", "%c3%28", "%00", "%u0041", "%", "%zz", "&&&=&=", "a=1&a=2&a=3"]
ASKED = re.compile(r'[?&;]([a-z_]+)=|<(?:input|select|textarea|button)[^>]*?\bname="([\w-]+)"')
GOOD = (200, 204, 302, 400, 403, 404, 405, 409, 410, 413, 422)


def turns(count: int) -> range:
    """Each database sees half of what is amiss."""
    return range(0, count, 2) if connection.vendor == "sqlite" else range(1, count, 2)


def test_an_address_of_no_row_is_answered(two: Two) -> None:
    wrong = {}
    for name, example in once():
        for arg in {str(two.own.ids[arg]) for arg in example.args if arg in two.own.ids}:
            for given in IDS:
                url = address(name, example, two.own).replace(f"/{arg}/", f"/{given}/", 1)
                for method in ("get", "post"):
                    with taken_back():
                        status = getattr(two.clients["ada"], method)(url).status_code
                    if status not in GOOD:
                        wrong[method, url] = status
    for door in ("dashboards:customer_page", "post:preferences", "office:invitation", "organisations:setup"):
        for given in [*IDS, "1-" + "9" * 300, "zzzzzzzzzzzzzz-abc", "-", "0-", "1-%00"]:
            url = reverse(door, args=["TOKEN"]).replace("TOKEN", given)
            if (status := two.clients[NOBODY].get(url).status_code) not in GOOD:
                wrong["get", url] = status
    assert wrong == {}


@pytest.mark.nightly
def test_a_question_that_makes_no_sense_is_answered(two: Two, crawl: Crawl) -> None:
    """Every page with every parameter that it knows, one after the other, each with something else amiss."""
    wrong, turn = {}, 0
    for name, them in EXAMPLES.items():
        example = them[0]
        url, client = address(name, example, two.own).partition("?")[0], two.clients[example.who]
        body = "".join(
            answer.body.decode(errors="replace")
            for (who, asked), answer in crawl.by.items()
            if who == example.who and asked.partition("?")[0] == url
        )
        known = {a or b for a, b in ASKED.findall(body)} - {"csrfmiddlewaretoken"}
        for parameter in sorted(known | {"next", "format", "before", "page"}):
            turn += 1
            values = [VALUES[(turn * 7 + step * 11) % len(VALUES)] for step in turns(2)]
            for query in [
                *(urlencode({parameter: value}) for value in values),
                *([f"{parameter}={RAW[turn // 3 % len(RAW)]}"] if turn % 3 == 0 else []),
            ]:
                response = client.get(f"{url}?{query}")
                if response.status_code not in GOOD:
                    wrong[url, query[:80]] = response.status_code
    assert wrong == {}
    assert turn > 200


def test_a_form_filled_in_with_anything_is_answered(two: Two, forms: dict[str, Form]) -> None:
    """Every form of every page, each of its fields with something else amiss each time."""
    wrong = {}
    for place, (name, form) in enumerate(forms.items()):
        names = list(form.data | form.choices)
        for turn in turns(6):
            filled = {one: VALUES[(place + turn * 5 + at * 3) % len(VALUES)] for at, one in enumerate(names)}
            status = send(two.clients["ada"], form, **filled).status
            if status not in GOOD:
                wrong[name, turn] = status
    assert wrong == {}


def test_a_body_that_is_no_form_is_answered(two: Two, forms: dict[str, Form]) -> None:
    wrong = {}
    for name, form in forms.items():
        for kind in (
            "application/json",
            "multipart/form-data; boundary=x",
            "application/x-www-form-urlencoded",
        ):
            with taken_back():
                body = b'{"a": [\xff' + b"\x00" * 10 + "&".join(f"{one}=%ff%00" for one in form.data).encode()
                status = two.clients["ada"].post(form.action, data=body, content_type=kind).status_code
            if status not in GOOD:
                wrong[name, kind] = status
    assert wrong == {}
