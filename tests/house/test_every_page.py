"""Every page there is, lived-in, empty and crowded, light, dark and on a phone.

It answers, says nothing to the console, breaks no content security policy, asks no other host, stands inside
390 px, and leaves axe nothing to find.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, Response
from pytest_django.live_server_helper import LiveServer

from organisations.models import User
from tests.house.examples import Example, pages
from tests.house.lived_in import CROWDED, LIVED_IN, World, world
from tests.services.accessible import COLOURS
from tests.services.accessible import faults as found_by_axe
from tests.services.browser import Browsers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
LARGEST_KB = 60  # of HTML before compression
LARGER_KB = {  # pages that may have more, with the reason
    "api:reference": 130,  # every field of every noun, on one page to search
    "dashboards:customer": 80,  # a path drawn twice
    "dashboards:customer_list": 110,  # fifty rows, each with its path drawn
    "dashboards:today": 100,  # a path in every line, and fifty lines on a page of one kind
    "milestones:enrolments": 80,  # two hundred to tick
}
MEMBERS = ("ada", "theo", "mara", "rio")
OF_THE_CROWD = ("lena", "ines", "ruth")
CROWD = 200  # made as the demo's 2,000 are: enough for every page to be full
STILL_TO_LOAD = '[hx-trigger*="load"], [hx-trigger*="revealed"], iframe'


@pytest.fixture
def _django_db_helper() -> None:
    """In place of pytest-django's, which clears the database after every test: `lived_in` does so once."""


@dataclass
class Window:
    """One tab that goes from page to page, and what it heard there."""

    page: Page
    heard: list[str] = field(default_factory=list)

    def listen(self, own: str) -> None:
        self.page.on("pageerror", lambda error: self.heard.append(f"script: {error}"))
        self.page.on("console", lambda said: self._note(said.type, said.text))
        self.page.on("request", lambda request: self._foreign(request.url, own))
        self.page.on("response", self._missing)

    def _note(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and not text.startswith("Failed to load resource"):
            self.heard.append(f"console: {text}")

    def _missing(self, response: Response) -> None:
        """What a page asks for must be there; whether the page itself is, its test says."""
        if response.status >= 400 and not response.request.is_navigation_request():
            self.heard.append(f"{response.status}: {response.url}")

    def _foreign(self, url: str, own: str) -> None:
        if not url.startswith((own, "data:", "blob:", "about:")):
            self.heard.append(f"another host: {url}")

    def go(self, url: str) -> Response:
        self.heard.clear()
        response = self.page.goto(url)
        assert response is not None
        return response


@pytest.fixture(scope="module")
def lived_in(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """With a crowd beside it."""
    with django_db_blocker.unblock(), world(crowd=CROWD) as made:
        yield made


@pytest.fixture(scope="module")
def server(lived_in: World) -> Iterator[LiveServer]:
    started = LiveServer("localhost")
    started._live_server_modified_settings.enable()
    yield started
    started._live_server_modified_settings.disable()
    started.stop()


@pytest.fixture(scope="module")
def windows(server: LiveServer, chromium: Browsers) -> Iterator[dict[str, Window]]:
    """One for everybody who signs in, and (under no name) for who does not."""

    def window(who: str) -> Window:
        page = chromium.opener(server.url)(reduced_motion="reduce")
        page.context.add_cookies(_signed_in(who, server.url))
        made = Window(page)
        made.listen(server.url)
        return made

    yield {who: window(who) for who in ("", *MEMBERS, *OF_THE_CROWD)}
    chromium.complaints.clear()
    chromium.close_contexts()


def _signed_in(who: str, url: str) -> list[Any]:
    if not who:
        return []
    client = Client()
    house = CROWDED if who in OF_THE_CROWD else LIVED_IN
    client.force_login(User.objects.get(email=f"{who}@{house}.example"))
    return [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}]


def _called(case: tuple[str, Example, str]) -> str:
    name, example, organisation = case
    words = [name, *example.args, example.query, example.who or "nobody"]
    return "-".join(words if organisation == LIVED_IN else [*words, organisation])


@pytest.mark.parametrize("case", pages(), ids=_called)
def test_it_is_sound(case: tuple[str, Example, str], windows: dict[str, Window], lived_in: World) -> None:
    name, example, organisation = case
    url = example.url(name, lived_in, organisation)
    window = windows[example.who]
    faults = [*_answers(window, url, name, example), *_accessible(window.page), *_fits_a_phone(window.page)]
    assert not faults, "\n".join([url, *faults])


def _answers(window: Window, url: str, name: str, example: Example) -> Iterator[str]:
    window.page.set_viewport_size(DESKTOP)
    response = window.go(url)
    if window.page.locator(STILL_TO_LOAD).count():
        window.page.wait_for_load_state("networkidle")
    if response.status != example.status:
        yield f"status {response.status}"
    html = response.body()
    if b"<h1" not in html:
        yield "no heading"
    if len(html) > LARGER_KB.get(name, LARGEST_KB) * 1024:
        yield f"{len(html) // 1024} KB of HTML"
    if styled := re.findall(r"<[^>]+\sstyle=[^>]*>", html.decode()):
        yield f"inline style: {styled[0]}"
    yield from window.heard


def _fits_a_phone(page: Page) -> Iterator[str]:
    page.set_viewport_size(PHONE)
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > PHONE["width"]:
        wide = page.evaluate(
            """[...document.querySelectorAll("main *")].filter(e => e.getBoundingClientRect().right > 391)
            .map(e => `${e.tagName}.${e.className}`).slice(0, 3)"""
        )
        yield f"{width} px wide on a phone: {wide}"


def _accessible(page: Page) -> Iterator[str]:
    """Everything in the light; in the dark the colours, the rest is the same."""
    for theme, only in (("light", None), ("dark", COLOURS)):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        yield from (f"axe, {theme}: {fault}" for fault in found_by_axe(page, only))
    page.emulate_media(color_scheme="light")
