"""Settings, the ways to begin, and the colour everybody wears."""

from collections.abc import Callable

import pytest
from django.test import Client

from organisations.models import Event, Organisation, User
from organisations.tenancy import within

pytestmark = pytest.mark.django_db
SETTINGS = "/o/harbour/settings/"
FORM = {
    "name": "Harbour Analytics",
    "zone": "Europe/Amsterdam",
    "language": "en",
    "accent": "#ff2fb3",
    "sender_name": "Harbour",
    "postal_address": "Kade 1",
    "celebrate_within_days": "",
}


def test_it_saves_settings_and_says_so(client_for: Callable[[User], Client], ada: User) -> None:
    client = client_for(ada)
    answer = client.post(SETTINGS, FORM, follow=True)
    assert "Saved." in answer.text
    organisation = Organisation.objects.get(slug="harbour")
    assert (organisation.accent, organisation.celebrate_within_days) == ("#ff2fb3", None)
    with within(organisation):
        assert set(Event.objects.get().data["fields"]) == {
            "accent", "sender_name", "postal_address", "celebrate_within_days",
        }  # fmt: skip


def test_an_admin_chooses_what_unsure_mail_does(client_for: Callable[[User], Client], ada: User) -> None:
    client = client_for(ada)
    for chosen in ("resend", "hold"):
        client.post(SETTINGS, FORM | {"uncertain_mail": chosen})
        assert Organisation.objects.get(slug="harbour").uncertain_mail == chosen
    assert "what unsure mail does" in client.get("/o/harbour/audit/").text


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("uncertain_mail", "twice"),
        ("accent", "red;}body{display:none}"),
        ("zone", "Europe/Atlantis"),
        ("celebrate_within_days", "-1"),
        ("name", ""),
    ],
)
def test_it_refuses_what_makes_no_sense_and_keeps_the_rest(
    client_for: Callable[[User], Client], ada: User, field: str, wrong: str
) -> None:
    answer = client_for(ada).post(SETTINGS, FORM | {field: wrong})
    assert answer.status_code == 422
    assert "One thing to correct" in answer.text
    assert Organisation.objects.get(slug="harbour").sender_name == ""


@pytest.mark.parametrize(
    "path", [SETTINGS, "/o/harbour/beginning/", "/o/harbour/members/", "/o/harbour/audit/"]
)
def test_it_is_the_admins_alone(
    client_for: Callable[[User], Client], ada: User, theo: User, mara: User, rio: User, eve: User, path: str
) -> None:
    assert client_for(ada).get(path).status_code == 200
    assert [client_for(user).get(path).status_code for user in (theo, mara, rio)] == [403] * 3
    assert client_for(eve).get(path).status_code == 404
    assert Client().get(path).status_code == 302


def test_it_gives_the_colour_to_everybody_with_an_etag(client: Client, harbour: Organisation) -> None:
    Organisation.objects.filter(pk=harbour.pk).update(accent="#ff2fb3")
    answer = client.get("/o/harbour/theme.css")
    assert answer["Content-Type"] == "text/css"
    assert "--accent: #ff2fb3;" in answer.text
    assert "private" not in answer["Cache-Control"]
    again = client.get("/o/harbour/theme.css", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    Organisation.objects.filter(pk=harbour.pk).update(accent="#000000")
    changed = client.get("/o/harbour/theme.css", headers={"If-None-Match": answer["ETag"]})
    assert changed.status_code == 200


def test_it_does_not_tell_which_organisations_there_are(client: Client, harbour: Organisation) -> None:
    nobody = client.get("/o/nobody/theme.css")
    assert nobody.status_code == 200
    assert nobody.text == client.get("/o/harbour/theme.css").text


def test_it_never_writes_into_the_style_sheet_what_is_no_colour(
    client: Client, harbour: Organisation
) -> None:
    Organisation.objects.filter(pk=harbour.pk).update(accent="}</sty")
    assert "}</sty" not in client.get("/o/harbour/theme.css").text
