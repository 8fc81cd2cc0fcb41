"""Every module says what it is for, and every page speaks our words in the reader's language.

If something has no room, the rooms are wrong.
"""

import re
from pathlib import PurePath

from tests.house.ours import ROOT, sources

SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "core", "services", "managers", "misc", "lib"}
# A word of ours on the right; docs/language.md says more.
NOT_OURS = {
    r"\btenants?\b": "organisation",
    r"\bteams\b": "organisation",
    r"\benrollments?\b": "enrolment",
}
NAMES = {"Bosai", "Message-ID"}  # the same in every language
SAMPLES = {"gallery.html", "_gallery_compositions.html", "gallery_mail.html"}  # made up, and for ourselves
UNSEEN = (
    r"{% comment %}.*?{% endcomment %}",
    r"{% block \w*class\w* %}.*?{% endblock[^%]*%}",
    r"{% blocktrans(?:late)?\b.*?{% endblocktrans(?:late)? %}",
    r"{%.*?%}|{{.*?}}|{#.*?#}|&\w+;|<!--.*?-->|<!doctype[^>]*>",
    r"<(script|style|code|kbd|title)\b.*?</\1>",
)


def test_no_module_has_a_name_that_says_nothing():
    named = {part for source in sources() for part in PurePath(source.path).with_suffix("").parts}
    assert named & SAY_NOTHING == set()


def test_signals_connect_no_rooms():
    """Upper rooms look down for work; nothing is called that one does not see being called."""
    signs = re.compile(r"from django\.\S*signals|@receiver")
    assert [source.path for source in sources() if signs.search(source.text)] == []


def test_pages_use_our_words():
    wrong = []
    for path in sorted((ROOT / "templates").rglob("*.*")):
        text = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", "", path.read_text(encoding="utf-8"))
        found = [word for word in NOT_OURS if re.search(word, text, re.IGNORECASE)]
        wrong += [f"{path.name}: {word}, say {NOT_OURS[word]}" for word in found]
    assert wrong == []


def test_pages_say_everything_through_gettext():
    """Text between tags that stands outside {% translate %} cannot be put into another language."""
    bare = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        if path.name not in SAMPLES:
            bare += [f"{path.relative_to(ROOT)}: {text}" for text in _bare(path.read_text(encoding="utf-8"))]
    assert bare == []


def _bare(html: str) -> list[str]:
    """Words of a template that a reader would see as they stand."""
    for unseen in UNSEEN:
        html = re.sub(unseen, " ", html, flags=re.DOTALL | re.IGNORECASE)
    lines = [line.strip(" ·\t") for line in re.sub(r"<[^<>]*>", "\n", html).split("\n")]
    return [
        line for line in lines if re.search(r"[A-Za-z]{3,}", line) and line not in NAMES and '="' not in line
    ]
