from datetime import UTC, datetime, time

import pytest

from post import wishes
from post.models import Recipient


def recipient(harbour, **fields):
    return Recipient(organisation=harbour, address="nadia@customer.example", **fields)


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2026-03-12T20:59", None),
        ("2026-03-12T21:00", "2026-03-13T06:00"),  # 22:00 in Amsterdam
        ("2026-03-13T05:59", "2026-03-13T06:00"),
        ("2026-03-13T06:00", None),
        ("2026-03-28T23:00", "2026-03-29T05:00"),  # the night that loses an hour
        ("2026-10-24T22:00", "2026-10-25T06:00"),  # the night that gains one
    ],
)
def test_quiet_hours_over_midnight_end_on_their_clock(harbour, at, until):
    nadia = recipient(harbour, zone="Europe/Amsterdam", quiet_from=time(22), quiet_to=time(7))
    now = datetime.fromisoformat(f"{at}+00:00")
    wanted = datetime.fromisoformat(f"{until}+00:00") if until else None
    assert wishes.quiet_until(nadia, now) == wanted


def test_quiet_hours_within_a_day(harbour):
    nadia = recipient(harbour, zone="UTC", quiet_from=time(12), quiet_to=time(14))
    assert wishes.quiet_until(nadia, datetime(2026, 3, 12, 13, tzinfo=UTC)) == datetime(
        2026, 3, 12, 14, tzinfo=UTC
    )
    assert wishes.quiet_until(nadia, datetime(2026, 3, 12, 14, tzinfo=UTC)) is None


def test_without_quiet_hours_every_hour_is_fine(harbour, now):
    assert wishes.quiet_until(recipient(harbour), now) is None
    assert wishes.quiet_until(recipient(harbour, quiet_from=time(9), quiet_to=time(9)), now) is None


def test_the_organisations_zone_counts_where_they_have_none(harbour):
    nadia = recipient(harbour, quiet_from=time(22), quiet_to=time(7))
    assert wishes.quiet_until(nadia, datetime(2026, 7, 1, 20, tzinfo=UTC)) == datetime(
        2026, 7, 2, 5, tzinfo=UTC
    )


def test_what_somebody_waits_for_goes_in_quiet_hours(harbour):
    nadia = recipient(harbour, quiet_from=time(22), quiet_to=time(7))
    night = datetime(2026, 7, 1, 23, tzinfo=UTC)
    for purpose in ("link", "invitation", "receipt", "test"):
        assert wishes.ask(nadia, purpose=purpose, now=night) == wishes.YES
    for purpose in ("celebration", "confirmation", "contest"):
        assert wishes.ask(nadia, purpose=purpose, now=night).later is not None


def test_an_address_that_comes_back_gets_nothing_but_a_test(harbour, now):
    nadia = recipient(harbour, bounced_at=now)
    for purpose in ("celebration", "confirmation", "link", "receipt", "invitation", "contest"):
        assert wishes.ask(nadia, purpose=purpose, now=now).refused
    assert wishes.ask(nadia, purpose="test", now=now) == wishes.YES
