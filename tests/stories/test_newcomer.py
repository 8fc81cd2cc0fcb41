"""A newcomer with `./run demo` and no documentation: from sign-in to a celebration that arrives.

Only visible links and buttons, no typed address after the first, at most 40 interactions; each next control
is on the page one has landed on. `./run pictures` keeps what the newcomer saw in docs/pictures.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.services.browser import PHONE, Browsers
from tests.services.installation import Installation
from tests.services.processes import wait_until
from tests.services.smtp_sink import Arrived, SmtpSink

MOST_INTERACTIONS = 40
LINE = "Amara, I was glad to have nothing to do with it."
FACT = "Two new depots set up their own report in October, without a call to us."
STARTING_SECONDS = 180
CROWD = 40


class Newcomer:
    """Hands on a page: counts every click and every field filled."""

    def __init__(self, page: Page, pictures: Path) -> None:
        self.page = page
        self.pictures = pictures
        self.interactions = 0

    def click(self, role: str, name: str) -> None:
        self._use(self.page.get_by_role(role, name=name).first).click()  # type: ignore[arg-type]
        self.page.wait_for_load_state("networkidle")

    def click_after(self, words: str, link: str) -> None:
        """The first such link after these words, as one reads."""
        path = f'xpath=//*[contains(text(), "{words}")]/following::a[contains(., "{link}")]'
        self._use(self.page.locator(path).first).click()
        self.page.wait_for_load_state("networkidle")

    def fill(self, label: str, text: str) -> None:
        self._use(self.page.get_by_label(label).first).fill(text)

    def sees(self, words: str) -> None:
        expect(self.page.get_by_text(words).first).to_be_visible()

    def keep(self, name: str) -> None:
        self.page.screenshot(path=self.pictures / f"{name}.png")

    def _use(self, control: Locator) -> Locator:
        expect(control).to_be_visible()
        self.interactions += 1
        return control


@pytest.fixture
def demo(tmp_path: Path, smtp_sink: SmtpSink) -> Iterator[Installation]:
    made = Installation(tmp_path / "state", BOSAI_MODE="demo", SMTP_URL=smtp_sink.url)
    made.manage("migrate", "--verbosity", "0")
    made.manage(
        "seed_demo", "--crowd", str(CROWD)
    )  # so that the start finds it there; nobody here looks at it
    made.start(seconds=STARTING_SECONDS)
    yield made
    made.stop()


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_newcomer_reaches_a_celebration_without_documentation(
    demo: Installation, chromium: Browsers, smtp_sink: SmtpSink, pictures: Path
) -> None:
    assert "mara@harbour.example" in demo.said()
    page = chromium.opener(demo.url)(width=1280, height=800)
    page.goto("/")
    me = Newcomer(page, pictures)

    me.click("link", "Fill in as Mara")
    me.click("button", "Sign in")
    me.sees("Worth your hours now")
    me.keep("today")

    me.click("link", "Log call , Kestrel Freight")
    me.fill("Goal", "That Gdynia and Brno stop asking me for the sheet.")
    me.fill("Your notes", "Warm call. They are further than they think.")
    me.keep("call")
    me.click("button", "Save call")
    me.sees("Everything so far")
    me.keep("customer")

    me.click("link", "Runs without us")
    me.fill("What is so now", FACT)
    me.fill("A sentence of theirs", "We did it ourselves, over a weekend.")
    me.click("button", "Claim")
    me.click("button", "Open as")
    me.sees(FACT)
    page.set_viewport_size(PHONE)  # they read it on their phone
    me.keep("confirm")
    me.click("button", "Yes, it is so")
    page.set_viewport_size({"width": 1280, "height": 800})
    me.click("link", "Back to work")

    wait_until(lambda: waits(page, FACT), "the celebration to wait on Today")
    me.click_after(FACT, "Read and edit")
    me.fill("A line of your own", LINE)
    me.click("button", "Keep, and show it")
    me.keep("celebration")
    me.click("button", "Send now")
    wait_until(lambda: celebrations(smtp_sink), "the celebration to arrive")
    assert FACT in celebrations(smtp_sink)[0].text
    assert me.interactions <= MOST_INTERACTIONS

    manager = chromium.opener(demo.url)(width=1280, height=800)
    manager.goto("/")
    theo = Newcomer(manager, pictures)
    theo.click("link", "Fill in as Theo")
    theo.click("button", "Sign in")
    theo.click("link", "Milestones")
    theo.sees("Verified by the customer")
    theo.keep("milestones")
    assert len(celebrations(smtp_sink)) == 1, "it arrived once"
    chromium.close_contexts()


def celebrations(sink: SmtpSink) -> list[Arrived]:
    """Mails with the line Mara added: the question to Amara names the same fact."""
    return [mail for mail in sink.mails() if LINE in mail.text]


def waits(page: Page, fact: str) -> bool:
    """Whether Today shows a waiting celebration of this; a newcomer would look again."""
    page.get_by_role("link", name="Today").first.click()
    page.wait_for_load_state("networkidle")
    return page.get_by_role("complementary").get_by_text(fact).count() > 0
