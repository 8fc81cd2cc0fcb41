"""The front door: sign-in, a new password, the way to one's organisation. GET writes nothing."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from organisations.models import Membership, Organisation, Role, Session, User
from organisations.signing_in import DEMO_PEOPLE, password_link
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"
OPEN = [
    LOGIN,
    "/accounts/signup/",
    "/accounts/inactive/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/done/",
]
SIGNED_IN = ["/accounts/logout/", "/accounts/password/change/", "/accounts/reauthenticate/", "/"]


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post(LOGIN, {"login": email, "password": password, **more})


def test_it_lets_a_member_in_and_leads_to_their_day(client: Client, mara: User) -> None:
    answer = sign_in(client, "Mara@Harbour.example")
    assert answer.url == "/"
    assert client.get("/").url == "/o/harbour/today/"


def test_it_goes_back_to_where_one_was_heading(client: Client, mara: User) -> None:
    refused = client.get("/o/harbour/customers/")
    assert refused.url == f"{LOGIN}?next=/o/harbour/customers/"
    assert "/o/harbour/customers/" in client.get(refused.url).text
    assert sign_in(client, mara.email, next="/o/harbour/customers/").url == "/o/harbour/customers/"
    assert sign_in(Client(), mara.email, next="https://elsewhere.example/").url == "/"


def test_it_refuses_a_wrong_password_without_saying_whether_the_address_is_known(
    client: Client, mara: User
) -> None:
    known, unknown = sign_in(client, mara.email, "wrong"), sign_in(client, "who@harbour.example", "wrong")
    assert known.status_code == unknown.status_code == 200
    assert "_auth_user_id" not in client.session
    differs = re.compile(r'<input[^>]*>|nonce="[^"]*"|"x-csrftoken": "[^"]*"')
    assert differs.sub("", known.text) == differs.sub("", unknown.text)


def test_it_rotates_the_session(client: Client, mara: User) -> None:
    client.session["x"] = 1
    before = client.session.session_key
    sign_in(client, mara.email)
    assert client.session.session_key != before


def test_it_signs_out_by_button_alone(client_for: Callable[[User], Client], mara: User) -> None:
    client = client_for(mara)
    assert client.get("/accounts/logout/").status_code == 200
    assert client.get("/accounts/password/change/").status_code == 200, "still signed in"
    assert client.post("/accounts/logout/").url == LOGIN
    assert client.get("/accounts/password/change/").status_code == 302


@pytest.mark.parametrize("path", OPEN)
def test_it_shows_every_open_page_and_writes_nothing(
    client: Client, path: str, harbour: Organisation
) -> None:
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path)
    assert answer.status_code == 200
    assert not [q["sql"] for q in queries if not q["sql"].lstrip().upper().startswith("SELECT")]
    assert not Session.objects.exists()


@pytest.mark.parametrize("path", SIGNED_IN)
def test_it_writes_nothing_when_a_member_looks(
    client_for: Callable[[User], Client], mara: User, path: str
) -> None:
    client = client_for(mara)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path)
    assert answer.status_code in (200, 302)
    assert not [q["sql"] for q in queries if not q["sql"].lstrip().upper().startswith("SELECT")]


def test_it_sends_a_link_to_a_new_password_that_opens_without_writing(client: Client, mara: User) -> None:
    assert client.post("/accounts/password/reset/", {"email": mara.email}).status_code == 302
    [message] = mail.outbox
    assert "Mara" in message.body
    found = re.search(r"https?://[^/\s]+(/accounts/password/reset/key/\S+)", message.body)
    assert found
    link = found.group(1)
    opened = client.get(link)
    assert opened.status_code == 200
    assert opened["Referrer-Policy"] == "same-origin", "without any, browsers blank the Origin"
    assert not Session.objects.exists(), "opening writes nothing"
    assert client.post(link, {"password1": "short"}).status_code == 200
    assert client.post(link, {"password1": "harbour-lights-9"}).status_code == 302
    assert User.objects.get(pk=mara.pk).check_password("harbour-lights-9")
    assert client.get(link).status_code == 404


def test_it_answers_the_same_for_an_unknown_address_and_mails_nobody(client: Client, mara: User) -> None:
    known = client.post("/accounts/password/reset/", {"email": mara.email})
    unknown = client.post("/accounts/password/reset/", {"email": "who@nowhere.example"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert len(mail.outbox) == 1


def test_it_does_not_tell_that_the_mail_server_refused(
    client: Client, mara: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: EmailMessage, *args: Any, **kwargs: Any) -> int:
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailMessage, "send", refuse)
    assert client.post("/accounts/password/reset/", {"email": mara.email}).status_code == 302


def test_it_refuses_a_link_somebody_invented(client: Client, mara: User) -> None:
    link = password_link(mara).split("/accounts/")[1]
    assert client.get(f"/accounts/{link[:-4]}xxx/").status_code == 404
    answer = client.post(f"/accounts/{link[:-4]}xxx/", {"password1": "harbour-lights-9"})
    assert answer.status_code == 404
    assert User.objects.get(pk=mara.pk).check_password(PASSWORD)


def test_it_changes_ones_password(client_for: Callable[[User], Client], mara: User) -> None:
    client = client_for(mara)
    wrong = client.post("/accounts/password/change/", {"oldpassword": "no", "password1": "harbour-lights-9"})
    assert wrong.status_code == 200
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": "harbour-lights-9"})
    assert User.objects.get(pk=mara.pk).check_password("harbour-lights-9")


def test_it_leads_who_has_no_password_to_one(client_for: Callable[[User], Client], mara: User) -> None:
    """Somebody who signs in by passkey alone: there is nothing to change, and a link by mail to set one."""
    mara.set_unusable_password()
    mara.save()
    client = client_for(mara)
    for ask in (client.get, client.post):
        answer = ask("/accounts/password/change/", follow=True)
        assert answer.redirect_chain == [("/accounts/password/reset/", 302)]
        assert "You have no password yet." in answer.text
    Client().post("/accounts/password/reset/", {"email": mara.email})
    assert "/accounts/password/reset/key/" in str(mail.outbox[0].body)


def test_it_offers_the_organisations_to_somebody_with_several(
    client_for: Callable[[User], Client], mara: User, rival: Organisation
) -> None:
    Membership.objects.create(organisation=rival, user=mara, role=Role.READONLY, joined_at=rival.created_at)
    page = client_for(mara).get("/")
    assert page.status_code == 200
    assert "/o/harbour/today/" in page.text
    assert "/o/rival/today/" in page.text


def test_it_names_the_demo_people_in_demo_mode_only(
    client: Client, harbour: Organisation, settings: Any
) -> None:
    assert "bosai-demo" not in client.get(f"{LOGIN}?as=mara").text
    settings.DEMO = True
    page = client.get(LOGIN).text
    assert all(person.email in page for person in DEMO_PEOPLE)
    filled = client.get(f"{LOGIN}?as=theo").text
    assert 'value="theo@harbour.example"' in filled
    assert 'value="bosai-demo"' in filled


def test_it_lets_demo_people_in_in_demo_mode_only(client: Client, mara: User, settings: Any) -> None:
    User.objects.filter(pk=mara.pk).update(is_demo=True)
    assert sign_in(client, mara.email).url == "/accounts/inactive/"
    assert "_auth_user_id" not in client.session
    settings.DEMO = True
    sign_in(client, mara.email)
    assert client.session["_auth_user_id"] == str(mara.pk)


def test_it_routes_none_of_the_pages_we_do_not_use(client_for: Callable[[User], Client], mara: User) -> None:
    client = client_for(mara)
    for path in ("email/", "confirm-email/", "password/set/", "login/code/confirm/", ""):
        assert client.get(f"/accounts/{path}").status_code == 404
