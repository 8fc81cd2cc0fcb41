"""The frames around pages: what every page promises browsers, scripts and screen readers."""

import json
import re
from pathlib import Path

import pytest
from django.template import engines
from django.test import Client, RequestFactory

from ui.gallery import Harbour, Mara

TEMPLATES = Path(__file__).parents[2] / "templates"
OF_MAILS = {"gallery_mail.html"}  # mails carry their styles inline
FRAMES = [*TEMPLATES.glob("*.html"), *(TEMPLATES / "ui").glob("*.*"), *(TEMPLATES / "ui/charts").glob("*.*")]
FRAMES = [path for path in FRAMES if path.name not in OF_MAILS]


def rendered(parent: str, **context: object) -> str:
    blocks = "{% block title %}T{% endblock %}{% block main %}<h1>T</h1>{% endblock %}"
    source = f'{{% extends "{parent}" %}}{blocks}'
    return str(engines["django"].from_string(source).render(context, RequestFactory().get("/")))  # type: ignore[attr-defined]


@pytest.mark.urls("tests.ui.pages")
@pytest.mark.django_db
def test_it_tells_htmx_to_write_no_style_run_no_text_and_keep_no_pages() -> None:
    html = Client().get("/form/").content.decode()
    config = json.loads(re.search(r"name=\"htmx-config\" content='([^']*)'", html).group(1))  # type: ignore[union-attr]
    assert config["includeIndicatorStyles"] is False
    assert config["allowEval"] is False
    assert config["historyCacheSize"] == 0
    swapped = [rule["code"] for rule in config["responseHandling"] if rule["swap"]]
    assert swapped == ["[23]..", "422"]
    assert 'hx-history="false"' in html


@pytest.mark.urls("tests.ui.pages")
@pytest.mark.django_db
def test_it_sends_the_csrf_token_with_every_htmx_request() -> None:
    html = Client().get("/form/").content.decode()
    headers = json.loads(re.search(r"<body hx-headers='([^']*)'", html).group(1))  # type: ignore[union-attr]
    assert len(headers["x-csrftoken"]) == 64


def test_it_lets_the_keyboard_skip_to_the_content() -> None:
    for parent in ("base.html", "customer_base.html"):
        html = rendered(parent, organisation=Harbour(), member=Mara())
        assert html.index('class="skip" href="#main"') < html.index("<main")
        assert re.search(r'<main[^>]* id="main"', html)
        assert "<title>T · Harbour Analytics</title>" in html


def test_it_shows_customers_no_members_pages() -> None:
    html = rendered("customer_base.html", organisation=Harbour())
    assert '<meta name="referrer" content="no-referrer">' in html
    assert "noindex" in html
    assert "<nav" not in html
    assert 'data-go="' not in html
    assert "drafts.js" not in html


def test_it_hides_what_a_reader_may_not_do() -> None:
    writer, reader = Mara(can_write=True), Mara(can_write=False)
    assert 'data-shortcut="n"' in rendered("base.html", organisation=Harbour(), member=writer)
    assert 'data-shortcut="n"' not in rendered("base.html", organisation=Harbour(), member=reader)


@pytest.mark.parametrize("path", FRAMES, ids=lambda path: path.name)
def test_it_writes_no_style_and_no_script_into_a_page(path: Path) -> None:
    """The content security policy would block both; charts use SVG attributes and classes."""
    source = path.read_text()
    assert not re.search(r"\sstyle=", source)
    assert not re.search(r"\son[a-z]+=", source)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", source))
