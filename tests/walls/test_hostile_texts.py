"""No text that somebody stored runs, on any page: every payload in every column, shown in a real Chromium.

The rival's every word is a payload (tests/hostile/payloads.txt). Each page of theirs is opened as a member
who may, under the content security policy we send.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Frame, Page
from pytest_django.live_server_helper import LiveServer

from tests.hostile.corpus import payloads
from tests.house.examples import EXAMPLES, Example
from tests.services.browser import Browsers
from tests.walls.crawl import address, everything, once
from tests.walls.two import CANARY, RIVAL, Two, two_organisations

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(1200),
]
FOREIGN_WORDS = ("Kestrel Freight", "Harbour Analytics", "Lindqvist")
LISTEN = """
    window.__broken = [];
    document.addEventListener("securitypolicyviolation",
        event => window.__broken.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""
LOOK = """() => {
    const leads = [...document.querySelectorAll("a[href], form[action], iframe[src], img[src], [formaction]")]
        .map(one => one.getAttribute("href") || one.getAttribute("action") || one.getAttribute("src") || "")
        .filter(url => /^[\\s\\u0000-\\u001f]*(javascript|data:text|vbscript)/i.test(url));
    const planted = [...document.querySelectorAll("[data-hostile], hostile-element")].map(at => at.outerHTML);
    return [...(window.__ran ? ["it ran"] : []), ...(window.__broken || []).map(one => `policy: ${one}`),
        ...leads.map(one => `leads to ${one}`), ...planted.map(one => `planted: ${one.slice(0, 120)}`)];
}"""


def server_for(two: Two) -> Iterator[LiveServer]:
    started = LiveServer("localhost")
    started._live_server_modified_settings.enable()
    yield started
    started._live_server_modified_settings.disable()
    started.stop()


@pytest.fixture(scope="module")
def server(two: Two) -> Iterator[LiveServer]:
    yield from server_for(two)


class Reader:
    """A tab of one member, and whatever went wrong in it."""

    def __init__(self, page: Page, own: str) -> None:
        self.page, self.heard = page, []
        page.add_init_script(LISTEN)
        page.on("dialog", self._dialog)
        page.on("console", lambda said: self._console(said.type, said.text))
        page.on("pageerror", lambda error: self.heard.append(f"script: {error}"))
        page.on("request", lambda request: self._request(request.url, own))

    def _dialog(self, dialog: Any) -> None:
        self.heard.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _console(self, kind: str, words: str) -> None:
        if kind == "error" and not words.startswith("Failed to load resource"):
            self.heard.append(f"console: {words}")

    def _request(self, url: str, own: str) -> None:
        if not url.startswith((own, "data:", "blob:", "about:")):
            self.heard.append(f"another host: {url}")

    def faults(self, url: str, status: int) -> list[str]:
        self.heard.clear()
        response = self.page.goto(url)
        assert response is not None
        found = [] if response.status == status else [f"status {response.status}"]
        for frame in self.page.frames:
            found += self._seen(frame)
        shown = self.page.content()
        found += [f"Harbour's: {words}" for words in FOREIGN_WORDS if words in shown and CANARY in shown]
        return [*found, *self.heard]

    def _seen(self, frame: Frame) -> list[str]:
        return list(frame.evaluate(LOOK))


def reader(who: str, two: Two, chromium: Browsers, own: str) -> Reader:
    page = chromium.opener(own)(reduced_motion="reduce")
    if who:
        session = two.clients[f"rival {who}"].cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": own}])
    return Reader(page, own)


def look_everywhere(
    two: Two, chromium: Browsers, own: str, examples: Iterable[tuple[str, Example]]
) -> dict[str, list[str]]:
    """Every page, and every mail shown on one: what went wrong where."""
    readers: dict[str, Reader] = {}
    wrong, seen = {}, set()
    for name, example in examples:
        url = address(name, example, two.theirs, RIVAL)
        if name not in EXAMPLES or url in seen or "format=csv" in url or name in FILES:
            continue
        seen.add(url)
        if example.who not in readers:
            readers[example.who] = reader(example.who, two, chromium, own)
        if faults := readers[example.who].faults(f"{own}{url}", example.status):
            wrong[url] = faults[:5]
    chromium.complaints.clear()
    chromium.close_contexts()
    return wrong


# Files that no browser shows, and pages of people, which hold nothing of an organisation.
FILES = {
    "milestones:journey_file", "office:import_mapping", "office:import_rows", "organisations:theme",
    "account_reset_password_from_key", "home", "factor_removal", "mfa_authenticate",
    "coaching:resource_file", "dashboards:their_file", "advocacy:story_file",
    # public addresses name their house themselves: tests/advocacy look at hostile words there
    "advocacy:public_story", "advocacy:public_card", "dashboards:landing",
    "api:schema", "coaching:calendar_feed", "office:event_rules_file", "office:import_template",
}  # fmt: skip


def test_no_stored_text_runs_on_any_page(two: Two, server: LiveServer, chromium: Browsers) -> None:
    assert len(payloads()) >= 150
    assert look_everywhere(two, chromium, server.url, once()) == {}


@pytest.mark.nightly
@pytest.mark.parametrize("turn", range(1, 5))
def test_no_stored_text_runs_wherever_it_stands(
    turn: int, chromium: Browsers, django_db_setup: None, django_db_blocker: Any
) -> None:
    """The same with the payloads in other places, each time in organisations of its own."""
    with django_db_blocker.unblock(), two_organisations(turn) as two:
        for server in server_for(two):
            assert look_everywhere(two, chromium, server.url, everything()) == {}
