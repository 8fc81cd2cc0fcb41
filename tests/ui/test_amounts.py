"""Money in words: rounded once, half to even, by the currency's own decimals."""

import pytest

from ui.amounts import money_words

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("amount_e4", "currency", "words"),
    [
        (60_413_880_995, "USD", "USD 6,041,388.10"),
        (6_990_982, "USD", "USD 699.10"),
        (12_350, "EUR", "EUR 1.24"),
        (12_250, "EUR", "EUR 1.22"),
        (12_450, "EUR", "EUR 1.24"),
        (-1_000, "EUR", "EUR -0.10"),
        (15_000, "JPY", "JPY 2"),
        (12_345, "KWD", "KWD 1.234"),
        (0, "EUR", "EUR 0.00"),
    ],
)
def test_it_rounds_once_and_half_to_even(amount_e4: int, currency: str, words: str) -> None:
    assert money_words(amount_e4, currency) == words.replace(" ", "\N{NO-BREAK SPACE}")


def test_it_shows_what_rounding_would_hide_when_asked() -> None:
    assert money_words(6_990_982, "USD", exact=True) == "USD\N{NO-BREAK SPACE}699.0982"
    assert money_words(6_990_000, "USD", exact=True) == "USD\N{NO-BREAK SPACE}699.00"
