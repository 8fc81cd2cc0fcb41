"""What the scripts promise: no text lost, keys that never fire while one types, faults said in words."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.ui import pages

pytestmark = [
    pytest.mark.urls("tests.ui.pages"),
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture(autouse=True)
def _nothing_received() -> None:
    pages.received.clear()


def kept(page: Any) -> list[str]:
    return page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('bosai-draft:'))")  # type: ignore[no-any-return]


@pytest.fixture
def page(open_page: Callable[..., Any]) -> Any:
    return open_page()


def test_it_brings_text_back_after_a_reload(page: Any) -> None:
    page.goto("/form/")
    page.fill("#note", "Nine depots do it.")
    page.check("[name=kept]")
    page.reload()
    assert page.input_value("#note") == "Nine depots do it."
    assert page.is_checked("[name=kept]")
    assert "Brought back what you wrote" in page.inner_text("[data-draft-ask]")


def test_it_discards_only_when_asked(page: Any) -> None:
    page.goto("/form/?note=As+it+was")
    page.fill("#note", "Something else")
    page.reload()
    page.click("text=Discard")
    assert page.input_value("#note") == "As it was"
    page.reload()
    assert page.input_value("#note") == "As it was"
    assert kept(page) == []


def test_it_forgets_a_text_the_server_has(page: Any) -> None:
    page.goto("/form/")
    page.fill("#note", "Saved for good")
    page.click("text=Save")
    page.wait_for_url("**/other/")
    assert pages.received == [("sent", "Saved for good")]
    assert kept(page) == []
    page.goto("/form/")
    assert page.input_value("#note") == ""


@pytest.mark.parametrize(("answer", "is_kept"), [("Done", False), ("Refused", True)])
def test_it_takes_the_same_form_again_for_an_answer_that_says_so(
    page: Any, answer: str, is_kept: bool
) -> None:
    page.goto("/form/")
    page.fill("#note", answer)
    page.click("text=Save")
    page.wait_for_url("**/form/?said=*")
    assert page.input_value("#note") == ""
    assert page.locator("[data-draft-ask]").count() == is_kept
    assert bool(kept(page)) == is_kept


def test_it_asks_when_no_answer_came(page: Any) -> None:
    page.goto("/form/")
    page.fill("#note", "Sent into the dark")
    page.route("**/sent/", lambda route: route.abort())
    page.click("text=Save")
    page.unroute("**/sent/")
    page.goto("/other/")
    page.goto("/form/")
    assert page.input_value("#note") == ""
    assert "no answer came" in page.inner_text("[data-draft-ask]")
    page.click("text=Bring it back")
    assert page.input_value("#note") == "Sent into the dark"


def test_it_brings_text_back_after_signing_in_again(page: Any) -> None:
    """The session expired: the answer to "Save" was the sign-in page."""
    page.goto("/form/")
    page.fill("#note", "Before the session ended")
    page.route("**/sent/", lambda route: route.fulfill(status=302, headers={"location": "/form/?out"}))
    page.click("text=Save")
    page.wait_for_url("**/form/?out")
    page.goto("/form/")
    assert page.input_value("#note") == "Before the session ended"


def test_it_keeps_a_draft_on_the_server_while_one_types(page: Any) -> None:
    page.goto("/form/?draft_url=/draft/")
    page.fill("#note", "Half a thought")
    page.wait_for_selector("text=/Draft kept \\d\\d:\\d\\d/")
    assert pages.received == [("draft", "Half a thought")]
    assert kept(page) == []
    assert page.get_attribute("form[data-draft]", "data-draft-url") == "/draft/1/"


def test_it_says_so_when_the_connection_goes(page: Any) -> None:
    page.goto("/form/?draft_url=/draft/")
    page.context.set_offline(True)
    page.fill("#note", "In the tunnel")
    page.wait_for_selector("text=/No connection. Kept in this browser since/")
    page.context.set_offline(False)
    page.wait_for_selector("text=/Draft kept/")
    assert pages.received == [("draft", "In the tunnel")]


def test_it_asks_before_signing_out_removes_text(page: Any) -> None:
    page.goto("/form/")
    page.fill("#note", "Only here")
    page.click("text=Leave")
    assert page.is_visible("#drafts-on-leaving")
    page.click("text=Stay signed in")
    assert len(kept(page)) == 1
    page.click("text=Leave")
    page.click("text=Remove it and sign out")
    page.wait_for_url("**/out/")
    assert kept(page) == []


def test_it_goes_by_key(page: Any) -> None:
    page.goto("/form/")
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url("**/other/")
    page.goto("/form/")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.dataset.shortcut") == "/"
    page.keyboard.press("Tab")
    page.keyboard.press("?")
    assert page.is_visible("#shortcuts")


def test_it_leaves_keys_alone_while_one_types(page: Any) -> None:
    page.goto("/form/")
    page.focus("#note")
    page.keyboard.type("n gc ?")
    assert page.input_value("#note") == "n gc ?"
    assert page.url.endswith("/form/")
    assert not page.is_visible("#shortcuts")


def test_it_switches_single_keys_off(page: Any) -> None:
    page.goto("/form/")
    page.keyboard.press("?")
    page.click("text=Single keys work")
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("?")
    page.keyboard.press("n")
    assert not page.is_visible("#shortcuts")
    assert page.url.endswith("/form/")


def test_it_saves_the_form_one_is_in(page: Any) -> None:
    page.goto("/form/")
    page.fill("#note", "By keyboard")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/other/")
    assert pages.received == [("sent", "By keyboard")]


def test_it_says_in_words_why_htmx_was_refused(page: Any) -> None:
    page.goto("/form/")
    page.click("#refused")
    page.wait_for_selector("text=Mara has changed it since.")
    page.click("#broken")
    page.wait_for_selector("text=That did not work (500)")
    assert page.is_visible("#note")


def test_it_offers_undo_and_lets_the_toast_be_closed(page: Any) -> None:
    page.goto("/other/")
    assert page.get_attribute("[data-toast] form", "action") == "/undone/"
    page.click("[data-toast-close]")
    assert page.locator("[data-toast]").count() == 0


def test_it_draws_the_chosen_theme_from_the_first_pixel(page: Any) -> None:
    page.goto("/ui/")
    page.check(".gallery__theme [value=dark]", force=True)
    assert page.get_attribute("html", "data-theme") == "dark"
    response = page.request.get("/ui/")
    assert '<html lang="en" data-theme="dark">' in response.text()
