"""The front door in Chromium: links from mails and from the terminal open forms that a browser can send."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from office import inviting
from organisations import founding, signing_in, tenancy
from organisations.models import Organisation, Role, User
from tests.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def path_of(link: str) -> str:
    return link[link.index("/accounts/") :]


def test_it_sets_up_from_the_printed_link(browser_page: Any, settings: Any, tmp_path: Path) -> None:
    settings.STATE = tmp_path
    page = browser_page
    page.goto(f"/setup/{founding.first_run_begins()}/")
    page.get_by_label("Its name").fill("Nordwache Security")
    page.get_by_label("Short name").fill("nordwache")
    page.get_by_label("Time zone").select_option("Europe/Berlin")
    page.get_by_label("Your name").fill("Ines Brandt")
    page.get_by_label("Your e-mail address").fill("ines@nordwache.example")
    page.get_by_label("Your password").fill("password12")
    page.get_by_label("Postal address").fill("Wall 1, Berlin")
    page.get_by_role("button", name="Begin").click()
    assert "too common" in page.get_by_role("alert").inner_text()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("heading", name="How do you want to begin?").wait_for()
    assert Organisation.objects.get().zone == "Europe/Berlin"


def test_it_comes_in_by_an_invitation(browser_page: Any, ada: User, harbour: Organisation) -> None:
    now = timezone.now()
    with tenancy.within(harbour):
        asked = inviting.invite(
            organisation=harbour, email="kofi@harbour.example", role=Role.CSM, by=ada, now=now
        )
        link = inviting.fresh_link(invitation=asked, by=ada, now=now)
    page = browser_page
    page.goto(path_of(link))
    page.get_by_label("Your name").fill("Kofi Mensah")
    page.get_by_label("A password").fill(PASSWORD)
    page.get_by_role("button", name="Come in").click()
    page.wait_for_url("**/o/harbour/today/")


def test_it_sets_a_new_password_and_signs_in_and_out(
    open_page: Callable[..., Any], mara: User, harbour: Organisation
) -> None:
    page = open_page(javascript=False)
    page.goto(path_of(signing_in.password_link(mara)))
    page.get_by_role("textbox", name="New password").fill("harbour-lights-9")
    page.get_by_role("button", name="Set the password").click()
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("E-mail address").fill(mara.email)
    page.get_by_role("textbox", name="Password").fill("harbour-lights-9")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/o/harbour/today/")
    page.goto("/accounts/logout/")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/login/")
