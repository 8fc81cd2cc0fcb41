"""A CSM's week on the demo, by what stands on the pages: plan, prepare, call, recap, follow up, hand over.

Each step leaves its rows, and what goes out arrives. `./run pictures` keeps what she saw in docs/pictures.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Locator, Page, expect

import bosai.urls  # now, while it is not the demo: addresses are read once
from bosai import rounds
from bosai.demo import seeding
from coaching import scheduling
from coaching.models import Call, CallDraft, Challenge, Commitment, Occurrence, Recap, Sending, Touchpoint
from customers.models import Customer
from organisations import tenancy
from organisations.models import Organisation, User
from post.models import Delivery
from tests.services.smtp_sink import SmtpSink

assert bosai.urls

CUSTOMERS = 5
TO_PLAN = ("kestrel-freight", "ostra-bakeries", "lumen-dental")
MONDAY, TUESDAY, THURSDAY, FRIDAY = (datetime(2026, 3, day, 7, 10, tzinfo=UTC) for day in (9, 10, 12, 13))
CALL_BEGINS = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)  # as it was planned: nine in Amsterdam
CALL_ENDS = datetime(2026, 3, 9, 8, 50, tzinfo=UTC)
SECRET = "Amara is tired of being the only one who asks."
WORDS = "I do not have an hour. I have twenty minutes, twice."
ADDED = "The best news first: Brno said yes this morning."


class Desk:
    """Mara's hands on a page, and the clock that every request is answered by."""

    def __init__(self, page: Page, pictures: Path) -> None:
        self.page, self.pictures, self.now = page, pictures, MONDAY

    def click(self, role: Any, name: str | re.Pattern[str]) -> None:
        self._settle(self.page.get_by_role(role, name=name).first)

    def click_text(self, words: str) -> None:
        self._settle(self.page.get_by_text(words).first)

    def fill(self, name: str, text: str) -> None:
        self.page.locator(f"[name={name}]").fill(text)

    def choose(self, name: str, label: str) -> None:
        self.page.locator(f"select[name={name}]").select_option(label=label)
        self.page.wait_for_load_state("networkidle")

    def sees(self, *words: str) -> None:
        for each in words:
            expect(self.page.locator("body")).to_contain_text(each)

    def keep(self, name: str) -> None:
        self.page.screenshot(path=self.pictures / f"{name}.png")

    def _settle(self, control: Locator) -> None:
        control.click()
        self.page.wait_for_load_state("networkidle")


@pytest.fixture
def harbour(transactional_db: None, settings: Any) -> Organisation:
    """The demo on a Monday morning; three of Mara's calls were called off over the weekend."""
    settings.DEMO = True
    seeding.seed(now=MONDAY, customers=CUSTOMERS)
    harbour = Organisation.objects.get(slug="harbour")
    with tenancy.within(harbour):
        for planned in Touchpoint.objects.planned().filter(customer__key__in=TO_PLAN):
            scheduling.skip(touchpoint=planned, by=user("mara"), now=MONDAY)
    return harbour


@pytest.fixture
def desk_of(
    harbour: Organisation, open_page: Any, live_server: Any, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], Desk]:
    """desk_of("mara"): signed in, on Today."""

    def desk_of(name: str) -> Desk:
        page, client = open_page(width=1280, height=800), Client()
        client.force_login(user(name))
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
        page.context.add_cookies([cookie])
        desk = Desk(page, pictures)
        monkeypatch.setattr("bosai.middleware.timezone", SimpleNamespace(now=lambda: desk.now))
        return desk

    return desk_of


def user(name: str) -> User:
    return User.objects.get(email=f"{name}@harbour.example")


def customer(key: str) -> Customer:
    return Customer.objects.select_related("owner").get(key=key)


@pytest.mark.browser
@pytest.mark.timeout(180)
def test_a_week_from_planning_to_handing_over(
    harbour: Organisation, desk_of: Callable[[str], Desk], smtp_sink: SmtpSink, settings: Any
) -> None:
    settings.SMTP_URL = smtp_sink.url
    mara = desk_of("mara")
    mara.page.goto("/o/harbour/today/")
    for step in (plan_the_week, prepare, call, send_the_recap):
        step(mara, harbour)
    it_arrives_once(smtp_sink)
    for step in (follow_up, hand_over):
        step(mara, harbour)
    jonas_goes_on(desk_of("jonas"))


def plan_the_week(mara: Desk, harbour: Organisation) -> None:
    with tenancy.within(harbour):
        before = Touchpoint.objects.planned().count()
    mara.click("link", "Coaching")
    mara.click("link", "Week")
    mara.sees("60 planned, 150 proposed, 330 left", "Stuck 40 + target passed 20 + contract 15 + overdue 10")
    mara.keep("week")
    mara.click("button", "Plan all 3 calls")
    mara.sees("3 calls are planned.")
    with tenancy.within(harbour):
        assert Touchpoint.objects.planned().count() == before + 3
        planned = Touchpoint.objects.planned().filter(customer__key__in=TO_PLAN).soonest_first()
        assert [(row.customer.key, row.due_at.day, row.minutes, row.owner) for row in planned] == [
            ("kestrel-freight", 9, 45, user("mara")),
            ("ostra-bakeries", 10, 60, user("mara")),
            ("lumen-dental", 13, 45, user("mara")),
        ]
        accepted = Occurrence.objects.filter(touchpoint__in=planned)
        assert {row.customer_id for row in accepted} == {row.customer_id for row in planned}


def prepare(mara: Desk, harbour: Organisation) -> None:
    mara.click("link", "Brief : Kestrel Freight")
    mara.sees("Before the call with Kestrel Freight", "Every depot manager sees", "Habit in some teams only")
    mara.sees("Who pairs with whom, on which day?")
    mara.keep("brief")


def call(mara: Desk, harbour: Organisation) -> None:
    mara.now = CALL_ENDS
    mara.click("link", "Today")
    mara.click("link", "Log call , Kestrel Freight")
    mara.fill("minutes", "45")
    mara.fill("goal", "That Gdynia and Brno plan from the screen by April.")
    mara.fill("words", WORDS)
    mara.fill("notes", SECRET)
    for scale, n in (("importance", 9), ("confidence", 5)):
        mara.page.locator(f"[name={scale}][value='{n}']").check(force=True)
    mara.click_text("Another commitment")
    promise(mara, 0, "Amara Okafor", "name one planner in each depot", "2026-03-13")
    promise(mara, 1, "Mara Lindqvist", "send both depots a time to sit down", "2026-03-10")
    mara.click_text("Something new stands in the way")
    mara.choose("challenge", "No time for it")
    mara.sees("Cut the next step until it takes half an hour.")
    mara.page.get_by_label("Pair a strong team with a weak one").check()
    mara.choose("send_to", "Amara Okafor")
    mara.page.get_by_label("In 1 week").check()
    mara.page.locator("[name=challenge]").scroll_into_view_if_needed()
    mara.keep("obstacle")
    mara.click("button", "Save, then recap")
    mara.page.wait_for_url("**/recap/")
    with tenancy.within(harbour):
        what_the_call_leaves()


def promise(mara: Desk, row: int, who: str, will: str, due_on: str) -> None:
    mara.choose(f"commitment-{row}-who", who)
    mara.fill(f"commitment-{row}-will", will)
    mara.fill(f"commitment-{row}-due_on", due_on)


def what_the_call_leaves() -> None:
    kestrel = customer("kestrel-freight")
    held = Call.objects.filter(customer=kestrel).newest_first()[0]
    assert (held.held_at, held.minutes, held.importance, held.confidence) == (CALL_BEGINS, 45, 9, 5)
    assert (held.words, held.notes, held.by) == (WORDS, SECRET, user("mara"))
    assert held.guide
    assert held.guide.guide.kind
    assert [row.name for row in held.contacts.all()] == ["Amara Okafor"]
    assert [(row.owner_name, row.due_on) for row in held.commitments.order_by("pk")] == [
        ("Amara Okafor", date(2026, 3, 13)),
        ("Mara Lindqvist", date(2026, 3, 10)),
    ]
    opened = Challenge.objects.get(call=held)
    assert (opened.kind.key, opened.owner, opened.steps.count()) == ("no-time", user("mara"), 4)
    sent = Sending.objects.get(call=held)
    assert sent.delivery
    assert sent.delivery.state == Delivery.State.PENDING
    assert Touchpoint.objects.get(call=held).state == Touchpoint.State.HELD
    assert kestrel.touchpoints.planned().get().due_at.day == 16
    assert not CallDraft.objects.filter(customer=kestrel).exists()


def send_the_recap(mara: Desk, harbour: Organisation) -> None:
    body = mara.page.locator("[name=body]")
    drafted = body.input_value()
    assert SECRET not in drafted
    for each in (WORDS, "name one planner in each depot", "Pair a strong team with a weak one"):
        assert each in drafted
    body.fill(f"{ADDED}\n\n{drafted}")
    mara.page.evaluate("scrollTo(0, 0)")
    mara.keep("recap")
    mara.click("button", "Send")
    mara.sees("In the outbox. The recap goes once to each of them.")
    with tenancy.within(harbour):
        recap = Recap.objects.get(call__customer=customer("kestrel-freight"), sent_at=CALL_ENDS)
        assert [copy.contact.name for copy in recap.copies.all()] == ["Amara Okafor"]
    while any(rounds.run(rounds.LOOP, now=mara.now).values()):
        pass


def it_arrives_once(sink: SmtpSink) -> None:
    (mail,) = [mail for mail in sink.mails() if ADDED in mail.text]
    assert WORDS in mail.text
    assert SECRET not in mail.text
    assert sum("Pair a strong team with a weak one" in mail.subject for mail in sink.mails()) == 1


def follow_up(mara: Desk, harbour: Organisation) -> None:
    mara.now = TUESDAY
    mara.click("link", "Today")
    mara.sees("You promised: send both depots a time to sit down")
    mara.click("button", "Done , Kestrel Freight")
    expect(mara.page.get_by_text("You promised: send both depots")).to_have_count(0)
    with tenancy.within(harbour):
        kept = Commitment.objects.get(will="send both depots a time to sit down")
        assert (kept.state, kept.settled_at) == (Commitment.State.KEPT, TUESDAY)


def hand_over(mara: Desk, harbour: Organisation) -> None:
    mara.now = THURSDAY
    mara.click("link", "Customers")
    for name in ("Kestrel Freight", "Lumen Dental"):
        mara.page.get_by_label(f"Tick {name}").check()
    mara.page.get_by_label("New CSM").select_option(label="Jonas Weber")
    mara.click("button", "Hand over")
    mara.sees("2 customers now have Jonas Weber.", "2 planned calls", "2 challenges")
    mara.click("link", "Kestrel Freight")
    mara.sees("Handed over from Mara Lindqvist to Jonas Weber", "Pair a strong team with a weak one", WORDS)
    with tenancy.within(harbour):
        jonas = user("jonas")
        for key in ("kestrel-freight", "lumen-dental"):
            handed = customer(key)
            assert handed.owner == jonas
            assert [row.owner for row in handed.touchpoints.planned()] == [jonas]
            assert not Commitment.objects.open().ours(user("mara")).filter(customer=handed).exists()
            assert {row.owner for row in Challenge.objects.open().filter(customer=handed)} <= {jonas}
        assert customer("ostra-bakeries").owner == user("mara")


def jonas_goes_on(jonas: Desk) -> None:
    """What was planned with whom he has now stands on his day."""
    jonas.now = FRIDAY
    jonas.page.goto("/o/harbour/today/")
    for link in ("Log call , Lumen Dental", "Brief , Lumen Dental"):
        expect(jonas.page.get_by_role("link", name=link).first).to_be_visible()
    jonas.sees("name one planner in each depot")
