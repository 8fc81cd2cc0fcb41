"""The customer's page in Chromium: with and without scripts, light and dark, on a phone, axe at zero."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from customers.models import Contact
from milestones import verifying
from milestones.models import Ask, Verdict
from organisations import tenancy
from organisations.models import Organisation, User
from post.models import Link
from tests.milestones.asked import make_asking_enrolment, make_token, milestone, person
from tests.services.accessible import faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def token(harbour: Organisation, mara: User) -> str:
    now = timezone.now()
    with tenancy.within(harbour):
        enrolment = make_asking_enrolment(harbour, owner=mara)
        verifying.claim(
            enrolment=enrolment, milestone=milestone(enrolment), statement="10 of 11 depots open with it",
            number=10, words="It starts our day.", link="https://kestrel.example/report",
            reached_at=now - timedelta(days=3), by=mara, now=now - timedelta(hours=5),
            named_contact=person(enrolment.customer),
        )  # fmt: skip
        return make_token(Ask.objects.get(), now=now)


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (1280, True), (390, False), (390, True)])
def test_it_leaves_axe_nothing_to_find_in_any_state(open_page: Callable[..., Any], token, width, dark):
    page = open_page(width=width, dark=dark)
    page.goto(f"/c/{token}/")
    page.get_by_text("What it rests on").click()
    page.get_by_text("Which mails you get").click()
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="Not yet").click()
    expect(page.get_by_text("Please say in a sentence what is not so yet.")).to_be_visible()
    assert faults(page) == []
    page.get_by_label("In your own words").fill("Not in Gdynia yet.")
    page.get_by_role("button", name="Not yet").click()
    expect(page.get_by_text("You said: not yet.")).to_be_visible()
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.goto(f"/c/{token[:-4]}AAAA/")
    assert faults(page) == []
    page.get_by_role("button", name="Send me a new link").click()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    assert faults(page) == []


def test_it_works_without_scripts_by_keyboard(open_page: Callable[..., Any], token, harbour):
    page = open_page(width=390, javascript=False)
    page.goto(f"/c/{token}/")
    page.get_by_label("In your own words").press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("You said: yes, it is so.")).to_be_visible()
    page.get_by_role("button", name="Send me a copy").click()
    expect(page.get_by_text("A copy is on its way")).to_be_visible()
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("button", name="Yes, it is so")).to_be_visible()
    with tenancy.within(harbour):
        assert Verdict.objects.exclude(withdrawn_at=None).count() == 1
        assert Link.objects.get().first_opened_at is not None, "known from the answer"


def test_it_tells_that_a_person_opened_it(open_page: Callable[..., Any], token, harbour):
    page = open_page()
    with page.expect_response(lambda response: response.url.endswith("/opening/")) as told:
        page.goto(f"/c/{token}/")
    assert told.value.status == 204
    with tenancy.within(harbour):
        assert Link.objects.get().first_opened_at is not None


def test_it_loads_nothing_from_elsewhere_and_sends_no_referrer(
    open_page: Callable[..., Any], token, live_server
):
    page, asked = open_page(), []
    page.on("request", lambda request: asked.append((request.url, request.headers.get("referer", ""))))
    page.goto(f"/c/{token}/")
    page.get_by_role("button", name="Yes, it is so").click()
    page.wait_for_load_state("networkidle")
    assert {url.split("/")[2] for url, _referrer in asked} == {live_server.url.split("/")[2]}
    assert not [referrer for _url, referrer in asked if token in referrer]


def test_it_takes_the_same_answer_from_two_tabs_once(open_page: Callable[..., Any], token, harbour):
    one, two = open_page(), open_page()
    for page in (one, two):
        page.goto(f"/c/{token}/")
    one.get_by_role("button", name="Yes, it is so").click()
    two.get_by_label("In your own words").fill("Oh, not in Gdynia.")
    two.get_by_role("button", name="Not yet").click()
    expect(two.get_by_text("You have answered this already.")).to_be_visible()
    expect(two.get_by_text("Oh, not in Gdynia.")).to_be_visible()
    with tenancy.within(harbour):
        assert Verdict.objects.get().kind == "confirmed"


def test_it_lets_the_newcomer_claim_and_confirm_with_what_is_on_the_page(
    open_page: Callable[..., Any], harbour, mara, settings
):
    """Sign in, claim, open as the customer, confirm: no address is typed after the first."""
    settings.DEMO = True
    with tenancy.within(harbour):
        enrolment = make_asking_enrolment(harbour, owner=mara)
        Contact.objects.filter(name="Tomás Silva").update(recipient=None)
    page = open_page()
    page.goto(f"/o/harbour/enrolments/{enrolment.pk}/milestones/m1/claim/")
    page.get_by_label("E-mail").fill(mara.email)
    page.get_by_label("Password").fill("a-long-enough-password")
    page.keyboard.press("Enter")
    page.get_by_label("What is so now").fill("10 of 11 depots open with it")
    page.get_by_label("A number").fill("10")
    page.get_by_role("button", name="Claim", exact=True).click()
    expect(page.get_by_text("Amara Okafor gets the question by mail.")).to_be_visible()
    page.get_by_role("button", name="Open as Amara (customer)").click()
    page.get_by_role("button", name="Yes, it is so").click()
    expect(page.get_by_text("You said: yes, it is so.")).to_be_visible()
    page.get_by_role("link", name="Back to work as Mara Lindqvist").click()
    assert "/customers/" in page.url
    with tenancy.within(harbour):
        assert Verdict.objects.get().is_demo
