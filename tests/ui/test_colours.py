"""Whatever colour an organisation gives, words on it can be read; and mails agree with pages."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.generated import patient
from ui.colours import FALLBACK, as_hex, contrast, is_colour, mail_colours, oklch

PAPER, DARK_PAPER = "#fdfdfb", "#23221e"
HEX = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
TOKENS = Path(__file__).parents[2] / "static/css/tokens.css"


@patient
@given(HEX)
def test_it_makes_any_accent_legible(accent: str) -> None:
    colours = mail_colours(accent)
    assert contrast(colours.ink, PAPER) >= 4.5
    assert contrast(colours.ink, colours.tint) >= 4.5
    assert contrast(colours.on_ink, colours.ink) >= 4.5
    assert contrast(colours.dark_ink, DARK_PAPER) >= 4.5
    assert contrast(colours.dark_on_ink, colours.dark_ink) >= 4.5


@patient
@given(HEX)
def test_it_comes_back_from_oklch_unchanged(colour: str) -> None:
    assert as_hex(oklch(colour)) == colour


@pytest.mark.parametrize("nonsense", ["", "red", "#12", "javascript:alert(1)", "#zzzzzz"])
def test_it_replaces_what_is_no_colour(nonsense: str) -> None:
    assert not is_colour(nonsense)
    assert mail_colours(nonsense) == mail_colours(FALLBACK)


def test_it_clamps_in_mails_as_on_pages() -> None:
    """The numbers of `mail_colours` stand in tokens.css as well; whoever changes one changes both."""
    css = TOKENS.read_text()
    ink = re.search(
        r"--accent-ink:.*min\(l, (\S+)\) min\(c, (\S+)\) h.*max\(l, (\S+)\) min\(c, (\S+)\) h", css
    )
    assert ink is not None
    assert ink.groups() == (".46", ".16", ".79", ".12")
    assert f"--accent: {FALLBACK};" in css
