"""Hard by default: every kind of answer carries the headers that browsers defend people with."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import LazySettings
from django.http import HttpResponseBase
from django.test import Client
from django.urls import path

from organisations import tenancy
from organisations.models import Organisation, User
from tests import factories
from tests.bosai import observatory

pytestmark = pytest.mark.django_db
YEAR = 31536000
EVERYWHERE = {
    "Content-Security-Policy": "default-src 'none'",
    "Strict-Transport-Security": f"max-age={YEAR}",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=()",
}
REFERRER = ("same-origin", "no-referrer")


def broken(request: Any) -> Any:
    raise RuntimeError("canary")


class WithOneThatBreaks:
    """The product's addresses and one more."""

    from bosai.urls import handler400, handler403, handler404, handler500, urlpatterns

    urlpatterns = [path("broken/", broken), *urlpatterns]


@pytest.fixture
def answers(
    ada: User, client_for: Callable[[User], Client], settings: LazySettings
) -> dict[str, HttpResponseBase]:
    """One answer of each kind, as a browser gets it through the proxy."""
    settings.SECURE_HSTS_SECONDS, settings.ROOT_URLCONF = YEAR, WithOneThatBreaks
    member = client_for(ada)
    member.raise_request_exception = False
    strict = Client(enforce_csrf_checks=True)
    harbour = Organisation.objects.get()
    with tenancy.within(harbour):
        factories.make_journey(harbour, metric=factories.make_metric(harbour))
    of = "/o/harbour"
    made = {
        "a page for everybody": strict.get("/accounts/login/", secure=True),
        "a member's page": member.get(f"{of}/customers/", secure=True),
        "a part of a page": member.get(f"{of}/customers/", secure=True, headers={"HX-Request": "true"}),
        "CSV": member.get(f"{of}/customers/?format=csv", secure=True),
        "JSON": member.get(f"{of}/journeys/first-data/file/", secure=True),
        "colours": strict.get(f"{of}/theme.css", secure=True),
        "a stylesheet": strict.get("/static/css/app.css", secure=True),
        "a script": strict.get("/static/js/drafts.js", secure=True),
        "a redirect": strict.get(f"{of}/today/", secure=True),
        "a bad host": strict.get("/accounts/login/", secure=True, headers={"host": "evil.example"}),
        "forged": strict.post("/accounts/login/", secure=True),
        "not there": member.get(f"{of}/no/such/page/", secure=True),
        "a file that is not there": strict.get("/static/no-such.css", secure=True),
        "a wrong method": member.put(f"{of}/customers/", secure=True),
        "broken": member.get("/broken/", secure=True),
    }
    yield made
    for answer in made.values():
        answer.close()


STATUS = {
    "a redirect": 302,
    "a bad host": 400,
    "forged": 403,
    "not there": 404,
    "a file that is not there": 404,
}
STATUS |= {"a wrong method": 405, "broken": 500}
SHARED = ("colours", "a stylesheet", "a script")  # nothing of anybody's: caches may keep them


def test_every_kind_of_answer_is_hardened(answers: dict[str, HttpResponseBase]) -> None:
    assert {kind: answer.status_code for kind, answer in answers.items()} == {
        kind: STATUS.get(kind, 200) for kind in answers
    }
    for kind, answer in answers.items():
        for header, value in EVERYWHERE.items():
            assert value in answer.headers.get(header, ""), f"{kind}: {header}"
        assert answer.headers.get("Referrer-Policy") in REFERRER, kind
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "*" not in policy, kind
        assert "Server" not in answer.headers
        assert ("no-store" in answer.headers.get("Cache-Control", "")) is (kind not in SHARED), kind
    cookies = [cookie for answer in answers.values() for cookie in getattr(answer, "cookies", {}).values()]
    assert cookies
    assert all(cookie["samesite"] == "Lax" for cookie in cookies)


def test_every_kind_of_answer_has_a_full_score(answers: dict[str, HttpResponseBase]) -> None:
    scores = {kind: observatory.score(answer) for kind, answer in answers.items()}
    assert {kind: score for kind, score in scores.items() if score < 100} == {}
    assert min(scores.values()) == 130, "nothing is taken off, and every bonus that applies is there"


def test_the_score_sees_what_is_missing(answers: dict[str, HttpResponseBase]) -> None:
    for header, points in observatory.MISSING.items():
        answer = answers["a member's page"]
        kept = answer.headers[header]
        del answer.headers[header]
        assert observatory.base(answer) == 100 + points, header
        answer.headers[header] = kept


def test_nothing_answers_before_the_headers_are_on(settings: LazySettings) -> None:
    """Whoever answers below these answers with the headers: files, refusals, and what breaks."""
    names = [name.rpartition(".")[2] for name in settings.MIDDLEWARE]
    assert names[names.index("SecurityMiddleware") :][:6] == [
        "SecurityMiddleware",
        "HeadersMiddleware",
        "XFrameOptionsMiddleware",
        "ContentSecurityPolicyMiddleware",
        "WhiteNoiseMiddleware",
        "PrivatePagesMiddleware",
    ]
