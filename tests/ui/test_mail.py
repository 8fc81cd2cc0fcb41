"""Mails: one line of subject, plain text unescaped, HTML small, and stones out of table cells."""

from types import SimpleNamespace

import pytest
from django.template import engines

from ui.gallery import ALL_STATES
from ui.mail import render_mail

HARBOUR = SimpleNamespace(
    name="Harbour & Sons", sender="Mara", accent="#ffd60a", postal_address="Kade 1\n1011 AB Amsterdam"
)
WORDS = """{% partialdef subject %}{% autoescape off %}{{ name }}
 & all{% endautoescape %}{% endpartialdef %}
{% partialdef text %}{% autoescape off %}Dear {{ name }},

1 & 2
{% endautoescape %}{% endpartialdef %}"""
FRAME = """{% extends "emails/base.html" %}{% block heading %}One list{% endblock %}
{% block lead %}<tr><td>{% mail_path stones organisation.accent %}</td></tr>{% endblock %}"""


def framed(**context: object) -> str:
    given = {"organisation": HARBOUR, "stones": ALL_STATES, "subject": "One list", **context}
    return engines["django"].from_string(FRAME).render(given)  # type: ignore[attr-defined, no-any-return]


@pytest.fixture
def celebration(tmp_path: object, settings: object) -> None:
    folder = tmp_path / "emails"  # type: ignore[operator]
    folder.mkdir()
    (folder / "celebration.txt").write_text(WORDS)
    (folder / "celebration.html").write_text("<p>{{ name }}</p>")
    settings.TEMPLATES = [  # type: ignore[attr-defined]
        {**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}  # type: ignore[attr-defined]
    ]


@pytest.mark.usefixtures("celebration")
def test_it_renders_subject_text_and_html() -> None:
    mail = render_mail("celebration", {"name": "Lucía <Marín>"}, "en")
    assert mail.subject == "Lucía <Marín> & all"
    assert mail.text == "Dear Lucía <Marín>,\n\n1 & 2\n"
    assert mail.html == "<p>Lucía &lt;Marín&gt;</p>"


@pytest.mark.usefixtures("celebration")
def test_it_lets_no_line_break_into_the_subject() -> None:
    mail = render_mail("celebration", {"name": "A\r\nBcc: everyone@example.com"}, "en")
    assert mail.subject == "A Bcc: everyone@example.com & all"


def test_it_frames_a_mail_within_sixty_kilobytes() -> None:
    html = framed(
        preferences_url="https://harbour.example/mails", unsubscribe_url="https://harbour.example/u"
    )
    assert len(html.encode()) < 60_000
    assert "Harbour &amp; Sons, Kade 1<br>1011 AB Amsterdam" in html
    assert "https://harbour.example/mails" in html
    assert "https://harbour.example/u" in html
    assert "<img" not in html


def test_it_draws_each_state_in_a_mail_by_itself() -> None:
    """Half-filled, notched and seamed stones, each said in words as well."""
    html = framed()
    assert html.count("border-radius:0 0 ") == 1
    assert html.count('class="open"') == 1
    assert html.count('class="seam"') == 1
    assert all(stone.name in html and stone.words in html for stone in ALL_STATES)


def test_it_shows_no_links_that_do_not_exist() -> None:
    assert "<a" not in framed()
