"""The reader of hostile pages is not blind: each thing it looks for, planted on a page, is told.

Else `test_hostile_texts` would be content with anything.
"""

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.utils.csp import build_policy
from playwright.sync_api import Route

from tests.services.browser import Browsers
from tests.walls.test_hostile_texts import Reader
from tests.walls.test_mails import planted_in
from tests.walls.two import CANARY

pytestmark = pytest.mark.once
OWN = "http://reader.example"
POLICY = {"Content-Security-Policy": build_policy(settings.SECURE_CSP, nonce="of-no-script")}
Look = Callable[..., list[str]]


@pytest.fixture(scope="module")
def look(chromium: Browsers) -> Iterator[Look]:
    """What the reader says of a page with this body."""
    reader = Reader(chromium.opener(OWN)(), OWN)
    answer: dict[str, object] = {}

    def respond(route: Route) -> None:
        is_page = route.request.url == f"{OWN}/"
        route.fulfill(**answer if is_page else {"status": 204})  # type: ignore[arg-type]

    reader.page.route("**/*", respond)

    def look(body: str, *, policy: bool = False, status: int = 200) -> list[str]:
        answer.update(
            status=status,
            content_type="text/html",
            body=f"<!doctype html>{body}",
            headers=POLICY if policy else {},
        )
        return reader.faults(f"{OWN}/", 200)

    yield look
    chromium.complaints.clear()
    chromium.close_contexts()


@pytest.mark.browser
@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("<p data-hostile>x</p>", "planted: <p data-hostile"),
        ("<hostile-element></hostile-element>", "planted: <hostile-element"),
        ("<iframe srcdoc='<p data-hostile>x</p>'></iframe>", "planted: <p data-hostile"),
        ("<script>window.__ran = 1</script>", "it ran"),
        ("<script>alert(1)</script>", "dialog: 1"),
        ("<script>throw new Error('broken')</script>", "script: broken"),
        ("<script>console.error('broken')</script>", "console: broken"),
        ("<a href='javascript:window.__ran=1'>x</a>", "leads to javascript:"),
        ("<form action=' data:text/html,x'></form>", "leads to  data:text/html"),
        ("<img src='//evil.example/x.png'>", "another host: http://evil.example/x.png"),
        (f"<p>Kestrel Freight {CANARY}</p>", "Harbour's: Kestrel Freight"),
    ],
)
def test_what_is_planted_is_told(look: Look, body: str, told: str) -> None:
    found = look(body)
    assert any(fault.startswith(told) for fault in found), found


@pytest.mark.browser
def test_what_the_policy_stops_is_told(look: Look) -> None:
    found = look("<script>window.__ran = 1</script>", policy=True)
    assert any(fault.startswith("policy: script-src") for fault in found), found
    assert "it ran" not in found


@pytest.mark.browser
def test_a_page_that_answers_otherwise_is_told(look: Look) -> None:
    assert "status 500" in look("<p>Broken</p>", status=500)


@pytest.mark.browser
def test_a_harmless_page_is_no_fault(look: Look) -> None:
    assert look("<h1>Today</h1><p>&lt;p data-hostile&gt; <a href='/o/'>on</a></p>", policy=True) == []


@pytest.mark.parametrize(
    "html",
    [
        "<p data-hostile>x</p>", "<SCRIPT src=x>", "</script >", '<a href=" javascript:x">x</a>',
        "<img src='x' data-hostile>",
    ],
)  # fmt: skip
def test_what_is_planted_in_a_mail_is_found(html: str) -> None:
    assert planted_in(f"<html><body><p>Dear Nadia,</p>{html}</body></html>")


def test_words_in_a_mail_are_no_element() -> None:
    assert planted_in('<p title="<script data-hostile>">&lt;script data-hostile&gt;</p>') == []
