"""The gallery in Chromium: nothing for axe to find, nothing wider than a phone, light enough."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.test.signals import template_rendered

from tests.services.accessible import faults

pytestmark = [pytest.mark.urls("tests.ui.pages")]
ROOT = Path(__file__).parents[2]
STATIC = ROOT / "static"
TOUCHED = {
    "htmx-request": "set by htmx while it waits",
    "htmx-indicator": "shown by htmx while it waits",
    "is-over": "set while a file is dragged over it",
}


@pytest.fixture
def shown() -> tuple[str, set[str]]:
    """The gallery with its frames: all of its HTML, and the templates it was made of."""
    names: set[str] = set()

    def note(template: Any, **_given: Any) -> None:
        names.add(str(template.origin.template_name))

    template_rendered.connect(note)
    html = "".join(Client().get(f"/ui/{part}").text for part in ("", "mail/", "sorry/"))
    template_rendered.disconnect(note)
    return html, names


@pytest.mark.django_db
def test_it_shows_every_template_of_the_design_system(shown: tuple[str, set[str]]) -> None:
    """If it is not there it does not exist: show it, or delete it."""
    there_is = {str(path.relative_to(ROOT / "templates")) for path in (ROOT / "templates/ui").rglob("*.*")}
    assert there_is - shown[1] == set()


@pytest.mark.django_db
def test_it_shows_every_class_of_every_component(shown: tuple[str, set[str]]) -> None:
    """States are classes: what a component's file styles stands in the gallery, or is styled for nobody."""
    worn = {name for group in re.findall(r'class="([^"]*)"', shown[0]) for name in group.split()}
    unseen = {}
    for path in sorted(STATIC.glob("css/components/*.css")):
        rules = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
        selectors = " ".join(re.findall(r"([^{};]+)\{", rules))
        styled = set(re.findall(r"\.([a-zA-Z][\w-]*)", selectors))
        assert styled, f"{path.name} styles no class"
        if left := styled - worn - TOUCHED.keys():
            unseen[path.name] = sorted(left)
    assert unseen == {}


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1280, 390])
def test_it_leaves_axe_nothing_to_find(open_page: Callable[..., Any], dark: bool, width: int) -> None:
    page = open_page(width=width, height=844, dark=dark)
    page.goto("/ui/")
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("dialog", ["shortcuts", "sheet-sample"])
def test_it_leaves_axe_nothing_to_find_in_an_open_dialog(open_page: Callable[..., Any], dialog: str) -> None:
    page = open_page(width=390, height=844)
    page.goto("/ui/")
    page.evaluate(f"document.getElementById('{dialog}').showModal()")
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_it_shows_the_path_as_a_list_where_it_is_narrow(open_page: Callable[..., Any]) -> None:
    wide, narrow = open_page(width=1280), open_page(width=390)
    for page, drawn in ((wide, True), (narrow, False)):
        page.goto("/ui/")
        assert page.locator(".path__drawing").first.is_visible() is drawn
        assert page.locator(".path__steps li > svg").first.is_visible() is not drawn


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("dark", [False, True])
def test_it_leaves_axe_nothing_to_find_on_an_error_page(open_page: Callable[..., Any], dark: bool) -> None:
    page = open_page(dark=dark)
    assert page.goto("/no/such/page/").status == 404
    assert faults(page) == []


@pytest.mark.django_db
def test_it_keeps_style_and_scripts_small() -> None:
    """At most 100 KB compressed for any first view; the frame around a page takes about half of it."""
    files = [*STATIC.glob("css/**/*.css"), *STATIC.glob("js/*.js")]
    htmx = Path(str(finders.find("django_htmx/htmx-2.min.js")))
    page = Client().get("/form/").content
    weight = sum(len(gzip.compress(path.read_bytes())) for path in [*files, htmx]) + len(gzip.compress(page))
    assert weight < 60_000


def test_it_keeps_our_scripts_few() -> None:
    lines = {path.name: len(path.read_text().splitlines()) for path in STATIC.glob("js/*.js")}
    assert max(lines.values()) <= 300
    assert sum(lines.values()) <= 900
