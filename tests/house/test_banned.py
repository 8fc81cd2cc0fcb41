"""Ways into trouble that no linter of Python sees. Each may stand where its reason says, and nowhere else."""

import re

import pytest

from tests.house.ours import ROOMS, ROOT

BANNED: dict[str, tuple[str, dict[str, str]]] = {
    "marks text as safe": (
        r"\|\s*safe\b|\bmark_safe\b|\bSafeString\b",
        {
            "ui/icons.py": "drawings that ship with us",
            "ui/shapes.py": "drawings of our own numbers",
            "ui/markdown.py": "Markdown whose reader lets no HTML through",
            "ui/opened.py": "a hidden field, its value escaped by Django",
            "ui/paths.py": "the same",
            "ui/tiny.py": "the same",
            "ui/templatetags/ui.py": "icons and drawings, passed on",
        },
    ),
    "writes HTML from a script": (
        r"\.innerHTML\s*=|insertAdjacentHTML|document\.write|hx-swap=\"[^\"]*innerHTML[^\"]*js:",
        {},
    ),
    "runs text": (r"\beval\(|\bnew Function\(|\bexec\(|hx-on\b|hx-vals=.js:", {}),
    "looks past the organisation": (r"\b_base_manager\b|\.raw\(|\bRawSQL\b|\.extra\(", {}),
    "does without the token": (
        r"\bcsrf_exempt\b",
        {
            "dashboards/visits.py": "the customer's pages: their link is the secret, no session is used",
            "dashboards/views/customer_page.py": "the same",
            "dashboards/views/landing.py": "anybody may write there; no session is used",
            "office/views/intake.py": "machines: their write key is the secret, no session is used",
            "post/views/preferences.py": "one-click unsubscribe is posted by mail programs (RFC 8058)",
        },
    ),
    "shows text unescaped": (
        r"{% autoescape off %}",
        {
            "templates/emails/": "plain text (.txt) only",
            "templates/account/email/": "the same",
            "ui/mail.py": "says so",
        },
    ),
}
LOOKED_AT = (".py", ".html", ".txt", ".svg", ".js")


@pytest.mark.parametrize("what", BANNED)
def test_it_stands_nowhere_but_where_it_has_a_reason(what: str) -> None:
    pattern, allowed = BANNED[what]
    found = {
        str(path.relative_to(ROOT))
        for folder in (*ROOMS, "templates", "static/js")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in LOOKED_AT and re.search(pattern, path.read_text(encoding="utf-8"))
    }
    assert {path for path in found if not path.startswith(tuple(allowed) or ("\0",))} == set()
    assert {reason for reason in allowed if not any(path.startswith(reason) for path in found)} == set()


def test_no_part_of_a_mail_that_is_html_is_unescaped() -> None:
    emails = (ROOT / "templates/emails").rglob("*.html")
    assert [path.name for path in emails if "autoescape off" in path.read_text(encoding="utf-8")] == []
