"""Times for people: near ones by name, far ones by date, always in the reader's zone."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from ui.moments import clock_words, day_words, exact_words, full_day, short_day, when_words

NOW = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
TODAY = NOW.date()


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2026, 3, 12, 11, 0, tzinfo=UTC), "today 11:00"),
        (datetime(2026, 3, 11, 16, 20, tzinfo=UTC), "yesterday 16:20"),
        (datetime(2026, 3, 13, 9, 0, tzinfo=UTC), "tomorrow 09:00"),
        (datetime(2026, 3, 6, 9, 5, tzinfo=UTC), "Fri 6 March, 09:05"),
        (datetime(2026, 2, 26, 9, 5, tzinfo=UTC), "26 February, 09:05"),
        (datetime(2025, 10, 9, 9, 5, tzinfo=UTC), "9 October 2025"),
    ],
)
def test_it_writes_moments_for_people(at: datetime, words: str) -> None:
    assert when_words(at, now=NOW) == words


def test_it_counts_days_in_the_readers_zone() -> None:
    late_evening = datetime(2026, 3, 12, 23, 30, tzinfo=UTC)
    with timezone.override(ZoneInfo("Europe/Amsterdam")):
        assert when_words(late_evening, now=NOW) == "tomorrow 00:30"
        assert clock_words(late_evening) == "00:30"
        assert exact_words(late_evening) == "Friday 13 March 2026, 00:30:00 CET"


def test_it_keeps_the_weekday_across_new_year() -> None:
    assert day_words(date(2026, 1, 2), today=date(2025, 12, 30)) == "Fri 2 January"
    at = datetime(2026, 1, 2, 8, 0, tzinfo=UTC)
    assert when_words(at, now=datetime(2025, 12, 30, tzinfo=UTC)) == "Fri 2 January, 08:00"


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 3, 12), "today"),
        (date(2026, 3, 17), "Tue 17 March"),
        (date(2026, 5, 29), "29 May"),
        (date(2027, 5, 29), "29 May 2027"),
    ],
)
def test_it_writes_days_for_people(day: date, words: str) -> None:
    assert day_words(day, today=TODAY) == words


def test_it_shortens_days_beneath_a_stone() -> None:
    assert short_day(date(2025, 11, 14), today=TODAY) == "14 Nov"
    assert short_day(date(2025, 6, 3), today=TODAY) == "3 Jun 2025"
    assert full_day(TODAY) == "Thursday 12 March"
