"""From a milestone reached to a company that grows, and back to silence when the customer wishes it.

One browser story on a small demo: Mara at her desk, Tomás of Kestrel Freight on his phone with the links his
mails brought him, a stranger with neither. `./run pictures` keeps what they saw in docs/pictures.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings
from django.utils import timezone

import bosai.urls  # before it is the demo: addresses are read once
from advocacy.models import (
    Advocate,
    CelebrationReply,
    Expansion,
    Favour,
    Referral,
    Story,
    StoryAsk,
    StoryConsent,
    StoryUse,
)
from bosai import rounds
from bosai.demo import seeding
from customers.models import Customer
from milestones.models import Verdict
from organisations import tenancy
from organisations.models import Event, Organisation, User
from post.models import Delivery
from tests.services.browser import PHONE
from tests.services.smtp_sink import Arrived, SmtpSink
from tests.stories.hands import Hands

assert bosai.urls

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TOMAS = "Tomás Herrera"
FACT = "Two new depots set up their own report in October, without a call to us."
SAID = "The depots told me before I could ask."
QUOTE = "Nobody asks me for the sheet any more."
"""Tomás says it; he alone can agree to be quoted."""
PATH = {
    *("milestone_claimed", "outcome_confirmed", "milestone_achieved"),
    *("celebration_posted", "celebration_replied"),
    *("story_drafted", "story_review_asked", "story_consent_given", "story_published", "story_used"),
    *("favour_asked", "favour_accepted", "favour_done", "favour_thanked"),
    *("referral_submitted", "referral_qualified", "referral_won"),
    *("need_noted", "expansion_found", "expansion_confirmed", "expansion_won", "story_consent_ended"),
}
"""What the log has of it, in the order of the story."""


@dataclass
class Scene:
    """The demo, who is in it, and the mail server they all write through."""

    harbour: Organisation
    kestrel: Customer
    sink: SmtpSink
    mara: Hands
    tomas: Hands
    stranger: Hands
    latecomer: Hands
    """Whose browser has kept nothing."""
    address: str
    """Tomás's, as the customer's page has it."""
    began: int
    """The last event before."""

    def mail(self, words: str, days: int = 0) -> Arrived:
        """What the loop brings him, now or so many days on: the newest mail with these words in it."""
        rounds.run(rounds.LOOP, now=timezone.now() + timedelta(days=days))
        mails = [mail for mail in self.sink.mails() if mail.to == [self.address]]
        assert mails, f"nothing for {self.address}: {self.posted()}"
        found = [mail for mail in mails if words in f"{mail.subject}\n{mail.text}"]
        assert found, f"no mail says {words!r}: {[mail.subject for mail in mails]}"
        return found[-1]

    def link(self, words: str, kind: str = "c/") -> str:
        [first, *_] = re.findall(rf"https?://\S+?/{kind}\S*", self.mail(words).text)
        return first

    def posted(self) -> list[tuple[str, str, str, str]]:
        with tenancy.within(self.harbour):
            return list(
                Delivery.objects.order_by("-id").values_list("purpose", "address", "state", "reason")[:5]
            )

    def verbs(self) -> set[str]:
        with tenancy.within(self.harbour):
            since = Event.objects.filter(customer_id=self.kestrel.pk, pk__gt=self.began)
            return set(since.values_list("verb", flat=True))

    def at(self, path: str) -> str:
        return f"/o/{self.harbour.slug}/{path}"


@pytest.fixture
def scene(
    open_page: Callable[..., Any], live_server: Any, smtp_sink: SmtpSink, pictures: Path, settings: Any
) -> Iterator[Scene]:
    settings.SMTP_URL, settings.BOSAI_URL = smtp_sink.url, live_server.url
    with override_settings(DEMO=True):
        seeding.seed(now=timezone.now(), customers=2)
        desk = open_page(width=1100, height=700)
        client = Client()
        client.force_login(User.objects.get(email="mara@harbour.example"))
        session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
        desk.context.add_cookies([session])
        harbour = Organisation.objects.get(slug="harbour")
        with tenancy.within(harbour):
            kestrel = Customer.objects.get(key="kestrel-freight")
            address = kestrel.contacts.get(name=TOMAS).address
            began = Event.objects.latest("pk").pk
        pages = [Hands(page, pictures) for page in (desk, *(open_page(**PHONE) for _ in range(3)))]
        yield Scene(harbour, kestrel, smtp_sink, *pages, address, began)


def test_what_a_customer_reached_travels_as_far_as_they_let_it(scene: Scene) -> None:
    reach_and_confirm(scene)
    celebrate_and_answer(scene)
    tell(scene)
    agree(scene)
    publish(scene)
    invite(scene)
    speak_for_us(scene)
    bring_somebody(scene)
    grow(scene)
    take_it_back(scene)


def reach_and_confirm(scene: Scene) -> None:
    """Mara claims; Tomás says on his phone that it is so."""
    mara, tomas = scene.mara, scene.tomas
    mara.goes_to(scene.at(f"customers/{scene.kestrel.pk}/"))
    mara.follows("Runs without us")
    mara.writes({"What is so now": FACT, "A sentence of theirs": "We did it ourselves, over a weekend."})
    mara.only(TOMAS, of="Who is asked whether it is so")
    mara.presses("Claim")
    tomas.goes_to(scene.link(FACT))
    tomas.sees(FACT)
    tomas.writes({"In your own words": "Both of them, and the third began."})
    tomas.presses("Yes, it is so")
    tomas.sees("You said: yes, it is so.")
    with tenancy.within(scene.harbour):
        verdict = Verdict.objects.latest("id")
        assert (verdict.is_confirmation, verdict.contact.name) == (True, TOMAS)


def celebrate_and_answer(scene: Scene) -> None:
    """It goes out once, from Today; he says something back."""
    mara, tomas = scene.mara, scene.tomas
    rounds.run(rounds.LOOP, now=timezone.now())
    mara.follows("Today")
    mara.follows("Read and edit", within=mara.page.get_by_role("article").filter(has_text=FACT))
    mara.only(TOMAS, of="Goes to")
    mara.presses("Keep, and show it")
    mara.presses("Send now")
    tomas.goes_to(scene.link("Say something back", "c/[^/]+/reply/"))
    tomas.writes({"A sentence": SAID})
    tomas.ticks("You may ask me whether this can be told to others")
    tomas.keeps("reply")
    tomas.presses("Yes, we are glad of it")
    tomas.sees("Mara Lindqvist has it. Thank you.", SAID)
    mara.follows("Today")
    mara.sees(SAID)
    with tenancy.within(scene.harbour):
        said = CelebrationReply.objects.latest("id")
        assert (said.contact.name, said.words, said.may_tell) == (TOMAS, SAID, True)
        sent = Delivery.objects.filter(purpose="celebration", address=scene.address, state="sent")
        assert sent.count() == 1


def tell(scene: Scene) -> None:
    """Mara writes it down from what is known, with what he said, and asks him."""
    mara = scene.mara
    mara.follows("Read", within=mara.page.get_by_role("listitem").filter(has_text=SAID))
    mara.sees(SAID)
    mara.presses("Tell it as a story")
    mara.sees(FACT, "Nobody has agreed yet. Until then it stays in this house.")
    mara.follows("Write")
    mara.writes({"Title": "Every depot on its own", "In their words": QUOTE, "Where and when": "In a call"})
    mara.picks("Who said this", TOMAS)
    mara.presses("Keep")
    mara.picks("Whom", TOMAS)
    mara.presses("Ask whether it may be told")
    with tenancy.within(scene.harbour):
        ask = StoryAsk.objects.latest("id")
        assert (ask.contact.name, ask.kind, ask.story.is_public) == (TOMAS, "review", False)


def agree(scene: Scene) -> None:
    """He reads it as others would, decides what is named and where, and gets what he agreed to."""
    tomas = scene.tomas
    tomas.goes_to(scene.link("Every depot on its own", "c/[^/]+/story/"))
    tomas.sees("May we tell this?", QUOTE)
    tomas.ticks("Our company’s name", "My name and title", "My words, as quoted above")
    tomas.ticks("public page", "until I take it back")
    tomas.keeps("consent")
    tomas.presses("Yes, tell it like this")
    tomas.sees("You have agreed that this is told.")
    assert "Company named: yes" in scene.mail("What you agreed to").text
    with tenancy.within(scene.harbour):
        consent = StoryConsent.objects.latest("id")
        assert (consent.contact.name, consent.names_person, consent.channels) == (TOMAS, True, ["page"])


def publish(scene: Scene) -> None:
    """Everybody may read it now, without signing in."""
    mara, stranger = scene.mara, scene.stranger
    mara.follows("Today")
    mara.follows("Open", within=mara.page.get_by_role("listitem").filter(has_text="Every depot on its own"))
    mara.presses("Publish")
    mara.opens("Note a use")
    mara.writes({"Where": "Our start page"})
    mara.presses("Note it")
    public = mara.page.get_by_role("link", name="The public page").get_attribute("href")
    stranger.goes_to(public or "")
    stranger.sees("Every depot on its own", "Kestrel Freight", QUOTE, TOMAS)
    stranger.keeps("told")
    with tenancy.within(scene.harbour):
        assert Story.objects.get(title="Every depot on its own").is_public


def invite(scene: Scene) -> None:
    """May we ask you, now and then? He says so on his own link."""
    mara, tomas = scene.mara, scene.tomas
    mara.follows("Advocacy")
    mara.follows("Advocates")
    mara.follows("Whom to invite")
    mara.follows(f"Ask , {TOMAS}")
    mara.presses("Ask by mail")
    tomas.goes_to(scene.link("May we ask you", "c/[^/]+/favour/"))
    tomas.presses("Yes")
    tomas.sees("You said yes. Thank you.")
    with tenancy.within(scene.harbour):
        assert Advocate.objects.get(contact__name=TOMAS).is_willing


def speak_for_us(scene: Scene) -> None:
    """A reference call: asked, promised, done, and thanked by mail."""
    mara, tomas = scene.mara, scene.tomas
    mara.page.reload()
    mara.follows("Ask them")
    mara.presses("Ask by mail")
    tomas.goes_to(scene.link("May we ask you: reference call", "c/[^/]+/favour/"))
    tomas.writes({"A word with it": "Thursday would suit me."})
    tomas.presses("Yes")
    mara.page.reload()
    mara.sees("Thursday would suit me.")
    mara.writes({"What came of it": "They talked for half an hour."})
    mara.presses("It is done")
    mara.writes({"Your thanks": "You took half an hour for people you did not know."})
    mara.presses("Thank them")
    mara.keeps("advocate")
    with tenancy.within(scene.harbour):
        favour = Favour.objects.get(kind="reference", contact__name=TOMAS)
        assert favour.state == Favour.State.THANKED
    rounds.run(rounds.LOOP, now=timezone.now())
    mara.follows("Outbox")
    mara.sees("waits: they had 5 mails from us in seven days")  # four are what Harbour allows itself
    assert "You took half an hour" in scene.mail("Thank you, Tomás", days=8).text


def bring_somebody(scene: Scene) -> None:
    """Tomás passes on his address; somebody writes by it and becomes a customer."""
    mara, tomas, stranger = scene.mara, scene.tomas, scene.stranger
    mara.follows("Advocacy")
    mara.follows("Who may I ask?")
    mara.picks("What for", "referral")
    mara.presses("Look")
    mara.follows(f"Ask , {TOMAS}")
    mara.presses("Ask by mail")
    tomas.goes_to(scene.link("May we ask you: referral", "c/[^/]+/favour/"))
    tomas.presses("Yes")
    stranger.goes_to(scene.link("May we ask you: referral", "r/"))
    stranger.sees("Tomás at Kestrel Freight passes this on to you")
    stranger.keeps("referral")
    stranger.writes({"Your name": "Lena Brandt", "Where you work": "Osprey Lines"})
    stranger.writes({"Your e-mail address": "lena@osprey.example"})
    stranger.page.get_by_role("checkbox").check()
    stranger.presses("Leave us a line")
    stranger.sees("Thank you. We have it.")
    mara.follows("Advocacy")
    mara.follows("Referrals")
    mara.follows("Lena Brandt")
    mara.presses("It is real: qualify")
    mara.writes({"What it is worth": "4800"})
    mara.presses("Won")
    with tenancy.within(scene.harbour):
        row = Referral.objects.get(company="Osprey Lines")
        assert (row.state, row.amount_e4, row.advocate.contact.name) == ("won", 48_000_000, TOMAS)


def grow(scene: Scene) -> None:
    """He says what he needs next; with what is confirmed and measured that is a signal, pursued and won."""
    mara = scene.mara
    mara.follows("Today")
    mara.follows("Decide , Kestrel Freight")  # the signal of an older need comes first
    mara.writes({"Why": "The second site waits until spring."})
    mara.presses("Dismiss it")
    mara.follows("Kestrel Freight")
    mara.chooses_from_menu("What they say they need")
    mara.writes({"What they said they need": "The wholesale side should have it too."})
    mara.picks("Who said it", TOMAS)
    mara.presses("Write it down")
    mara.sees("What met here", "The wholesale side should have it too.")
    mara.keeps("growth")
    mara.writes({"Next step": "Show it on their own numbers", "What it is worth": "9600"})
    mara.writes({"By": f"{timezone.localdate():%Y-%m-%d}"})
    mara.presses("Confirm the signal")
    mara.presses("Won")
    with tenancy.within(scene.harbour):
        row = Expansion.objects.get(need__words="The wholesale side should have it too.")
        assert (row.state, row.amount_e4) == ("won", 96_000_000)
        assert row.achievement.milestone.name == "Runs without us"


def take_it_back(scene: Scene) -> None:
    """One tap on the mail he kept: the page is gone, and what is still out there stands on Today."""
    mara, tomas, late = scene.mara, scene.tomas, scene.latecomer
    tomas.goes_to(scene.link("What you agreed to", "c/[^/]+/story/"))
    tomas.writes({"Why": "We are being bought."})
    tomas.presses("Take my consent back")
    tomas.sees("This story is not told any more.")
    with tenancy.within(scene.harbour):
        story = Story.objects.get(title="Every depot on its own")
        assert not story.is_public
        assert StoryUse.objects.get(story=story).ended_at is None
    late.goes_to(f"/s/harbour/{story.slug}/", status=410)
    late.sees("This story is no longer told")
    mara.follows("Today")
    mara.sees("is used at: Our start page")
    mara.follows("Kestrel Freight")
    mara.sees("The consent to “Every depot on its own” ended", "Growth won: More places than they pay for")
    assert scene.verbs() >= PATH
