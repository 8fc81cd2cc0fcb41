"""Signing in with a real browser: passkeys on a virtual device, an ended session, and what is left behind."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from organisations import factors, sessions
from organisations.models import Organisation, Session, User
from tests.factories import PASSWORD, make_customer
from tests.organisations.signing import code_of, give_app

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
LEFT = """async () => [
    ...Object.keys(localStorage), ...Object.keys(sessionStorage), ...await caches.keys(),
    ...(await indexedDB.databases()).map(each => each.name),
    ...(await navigator.serviceWorker.getRegistrations()).map(each => each.scope),
]"""


def sign_in(page: Any, user: User) -> None:
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page: Any) -> None:
    page.goto("/accounts/logout/")
    page.get_by_role("button", name="Sign out", exact=True).last.click()
    page.wait_for_url("/accounts/login/")


@pytest.fixture
def device(browser_page: Any) -> Any:
    """A device with a finger on it, plugged into the page."""
    session = browser_page.context.new_cdp_session(browser_page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return session


def test_it_signs_in_with_a_passkey_alone_and_as_the_second_step(
    browser_page: Any, device: Any, mara: User, harbour: Organisation
) -> None:
    """ASVS 6.3.3, 6.7.2, 7.2.4."""
    page = browser_page
    page.goto("/accounts/login/?next=/accounts/own/passkey/")
    sign_in(page, mara)
    page.get_by_label("What you call it").fill("My laptop")
    page.get_by_role("button", name="Make a passkey").click()
    page.get_by_role("heading", name="Your recovery codes").wait_for()
    [key] = factors.of(mara).passkeys
    assert str(key) == "My laptop"
    sign_out(page)
    page.goto("/accounts/login/?next=/o/harbour/customers/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("/o/harbour/customers/")
    sign_out(page)
    sign_in(page, mara)
    page.get_by_role("button", name="Use your passkey").click()
    page.wait_for_url("/o/harbour/today/")
    # One that was removed opens nothing, though the device still offers it.
    sign_out(page)
    factors.of(mara).passkeys[0].delete()
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_text("That passkey opens nothing here").wait_for()
    assert not Session.objects.exclude(user=None).exists()


def test_it_says_without_scripts_what_works_and_lets_a_code_in(
    open_page: Callable[..., Any], mara: User, harbour: Organisation
) -> None:
    secret, _codes = give_app(mara)
    page = open_page(javascript=False)
    page.goto("/accounts/login/")
    assert page.get_by_text("Passkeys need JavaScript").is_visible()
    assert not page.get_by_role("button", name="Sign in with a passkey").is_visible()
    sign_in(page, mara)
    page.get_by_label("Code").fill(code_of(secret, timezone.now()))
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("/o/harbour/today/")


def test_an_ended_session_leads_to_sign_in_as_a_whole_page_and_back(
    browser_page: Any, mara: User, in_harbour: Organisation
) -> None:
    for n in range(2):
        make_customer(in_harbour, f"Kestrel {n}", owner=mara)
    page = browser_page
    page.goto("/accounts/login/?next=/o/harbour/customers/")
    sign_in(page, mara)
    page.wait_for_url("/o/harbour/customers/")
    sessions.end_others(mara)
    page.locator("main [hx-get]").first.evaluate(
        "element => htmx.ajax('GET', '/o/harbour/customers/?q=kes', {target: '#customer-table'})"
    )
    page.wait_for_url("/accounts/login/?next=**")
    assert page.locator("h1").all_inner_texts() == ["Sign in"], "one page, not a page in a card"
    sign_in(page, mara)
    page.wait_for_url("/o/harbour/customers/")


def test_nothing_is_left_in_the_browser_after_signing_out(
    browser_page: Any, mara: User, in_harbour: Organisation
) -> None:
    """ASVS 14.3.1, 14.3.3. A draft goes only when its writer says so; going back shows nothing."""
    make_customer(in_harbour, "Kestrel Freight", owner=mara)
    page = browser_page
    page.goto("/accounts/login/?next=/o/harbour/customers/new/")
    sign_in(page, mara)
    page.wait_for_url("/o/harbour/customers/new/")
    page.get_by_label("Name").first.fill("Not sent yet")
    page.goto("/o/harbour/customers/")
    assert any(key.startswith("bosai-draft") for key in page.evaluate(LEFT))
    page.goto("/accounts/logout/")
    page.get_by_role("button", name="Sign out", exact=True).last.click()
    page.get_by_role("button", name="Stay signed in").click()
    assert any(key.startswith("bosai-draft") for key in page.evaluate(LEFT)), "asked, and said no"
    page.get_by_role("button", name="Sign out", exact=True).last.click()
    page.get_by_role("button", name="Remove it and sign out").click()
    page.wait_for_url("/accounts/login/")
    assert page.evaluate(LEFT) == []
    assert {cookie["name"] for cookie in page.context.cookies()} <= {"csrftoken", "theme"}
    page.go_back()
    page.wait_for_url("/accounts/login/**")
    assert "Kestrel" not in page.content()
