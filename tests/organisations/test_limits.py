"""Tries are counted in the database, per network address and per account, and say nothing about who is known.

ASVS 6.3.1 (stuffing and guessing), 6.3.8 (who has an account), 2.4.1 (what strangers can trigger).
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client, RequestFactory

from organisations import limits
from organisations.access import client_ip
from organisations.limits import Door, Limit, TooOften
from organisations.models import Attempts, User
from tests.organisations.signing import LOGIN, STEP, give_app, is_in, sign_in

pytestmark = pytest.mark.django_db
DOOR = Door("test", address=Limit(3, 10), account=Limit(2, 15))


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> None:
    """Doors that tire sooner, so that the tests do not."""
    for name in ("SIGN_IN", "CODE", "CHALLENGE", "RESET", "LINK", "NEW_LINK"):
        door = getattr(limits, name)
        account = door.account and Limit(3, door.account.minutes)
        monkeypatch.setattr(limits, name, replace(door, address=Limit(4, 10), account=account))


def test_its_doors_tire_soon_enough_and_not_too_soon() -> None:
    """ASVS 6.3.1: at most 960 passwords a day at one account, 720 codes out of a million."""
    assert limits.SIGN_IN.account == Limit(10, 15)
    assert limits.CODE.account == Limit(5, 10)
    assert limits.SIGN_IN.address.tries >= 3 * limits.SIGN_IN.account.tries, "an office is one address"


def take(address: str, account: str = "", *, now: datetime) -> list[str]:
    return limits.take(DOOR, address=address, account=account, now=now)


def test_it_lets_so_many_in_a_window_and_begins_anew_after_it(now: datetime) -> None:
    for _try in range(3):
        take("192.0.2.1", now=now)
    with pytest.raises(TooOften) as refused:
        take("192.0.2.1", now=now + timedelta(minutes=4))
    assert refused.value.seconds == 360
    take("192.0.2.2", now=now)
    take("192.0.2.1", now=now + timedelta(minutes=10))


def test_it_counts_an_account_from_everywhere_whatever_its_capitals(now: datetime) -> None:
    take("192.0.2.1", "Mara@Harbour.example", now=now)
    take("192.0.2.2", " mara@harbour.EXAMPLE", now=now)
    with pytest.raises(TooOften):
        take("192.0.2.3", "mara@harbour.example", now=now)


def test_it_does_not_count_against_the_account_what_the_address_is_refused_for(now: datetime) -> None:
    for _try in range(3):
        take("192.0.2.1", now=now)
    for _try in range(5):
        with pytest.raises(TooOften):
            take("192.0.2.1", "mara@harbour.example", now=now)
    take("192.0.2.2", "mara@harbour.example", now=now)


def test_it_gives_back_what_was_right_and_no_more(now: datetime) -> None:
    kept = take("192.0.2.1", "mara@harbour.example", now=now)
    for _again in range(3):
        limits.give_back(kept, now=now)
    assert set(Attempts.objects.values_list("count", flat=True)) == {0}


def test_it_takes_a_household_for_one_with_ipv6(now: datetime) -> None:
    for n in range(3):
        take(f"2001:db8:1:2::{n}", now=now)
    with pytest.raises(TooOften):
        take("2001:db8:1:2:ffff::9", now=now)
    take("2001:db8:1:3::1", now=now)


def test_it_names_nobody_and_clears_away_what_is_over(now: datetime) -> None:
    take("192.0.2.1", "mara@harbour.example", now=now)
    kept = str(list(Attempts.objects.values_list()))
    assert "192.0.2" not in kept
    assert "mara" not in kept
    assert limits.sweep(now=now + timedelta(minutes=12)) == 1
    assert limits.sweep(now=now + timedelta(minutes=15)) == 1


@pytest.mark.django_db(transaction=True)
def test_it_leaves_no_gap_to_many_at_once(now: datetime) -> None:
    door, come_in, begin = Door("many", address=Limit(4, 10)), [], Barrier(8)

    def attempt() -> None:
        begin.wait()
        try:
            limits.take(door, address="192.0.2.1", now=now)
            come_in.append(1)
        except TooOften:
            pass
        finally:
            connection.close()

    threads = [Thread(target=attempt) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(come_in) == 4


def test_it_locks_an_account_the_same_whether_it_is_there_or_not(
    client_for: Callable[[User], Client], mara: User, strict: None
) -> None:
    """ASVS 6.3.1, 6.3.8. Many addresses, one account; who is signed in goes on working."""
    working, answers = client_for(mara), []
    for email in (mara.email, "nobody@harbour.example"):
        statuses = [
            sign_in(Client(REMOTE_ADDR=f"198.51.100.{n}"), email, "wrong").status_code for n in range(4)
        ]
        answers.append((statuses, sign_in(Client(REMOTE_ADDR="203.0.113.9"), email.upper())))
    assert answers[0][0] == answers[1][0] == [200] * 3 + [429]
    locked, unknown = answers[0][1], answers[1][1]
    assert locked.status_code == 429, "the right password is not even looked at"
    assert locked.text == unknown.text
    assert 0 < int(locked["Retry-After"]) <= 15 * 60
    assert "Try again in 15 minutes" in locked.text
    assert working.get("/o/harbour/today/").status_code == 200
    assert working.post("/o/harbour/today/seen/").status_code in (204, 302)


def test_it_does_not_count_those_who_come_in(mara: User, strict: None) -> None:
    """ASVS 6.3.1: an office behind one address signs in all day."""
    for _day in range(5):
        assert sign_in(Client(), mara.email).status_code == 302
    assert set(Attempts.objects.values_list("count", flat=True)) == {0}


def test_it_counts_one_address_that_tries_many_accounts(strict: None) -> None:
    """ASVS 6.3.1, stuffing: a list of stolen passwords from one place."""
    client = Client(REMOTE_ADDR="198.51.100.1")
    found = [sign_in(client, f"person{n}@harbour.example", "wrong").status_code for n in range(5)]
    assert found == [200] * 4 + [429]


def test_it_limits_mails_for_a_new_password(client: Client, mara: User, strict: None) -> None:
    answers = [client.post("/accounts/password/reset/", {"email": mara.email}) for _n in range(4)]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 429]
    assert len(mail.outbox) == 3
    assert "too often" in answers[3].text


def test_it_limits_codes_per_account_not_per_browser(mara: User, strict: None) -> None:
    """ASVS 6.3.1: a million codes, five tries."""
    give_app(mara)
    statuses = []
    for n in range(4):
        client = Client(REMOTE_ADDR=f"198.51.100.{n}")
        assert sign_in(client, mara.email).url == STEP
        statuses.append(client.post(STEP, {"code": f"00000{n}"}).status_code)
    assert statuses == [422] * 3 + [429]
    assert not is_in(client)


@pytest.mark.parametrize(
    "path",
    [
        "/setup/guessed/",
        "/accounts/invitation/1-guessed/",
        "/accounts/password/reset/key/1-guessed/",
        "/c/1-guessed/link/",
        "/accounts/passkey/challenge/",
    ],
)
def test_it_limits_every_other_door(client: Client, path: str, strict: None) -> None:
    """Until then each try is answered alike."""
    tries = 3 if path.startswith("/c/") else 4
    assert len({client.post(path).status_code for _n in range(tries)} - {429}) == 1
    assert client.post(path).status_code == 429


def test_it_says_it_to_htmx_in_words(client: Client, mara: User, strict: None) -> None:
    for _n in range(3):
        sign_in(client, mara.email, "wrong")
    answer = client.post(LOGIN, {"login": mara.email, "password": "x"}, headers={"HX-Request": "true"})
    assert answer.status_code == 429
    assert "Try%20again%20in%2015%20minutes" in answer["X-Words"]


@pytest.mark.parametrize(
    ("proxies", "heard", "told", "found"),
    [
        ([], "203.0.113.5", "10.0.0.1", "203.0.113.5"),  # nobody may make an address up
        ([], "127.0.0.1", "198.51.100.7", "127.0.0.1"),
        (["127.0.0.1"], "203.0.113.5", "10.0.0.1", "203.0.113.5"),  # not from our proxy
        (["127.0.0.1"], "127.0.0.1", "1.2.3.4, 198.51.100.7", "198.51.100.7"),  # left of it is made up
        (["127.0.0.1", "10.0.0.0/8"], "127.0.0.1", "1.2.3.4, 198.51.100.7, 10.1.1.1", "198.51.100.7"),
        (["127.0.0.1"], "127.0.0.1", "", "127.0.0.1"),
        (["127.0.0.1"], "127.0.0.1", "<script>", None),
        (["127.0.0.1"], "127.0.0.1", "2001:db8::1", "2001:db8::1"),
    ],
)
def test_it_believes_our_own_proxies_alone_about_an_address(
    settings: Any, rf: RequestFactory, proxies: list[str], heard: str, told: str, found: str | None
) -> None:
    settings.PROXIES = proxies
    extra = {"HTTP_X_FORWARDED_FOR": told} if told else {}
    assert client_ip(rf.get("/", REMOTE_ADDR=heard, **extra)) == found
