"""What an achievement rests on, in words that stay true when they are read later."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from milestones.evidence import decisive, fact_day

NOW = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2026, 3, 6, 9, tzinfo=UTC), "6 March"),
        (datetime(2025, 10, 9, 9, tzinfo=UTC), "9 October 2025"),
    ],
)
def test_a_day_of_another_year_names_its_year(at, words):
    assert fact_day(at, now=NOW) == words


def met(at, kind="metric"):
    return SimpleNamespace(met_at=at, criterion=SimpleNamespace(kind=kind))


def test_the_criterion_that_was_met_last_by_then_is_the_one_that_decided():
    first, last, later = met(NOW - 2 * HOUR), met(NOW), met(NOW + HOUR)
    assert decisive([last, first, later], NOW) is last
    assert decisive([later], NOW) is later  # better than no fact
    silence = met(NOW - HOUR, kind="support")
    assert decisive([first, silence, later], NOW) is silence
    assert decisive([met(NOW, kind="claim"), met(NOW, kind="confirmation")], NOW) is None
