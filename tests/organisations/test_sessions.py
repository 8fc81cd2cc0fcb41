"""Where somebody is signed in: seen, ended one by one or all at once, and over after two weeks.

Each test names the requirement of ASVS 5.0 it proves.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from organisations import sessions, tenancy
from organisations.devices import device_words
from organisations.models import Event, Organisation, Session, User
from organisations.signing_in import password_link
from tests.factories import PASSWORD
from tests.organisations.signing import OWN, age, is_in, sign_in

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:150.0) Gecko/20100101 Firefox/150.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1"


def at(address: str, agent: str, user: User) -> Client:
    client = Client(REMOTE_ADDR=address, HTTP_USER_AGENT=agent)
    sign_in(client, user.email)
    return client


def numbers(page: str) -> list[str]:
    return re.findall(r'name="session" value="(\w+)"', page)


def test_it_lists_where_one_is_signed_in(mara: User, theo: User) -> None:
    """ASVS 7.5.2. Device, address and times; this one first, never anybody else's, never a key."""
    at("198.51.100.3", FIREFOX, theo)
    phone, desk = at("192.0.2.9", IPHONE, mara), at("192.0.2.1", FIREFOX, mara)
    page = desk.get(OWN).text
    assert page.index("Firefox on Windows") < page.index("this one") < page.index("Safari on iPhone")
    assert "192.0.2.9" in page
    assert "198.51.100.3" not in page
    assert phone.session.session_key not in page
    assert len(numbers(page)) == 1


def test_it_ends_one(mara: User, harbour: Organisation) -> None:
    """ASVS 7.4.1, 7.5.2: what is ended opens nothing from that moment."""
    phone, desk = at("192.0.2.9", IPHONE, mara), at("192.0.2.1", FIREFOX, mara)
    [number] = numbers(desk.get(OWN).text)
    for words in ("That one is signed out.", "signed out already"):
        assert words in desk.post("/accounts/own/session/end/", {"session": number}, follow=True).text
    assert phone.get(OWN).status_code == 302
    assert desk.get(OWN).status_code == 200
    with tenancy.within(harbour):
        assert Event.objects.get().data == {"count": 1}


def test_it_ends_nobody_elses(mara: User, theo: User) -> None:
    hers, his = at("192.0.2.9", IPHONE, mara), at("192.0.2.1", FIREFOX, theo)
    number = sessions.number_of(Session.objects.get(user=mara))
    his.post("/accounts/own/session/end/", {"session": number})
    assert hers.get(OWN).status_code == 200


def test_it_signs_out_everywhere_else(mara: User, theo: User) -> None:
    """ASVS 7.4.3, 7.5.2."""
    phone, desk, his = at("1.1.1.1", IPHONE, mara), at("2.2.2.2", FIREFOX, mara), at("3.3.3.3", "", theo)
    answer = desk.post("/accounts/own/sessions/end/", follow=True)
    assert "1 other session is ended" in answer.text
    assert [client.get(OWN).status_code for client in (phone, desk, his)] == [302, 200, 200]


def test_it_signs_out_everywhere(mara: User) -> None:
    """ASVS 7.4.1."""
    phone, desk = at("1.1.1.1", IPHONE, mara), at("2.2.2.2", FIREFOX, mara)
    assert desk.post("/accounts/own/sessions/end/", {"here": "1"}).url == "/accounts/login/"
    assert [client.get(OWN).status_code for client in (phone, desk)] == [302, 302]
    assert not Session.objects.exclude(user=None).exists()


def test_a_stolen_cookie_is_worth_nothing_after_signing_out(mara: User) -> None:
    """ASVS 7.4.1: signing out ends it at the server, not only in the browser."""
    client, thief = at("1.1.1.1", FIREFOX, mara), Client()
    thief.cookies["sessionid"] = client.cookies["sessionid"].value
    assert thief.get(OWN).status_code == 200
    client.post("/accounts/logout/")
    assert thief.get(OWN).status_code == 302


def test_who_may_no_longer_is_out_at_once(mara: User, harbour: Organisation) -> None:
    """ASVS 7.4.2: of the organisation with their membership, of everything with their account."""
    client = at("1.1.1.1", FIREFOX, mara)
    assert client.get("/o/harbour/customers/").status_code == 200
    mara.memberships.update(ended_at=timezone.now())
    assert client.get("/o/harbour/customers/").status_code == 404
    assert client.get(OWN).status_code == 200
    User.objects.filter(pk=mara.pk).update(is_active=False)
    assert client.get(OWN).status_code == 302


def test_a_key_set_before_signing_in_is_not_the_one_after(client: Client, mara: User) -> None:
    """ASVS 7.2.4: fixation; the old key opens nothing."""
    client.post("/accounts/passkey/challenge/")
    before = client.cookies["sessionid"].value
    sign_in(client, mara.email)
    assert client.cookies["sessionid"].value != before
    assert len(before) == 32, "ASVS 7.2.3: 32 characters of 36, 165 bits"
    thief = Client()
    thief.cookies["sessionid"] = before
    assert thief.get(OWN).status_code == 302


def test_a_new_password_ends_the_others_and_tells(
    mara: User, harbour: Organisation, django_capture_on_commit_callbacks: Any
) -> None:
    """ASVS 6.2.2, 6.2.3, 6.3.7, 7.4.3."""
    phone, desk = at("1.1.1.1", IPHONE, mara), at("2.2.2.2", FIREFOX, mara)
    given = {"oldpassword": PASSWORD, "password1": "harbour-lights-9"}
    with django_capture_on_commit_callbacks(execute=True):
        assert desk.post("/accounts/password/change/", given).url == OWN
    assert [client.get(OWN).status_code for client in (phone, desk)] == [302, 200]
    assert "Your password was changed" in mail.outbox[-1].body
    assert "Firefox on Windows, 2.2.2.2" in mail.outbox[-1].body
    with tenancy.within(harbour):
        assert Event.objects.get().verb == "password_changed"
    assert "2.2.2.2" not in str(Event._base_manager.values_list("data")), "nothing personal in the log"


def test_a_password_set_by_a_link_ends_all_and_signs_nobody_in(mara: User) -> None:
    """ASVS 6.4.3, 7.4.3."""
    phone, link = at("1.1.1.1", IPHONE, mara), password_link(mara).partition("/accounts/")[2]
    for client in (Client(), phone):
        link = password_link(User.objects.get(pk=mara.pk)).partition("/accounts/")[2]
        assert client.post(f"/accounts/{link}", {"password1": "harbour-lights-9"}).status_code == 302
        assert not is_in(client)
    assert phone.get(OWN).status_code == 302


def test_a_wrong_old_password_is_counted(client_for: Callable[[User], Client], mara: User) -> None:
    """ASVS 6.3.1: an open screen is no place to guess at."""
    client = client_for(mara)
    given = {"oldpassword": "wrong", "password1": "harbour-lights-9"}
    statuses = [client.post("/accounts/password/change/", given).status_code for _n in range(11)]
    assert statuses == [200] * 10 + [429]


def test_it_is_over_two_weeks_after_signing_in_however_busy(
    client_for: Callable[[User], Client], mara: User, settings: Any
) -> None:
    """ASVS 7.3.2."""
    client = client_for(mara)
    age(client, signed_in_at=timedelta(days=13, hours=23))
    assert client.get(OWN).status_code == 200
    left = Session.objects.get(user=mara).expire_date - timezone.now()
    assert left < timedelta(hours=1, minutes=1)
    age(client, signed_in_at=timedelta(days=14, seconds=1))
    assert client.get(OWN).status_code == 302


def test_it_is_seen_when_it_changes_something_and_not_too_often(
    client_for: Callable[[User], Client], mara: User
) -> None:
    client = client_for(mara)
    age(client, signed_in_at=timedelta(hours=3))
    client.get("/o/harbour/today/")
    assert "seen_at" not in client.session
    client.post("/o/harbour/today/seen/")
    first = client.session["seen_at"]
    client.post("/o/harbour/today/seen/")
    assert client.session["seen_at"] == first


def test_it_clears_away_what_is_over(mara: User, client_for: Callable[[User], Client]) -> None:
    client_for(mara), client_for(mara)
    assert sessions.sweep(now=timezone.now()) == 0
    assert sessions.sweep(now=timezone.now() + timedelta(days=15)) == 2


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (IPHONE, "Safari on iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/150.0 Safari/537.36 Edg/150.0", "Edge on Linux"),
        ("Mozilla/5.0 (Linux; Android 16) Chrome/150.0 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8.0", "Unknown device"),
        ("", "Unknown device"),
    ],
)
def test_it_names_a_device_as_its_owner_would(agent: str, words: str) -> None:
    assert device_words(agent) == words
