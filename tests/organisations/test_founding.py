"""The first organisation: by the one-time link, or from the command line."""

import re
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from organisations import founding, tenancy
from organisations.models import Event, Membership, Organisation, Role, User
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
FORM = {
    "name": "Harbour Analytics",
    "slug": "Harbour",
    "zone": "Europe/Amsterdam",
    "admin_name": "Ada Okonjo",
    "admin_email": "ada@harbour.example",
    "admin_password": PASSWORD,
    "sender_name": "",
    "postal_address": "Kade 1, Rotterdam",
}


@pytest.fixture(autouse=True)
def state(settings: Any, tmp_path: Path) -> Path:
    settings.STATE = tmp_path
    return tmp_path


def said(command: str, *args: str) -> str:
    out = StringIO()
    call_command(command, *args, stdout=out)
    return out.getvalue()


def setup_path() -> str:
    found = re.search(r"(/setup/[\w-]+/)", said("setup_link"))
    assert found
    return found.group(1)


def test_it_makes_the_organisation_and_signs_its_admin_in(client: Client) -> None:
    path = setup_path()
    assert client.get(path).status_code == 200
    answer = client.post(path, FORM)
    assert answer.url == "/o/harbour/beginning/"
    assert client.get(answer.url).status_code == 200
    organisation = Organisation.objects.get(slug="harbour")
    assert (organisation.zone, organisation.postal_address) == ("Europe/Amsterdam", "Kade 1, Rotterdam")
    membership = Membership.objects.get(organisation=organisation)
    assert (membership.user.email, membership.role) == ("ada@harbour.example", Role.ADMIN)
    assert membership.user.check_password(PASSWORD)
    with tenancy.within(organisation):
        assert Event.objects.get().verb == "member_joined"


def test_it_answers_to_the_newest_link_alone_and_never_again(client: Client) -> None:
    old, new = setup_path(), setup_path()
    assert client.get(old).status_code == 404
    assert client.get("/setup/guessed/").status_code == 404
    client.post(new, FORM)
    stranger = Client()
    assert stranger.get(new).status_code == 404
    assert stranger.post(new, FORM | {"slug": "second"}).status_code == 404
    assert Organisation.objects.count() == 1
    assert said("setup_link") == ""


def test_it_lets_one_of_two_at_once_through(state: Path) -> None:
    token = founding.first_run_begins()
    assert token
    with founding.first_run(token):
        assert not founding.answers_to(token)
        with pytest.raises(founding.LinkGone), founding.first_run(token):
            pass
    assert list(state.glob("setup-token*")) == []


def test_it_gives_the_link_back_when_nothing_came_of_it(state: Path) -> None:
    token = founding.first_run_begins()
    assert token
    with pytest.raises(founding.SlugTaken), founding.first_run(token):
        raise founding.SlugTaken
    assert founding.answers_to(token)


def test_it_keeps_only_the_hash_readable_by_its_owner(state: Path) -> None:
    token = founding.first_run_begins()
    kept = state / "setup-token"
    assert token
    assert token not in kept.read_text()
    assert kept.stat().st_mode & 0o077 == 0


def test_it_says_what_is_wrong_and_makes_nothing(client: Client) -> None:
    answer = client.post(setup_path(), FORM | {"admin_password": "password12", "postal_address": ""})
    assert answer.status_code == 422
    assert "too common" in answer.text
    assert "Harbour Analytics" in answer.text, "what was typed is still there"
    assert not Organisation.objects.exists()
    assert not User.objects.exists()


def test_it_makes_one_from_the_command_line_whose_admin_sets_a_password(client: Client) -> None:
    out = said("create_organisation", "--slug", "harbour", "--name", "Harbour", "--admin", "ada@x.example")
    found = re.search(r"(/accounts/password/reset/key/\S+)", out)
    assert found
    link = found.group(1)
    assert client.get(link).status_code == 200
    answer = client.post(link, {"password1": PASSWORD})
    assert answer.status_code == 302
    assert User.objects.get().check_password(PASSWORD)
    assert client.get(link).status_code == 404, "the link works once"


@pytest.mark.parametrize(
    "wrong", [{"--slug": "no spaces"}, {"--admin": "nobody"}, {"--zone": "Europe/Atlantis"}]
)
def test_it_refuses_nonsense_on_the_command_line(wrong: dict[str, str]) -> None:
    given = {"--slug": "harbour", "--name": "Harbour", "--admin": "ada@x.example", **wrong}
    with pytest.raises(CommandError):
        call_command("create_organisation", *[word for pair in given.items() for word in pair])
    assert not Organisation.objects.exists()


def test_it_refuses_a_taken_short_name(harbour: Organisation, now: datetime) -> None:
    plan = founding.Plan(slug="harbour", name="X", admin_email="x@x.example", admin_name="X")
    with pytest.raises(founding.SlugTaken):
        founding.found(plan, now=now)
    assert not User.objects.exists()
