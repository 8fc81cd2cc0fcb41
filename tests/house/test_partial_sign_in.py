"""An expired session inside a part of a page leads to sign-in as a whole page, and back to where one was.

Derived from the addresses there are: whoever adds one is asked the same.
"""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.urls.converters import get_converters

from organisations.models import Role
from tests.house.ours import ROOT
from tests.house.patterns import patterns
from tests.house.test_guarded_views import guard_of

pytestmark = pytest.mark.django_db
PAGE = "/o/harbour/customers/?show=left"
ANY = {"slug": "harbour", "int": "1", "str": "x"}
BEHIND = [name for name, _route, pattern in patterns() if guard_of(pattern) in set(Role)]
OWN = ["own_sign_in", "own_app", "own_passkey", "own_codes", "account_change_password"]


def address(name: str) -> str:
    """Some address of this name; whoever is not signed in is not told whether its rows are there."""
    pattern = next(pattern for known, _route, pattern in patterns() if known == name)
    kinds = {kind: type(converter) for kind, converter in get_converters().items()}
    named = {
        argument: next(ANY[kind] for kind, made in kinds.items() if kind in ANY and type(converter) is made)
        for argument, converter in pattern.pattern.converters.items()
    }
    return reverse(name, kwargs=named)


def part(url: str, method: str, page: str = f"http://testserver{PAGE}") -> tuple[int, str, str]:
    """What htmx gets: status, where it goes, and what it would put into the page."""
    headers = {"HX-Request": "true", "HX-Current-URL": page, "HX-Target": "customer-table"}
    answer = getattr(Client(), method)(url, headers=headers)
    return answer.status_code, answer.headers.get("HX-Redirect", ""), answer.text


def test_there_are_addresses_to_ask() -> None:
    assert len(BEHIND) > 70


def test_every_part_of_a_members_page_leads_to_sign_in_and_back() -> None:
    back = (401, "/accounts/login/?next=%2Fo%2Fharbour%2Fcustomers%2F%3Fshow%3Dleft", "")
    wrong = {}
    for name in [*BEHIND, *OWN]:
        answers = [part(address(name), method) for method in ("get", "post")]
        # what only takes a POST, or a GET, may say so first: nothing is put into the page by that
        if back not in answers or any(answer != back and answer[0] != 405 for answer in answers):
            wrong[name] = answers
    assert wrong == {}


def test_every_address_in_a_template_that_htmx_asks_is_one_of_them() -> None:
    """Whatever an hx- attribute names is asked above."""
    asked = set()
    for path in (ROOT / "templates").rglob("*.html"):
        for value in re.findall(r'hx-(?:get|post|put|patch|delete)="({%[^%]*%})', path.read_text("utf-8")):
            asked |= set(re.findall(r'{%\s*url\s+"([\w:]+)"', value))
    assert asked
    assert asked - set(BEHIND) == set()


@pytest.mark.parametrize(
    "page",
    [
        "https://evil.example/o/harbour/today/",
        "//evil.example/",
        "javascript:alert(1)",
        "http://testserver@evil.example/",
        "http://testserver.evil.example/",
        "data:text/html,x",
        "http:///evil.example",
        "",
    ],
)
def test_it_never_comes_back_to_another_host(page: str) -> None:
    status, door, _html = part("/o/harbour/today/", "get", page)
    assert status == 401
    assert door == "/accounts/login/?next=%2F"


@pytest.mark.parametrize("page", ["//evil.example", "/\\evil.example", "http:evil", "\thttps://evil.example"])
def test_sign_in_itself_follows_no_other_host(page: str) -> None:
    answer = Client().get("/accounts/login/", {"next": page})
    assert "evil" not in "".join(re.findall(r'href="([^"]*)"', answer.text))
