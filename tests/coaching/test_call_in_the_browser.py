"""A call in a real browser: by keyboard, with a thumb, and with nothing lost on the way."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from coaching import challenging, starting
from coaching.models import Call, CallDraft, Challenge, ChallengeKind, Commitment, Touchpoint
from organisations import tenancy
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST_STROKES = 25
MOUSE = """
for (const type of ["mousedown", "pointerdown", "touchstart"]) {
  addEventListener(type, () => sessionStorage.setItem("mouse", type), true);
}
"""


class Keys:
    """A keyboard that counts what it strikes, text apart."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.struck: list[str] = []

    def press(self, *names: str) -> None:
        for name in names:
            self.page.keyboard.press(name)
            self.struck.append(name)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    @property
    def at(self) -> str:
        """The name of the control that has the focus."""
        return self.page.evaluate("document.activeElement.name ?? document.activeElement.tagName")


@pytest.fixture
def promise(harbour, mara):
    """Kestrel Freight, Mara's, with Amara who promised something; Alder & Finch beside it."""
    now = timezone.now()
    with tenancy.within(harbour):
        kestrel = factories.make_customer(
            harbour, "Kestrel Freight", owner=mara, outcome="Fewer empty kilometres."
        )
        amara = factories.make_contact(kestrel, "Amara Okafor", is_primary=True)
        factories.make_enrolment(kestrel, factories.make_journey(harbour))
        factories.make_customer(harbour, "Alder & Finch", owner=mara)
        return Commitment.objects.create(
            organisation=harbour,
            customer=kestrel,
            owner_contact=amara,
            will="name the data owners",
            due_on=now.date(),
            made_at=now - timedelta(days=7),
        )


@pytest.fixture
def signed_in(open_page, live_server, mara):
    """signed_in(width=…): a page of a browser in which Mara is signed in."""

    def signed_in(**options: Any) -> Any:
        client = Client()
        client.force_login(mara)
        page = open_page(**options)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
        page.context.add_cookies([cookie])
        page.add_init_script(MOUSE)
        return page

    return signed_in


def the_call(harbour) -> Call:
    with tenancy.within(harbour):
        return Call.objects.with_people().get()


def fill_in(keys: Keys) -> None:
    """From the first promise to the next call, in the order of the page."""
    assert keys.at.startswith("settled-")
    keys.press("ArrowLeft")  # kept
    for name, text in (
        ("goal", "No more printouts"),
        ("reality", "Marek prints at night"),
        ("options", "Move the screen"),
    ):
        keys.press("Tab")
        assert keys.at == name
        keys.type(text)
    keys.press("Tab")
    assert keys.at == "commitment-0-who"  # Amara, already
    keys.press("Tab")
    keys.type("the office is empty")
    keys.press("Tab")
    keys.type("move the screen")
    keys.press("Tab")
    assert keys.at == "commitment-0-due_on"
    keys.type("03032031")  # the 3rd of March, whether the browser asks for day or month first
    while keys.at != "words":
        keys.press("Tab")
    keys.type("We stopped asking.")
    keys.press("Tab")
    assert keys.at == "importance"
    keys.press("ArrowLeft")  # from no answer round to 10
    keys.press("Tab")
    assert keys.at == "confidence"
    keys.press("ArrowLeft", "ArrowLeft")  # from no answer round to 10, then 9
    keys.press("Tab")
    assert keys.at == "notes"
    keys.type("Furniture, not habit.")
    keys.press("Tab")
    assert keys.at == "next_call"
    keys.press("ArrowDown", "ArrowDown")  # in 1 week, in 2 weeks
    keys.press("Control+Enter")


def check_what_is_stored(harbour, promise) -> None:
    call = the_call(harbour)
    assert (call.goal, call.reality, call.options) == (
        "No more printouts",
        "Marek prints at night",
        "Move the screen",
    )
    assert (call.words, call.notes) == ("We stopped asking.", "Furniture, not habit.")
    assert (call.importance, call.confidence) == (10, 9)
    assert [contact.name for contact in call.contacts.all()] == ["Amara Okafor"]
    (agreed,) = call.commitments.all()
    assert (agreed.owner_name, agreed.when, agreed.will) == (
        "Amara Okafor",
        "the office is empty",
        "move the screen",
    )
    assert agreed.due_on.isoformat() == "2031-03-03"
    promise.refresh_from_db()
    assert promise.state == "kept"
    with tenancy.within(harbour):
        assert Touchpoint.objects.planned().get().due_at.date() == (timezone.localdate() + timedelta(days=14))


def test_a_whole_call_is_logged_by_keyboard_from_today(signed_in, harbour, promise):
    page = signed_in()
    page.goto("/o/harbour/today/")
    keys = Keys(page)
    keys.press("n")
    page.wait_for_url("**/calls/new/")
    keys.type("kestrel")
    keys.press("Enter")
    page.wait_for_url(f"**/customers/{promise.customer_id}/calls/new/")
    fill_in(keys)
    page.wait_for_url(f"**/customers/{promise.customer_id}/")
    assert "Call with Kestrel Freight saved." in page.inner_text("#toasts")
    check_what_is_stored(harbour, promise)
    assert len(keys.struck) <= MOST_STROKES, keys.struck
    assert page.evaluate("sessionStorage.getItem('mouse')") is None


def test_a_whole_call_is_logged_by_keyboard_over_the_customer(signed_in, harbour, promise):
    page = signed_in()
    page.goto(f"/o/harbour/customers/{promise.customer_id}/")
    keys = Keys(page)
    keys.press("n")
    page.wait_for_selector("dialog.sheet[open]")
    assert page.url.endswith(f"/customers/{promise.customer_id}/")
    fill_in(keys)
    page.wait_for_selector("#toasts >> text=saved")
    check_what_is_stored(harbour, promise)
    assert len(keys.struck) <= MOST_STROKES, keys.struck
    assert page.evaluate("sessionStorage.getItem('mouse')") is None


def test_wrong_input_in_the_sheet_keeps_every_word(signed_in, harbour, promise):
    page = signed_in()
    page.goto(f"/o/harbour/customers/{promise.customer_id}/")
    page.keyboard.press("n")
    page.wait_for_selector("dialog.sheet[open]")
    page.fill("[name=goal]", "No more printouts")
    page.fill("[name=held_on]", "2099-01-01")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("dialog [data-faults]")
    assert "still to come" in page.inner_text("dialog [data-faults]")
    assert page.input_value("[name=goal]") == "No more printouts"
    assert page.get_attribute("[name=held_on]", "aria-invalid") == "true"
    with tenancy.within(harbour):
        assert not Call.objects.exists()


def test_what_is_typed_reaches_the_server_and_comes_back_elsewhere(signed_in, harbour, promise):
    page = signed_in()
    url = f"/o/harbour/customers/{promise.customer_id}/calls/new/"
    page.goto(url)
    page.fill("[name=goal]", "Half a sent")
    page.wait_for_selector("[data-draft-said] >> text=Draft kept")
    with tenancy.within(harbour):
        assert CallDraft.objects.get().data["goal"] == ["Half a sent"]
    elsewhere = signed_in()
    elsewhere.goto(url)
    assert elsewhere.input_value("[name=goal]") == "Half a sent"
    elsewhere.click("text=Start afresh")
    elsewhere.wait_for_selector("#toasts >> text=fresh form")
    assert elsewhere.input_value("[name=goal]") == ""


def test_a_lost_connection_loses_nothing(signed_in, harbour, promise):
    page = signed_in()
    page.goto(f"/o/harbour/customers/{promise.customer_id}/calls/new/")
    page.context.set_offline(True)
    page.fill("[name=goal]", "Typed in a tunnel")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#toasts >> text=No connection")
    assert page.input_value("[name=goal]") == "Typed in a tunnel"
    page.context.set_offline(False)
    page.reload()
    assert page.input_value("[name=goal]") == "Typed in a tunnel"
    page.focus("[name=goal]")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/customers/{promise.customer_id}/")
    assert the_call(harbour).goal == "Typed in a tunnel"


def test_an_expired_session_leads_to_sign_in_and_back_with_the_text(signed_in, harbour, promise, mara):
    page = signed_in()
    url = f"/o/harbour/customers/{promise.customer_id}/calls/new/"
    page.goto(url)
    page.fill("[name=goal]", "Written for an hour")
    page.context.clear_cookies(name="sessionid")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/accounts/login/**")
    page.fill("[name=login]", mara.email)
    page.fill("[name=password]", factories.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{url}")
    assert page.input_value("[name=goal]") == "Written for an hour"
    page.focus("[name=goal]")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/customers/{promise.customer_id}/")
    assert the_call(harbour).goal == "Written for an hour"


def test_a_call_is_logged_with_a_thumb(signed_in, harbour, promise):
    page = signed_in(width=390, height=844, has_touch=True, is_mobile=True)
    page.goto("/o/harbour/today/")
    page.tap("text=New call")
    page.wait_for_url("**/calls/new/")
    page.tap("text=Kestrel Freight")
    page.wait_for_selector("[name=goal]")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.tap("text=Kept")
    page.tap("[name=goal]")
    page.keyboard.type("No more printouts")
    page.tap("#said-confidence label >> text=8")
    save = page.locator(".sheet__foot .btn--go")
    assert save.bounding_box()["height"] >= 44
    save.tap()
    page.wait_for_url(f"**/customers/{promise.customer_id}/")
    call = the_call(harbour)
    assert (call.goal, call.confidence) == ("No more printouts", 8)
    promise.refresh_from_db()
    assert promise.state == "kept"


def test_a_call_is_logged_without_a_script(signed_in, harbour, promise):
    page = signed_in(javascript=False)
    page.goto("/o/harbour/today/")
    page.click("text=New call")
    page.fill("#call-q", "kestrel")
    page.click("text=Choose")
    page.fill("[name=goal]", "No more printouts")
    page.click("#call-commitments summary")
    page.fill("[name=commitment-1-will]", "call Brno")
    page.click("#call-commitments >> text=One more")
    page.fill("[name=commitment-2-will]", "call Gdynia")
    page.fill("[name=held_on]", "2099-01-01")
    page.press("[name=goal]", "Tab")
    page.click(".sheet__foot .btn--go")
    assert page.input_value("[name=commitment-2-will]") == "call Gdynia"
    page.fill("[name=held_on]", timezone.localdate().replace(day=1).isoformat())
    page.fill("[name=held_time]", "00:00")
    page.click(".sheet__foot .btn--go")
    page.wait_for_url(f"**/customers/{promise.customer_id}/")
    assert [c.will for c in the_call(harbour).commitments.all()] == ["call Brno", "call Gdynia"]


@pytest.fixture
def method(harbour, promise, theo):
    """Our guides and challenges, taken; one is open at Kestrel Freight."""
    now = timezone.now()
    with tenancy.within(harbour):
        starting.take(organisation=harbour, by=theo, now=now)
        kind = ChallengeKind.objects.get(key="unclear-goal")
        return challenging.open_challenge(customer=promise.customer, kind=kind, by=theo, now=now)


def test_guides_turn_while_somebody_types_and_no_letter_is_lost(signed_in, harbour, promise, method):
    page = signed_in()
    page.goto(f"/o/harbour/customers/{promise.customer_id}/")
    page.keyboard.press("n")
    page.wait_for_selector("dialog.sheet[open]")
    led = page.locator("[name=guide] option:checked")
    assert led.inner_text() == "Onboarding: Unclear goal"
    asked = page.locator("label[for=id_goal] small")
    assert asked.inner_text().startswith("If only one thing were different")
    page.click("[name=goal]")
    page.keyboard.type("No more pri")
    page.keyboard.press("Alt+,")
    page.keyboard.type("ntouts")
    page.wait_for_selector("label[for=id_goal] small >> text=worth it")
    page.keyboard.type(", please")
    assert page.input_value("[name=goal]") == "No more printouts, please"
    page.keyboard.press("Alt+.")
    page.wait_for_selector("label[for=id_goal] small >> text=If only one thing")
    page.select_option("[name=challenge]", label="No time for it", force=True)
    page.wait_for_selector("text=Cut the next step")
    page.fill("[name=challenge_words]", "Not before spring.")
    page.check(f"[name=steps_done][value='{step_of(harbour, method)}']")
    page.focus("[name=goal]")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#toasts >> text=saved")
    call = the_call(harbour)
    assert call.goal == "No more printouts, please"
    with tenancy.within(harbour):
        assert str(call.guide) in ("Onboarding", "Onboarding: Unclear goal")
        opened = Challenge.objects.get(kind__key="no-time")
        assert (opened.words, opened.call_id) == ("Not before spring.", call.pk)
        assert method.steps.get(position=1).is_done


def test_a_guide_that_could_not_be_fetched_is_not_said_to_lead(signed_in, harbour, promise, method):
    page = signed_in()
    page.goto(f"/o/harbour/customers/{promise.customer_id}/calls/new/")
    led = page.locator("[name=guide] option:checked")
    page.context.set_offline(True)
    page.fill("[name=goal]", "Typed in a tunnel")
    page.keyboard.press("Alt+,")
    page.wait_for_selector("#toasts >> text=No connection")
    assert led.inner_text() == "Onboarding: Unclear goal"
    page.context.set_offline(False)
    page.keyboard.press("Alt+,")
    page.wait_for_selector("label[for=id_goal] small >> text=worth it")
    assert led.inner_text() == "Onboarding"
    assert page.input_value("[name=goal]") == "Typed in a tunnel"


def step_of(harbour, challenge) -> int:
    with tenancy.within(harbour):
        return challenge.steps.get(position=1).pk


def test_a_call_led_by_a_guide_is_logged_by_keyboard(signed_in, harbour, promise, method):
    page = signed_in()
    page.goto("/o/harbour/today/")
    keys = Keys(page)
    keys.press("n")
    page.wait_for_url("**/calls/new/")
    keys.type("kestrel")
    keys.press("Enter")
    page.wait_for_url(f"**/customers/{promise.customer_id}/calls/new/")
    keys.press("ArrowLeft", "Tab")
    assert keys.at == "guide"
    keys.press("Alt+,")
    page.wait_for_selector("label[for=id_goal] small >> text=worth it")
    for name, text in (("goal", "No more printouts"), ("reality", "Marek prints"), ("words", "We stopped.")):
        while keys.at != name:
            keys.press("Tab")
        keys.type(text)
    keys.press("Control+Enter")
    page.wait_for_url(f"**/customers/{promise.customer_id}/")
    assert (the_call(harbour).goal, the_call(harbour).words) == ("No more printouts", "We stopped.")
    assert len(keys.struck) <= MOST_STROKES, keys.struck
    assert page.evaluate("sessionStorage.getItem('mouse')") is None


def test_another_guide_without_a_script(signed_in, harbour, promise, method):
    page = signed_in(javascript=False)
    page.goto(f"/o/harbour/customers/{promise.customer_id}/calls/new/")
    page.fill("[name=goal]", "No more printouts")
    page.select_option("[name=guide]", label="Adoption: No time for it")
    page.click("button[value=guide]")
    assert "What would have to get easier" in page.inner_text("label[for=id_goal]")
    assert page.input_value("[name=goal]") == "No more printouts"
    page.click("text=Something new stands in the way")
    page.select_option("[name=challenge]", label="No time for it")
    page.click("details button[value=challenge]")
    assert "Cut the next step" in page.inner_text("#call-form")
    assert page.input_value("[name=goal]") == "No more printouts"
