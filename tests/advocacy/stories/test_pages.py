"""Stories in the browser: members write and ask, Amara agrees and takes it back, others read meanwhile."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from advocacy import storytelling
from advocacy.models import Story, StoryAsk, StoryConsent, StoryUse
from advocacy.storytelling import Way
from milestones.models import Achievement
from organisations import tenancy
from post.models import Delivery
from tests.advocacy.stories.telling import (
    EVERYTHING,
    address,
    agree,
    begin,
    link_of,
    publish,
    review,
    token_of,
)
from tests.counting import queries_of
from tests.dashboards.customer_page.visit import database

HOUSE = "/o/harbour"
HOSTILE = "</title><script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
YES = {
    "names_company": "on",
    "names_person": "on",
    "shows_quote": "on",
    "channels": ["page", "sales"],
    "term": "1",
}


@pytest.fixture
def clock(monkeypatch, now):
    """The clock of requests, as far as these pages see it."""
    from bosai import middleware

    names = [name for name in vars(middleware) if name == "timezone"]
    assert names, "where requests get their time"
    monkeypatch.setattr(middleware.timezone, "now", lambda: now)
    return now


def test_a_story_from_the_achievement_to_the_public_page_and_back(reached, mara, client_for, clock):
    """Only buttons and links that stand on the pages; what the customer does, they do on their own link."""
    now, member, amara, anybody = clock, client_for(mara), Client(), Client()
    achievement = Achievement.objects.get(milestone_key="m1")
    assert "Tell it" in member.get(f"{HOUSE}/customers/{reached.customer_id}/stories/").content.decode()
    begun = member.post(f"{HOUSE}/achievements/{achievement.pk}/story/")
    story = Story.objects.get()
    assert begun["Location"] == f"{HOUSE}/stories/{story.pk}/"
    page = member.get(begun["Location"]).content.decode()
    assert "12 → 78" in page
    assert f"{HOUSE}/enrolments/{reached.pk}/" in page, "the number leads to what it rests on"

    form = member.get(f"{begun['Location']}edit/").context["form"]
    typed = {name: value for name, value in form.initial.items() if value is not None}
    contact = reached.customer.contacts.get()
    typed |= {"quote": "Now I drink my coffee.", "quote_by": contact.pk, "title": "Depots open with it"}
    assert member.post(f"{begun['Location']}edit/", typed).status_code == 302
    asked = member.post(f"{begun['Location']}question/", {"kind": "review", "contact": contact.pk})
    assert asked.status_code == 302
    assert member.post(f"{begun['Location']}publication/").status_code == 409, "nobody has agreed"

    ask = StoryAsk.objects.get()
    door = f"/c/{token_of(ask, now)}/story/"
    before = database()
    for _ in range(3):
        assert amara.head(door).status_code == 200
        shown = amara.get(door).content.decode()
    assert database() == before, "looking agrees to nothing"
    assert "Depots open with it" in shown
    assert member.post(door, YES | {"edition": ask.edition}).status_code == 403, "no member agrees for them"
    assert amara.post(door, {"edition": ask.edition, "term": "1"}).status_code == 422
    for _ in range(2):
        assert amara.post(door, YES | {"edition": ask.edition}).status_code == 302
    assert StoryConsent.objects.count() == 1
    assert Delivery.objects.filter(purpose="receipt").count() == 1

    assert anybody.get(address(story)).status_code == 404
    assert member.post(f"{begun['Location']}publication/").status_code == 302
    public = anybody.get(address(story))
    assert "Depots open with it" in public.content.decode()
    assert "max-age=30" in public["Cache-Control"]
    assert "sessionid" not in public.cookies
    assert b"Kestrel" in anybody.get(address(story, "card.svg")).content

    used = {"channel": "sales", "place": "Deck", "address": "", "used_on": "2026-03-12"}
    assert member.post(f"{begun['Location']}uses/", used).status_code == 302
    assert member.post(f"{begun['Location']}uses/", used | {"channel": "press"}).status_code == 409
    assert amara.post(f"{door}withdrawal/", {"words": "Please not."}).status_code == 302
    for file in ("", "card.svg"):
        gone = anybody.get(address(story, file))
        assert (gone.status_code, gone["Cache-Control"]) == (410, "no-store")
        assert "Depots" not in gone.content.decode()
    assert "Deck" in member.get(f"{HOUSE}/today/").content.decode()
    assert member.post(f"{HOUSE}/story-uses/{StoryUse.objects.get().pk}/end/").status_code == 302
    assert "Deck" not in member.get(f"{HOUSE}/today/").content.decode()


def test_what_people_type_is_shown_and_does_nothing(reached, mara, client_for, now):
    story = begin(reached, mara, now)
    texts = (
        "title",
        "about",
        "background",
        "approach",
        "result",
        "learning",
        "quote",
        "quote_from",
        "incentive",
    )
    story = storytelling.edit(
        story=story, values=dict.fromkeys(texts, HOSTILE[:60]) | {"title": HOSTILE}, by=mara, now=now
    )
    agree(review(story, mara, now), now)
    storytelling.publish(story=story, by=mara, now=now)
    member = client_for(mara)
    pages = [Client().get(address(story)), Client().get(address(story, "card.svg"))]
    pages += [member.get(f"{HOUSE}/stories/{story.pk}/"), member.get(f"{HOUSE}/stories/")]
    pages += [member.get(f"{HOUSE}/stories/{story.pk}/file/?format={form}") for form in ("md", "html")]
    for page in pages:
        assert page.status_code == 200
        assert not re.search(r"<script>alert|<img src=x", page.content.decode())
    data = member.get(f"{HOUSE}/stories/{story.pk}/file/?format=json").json()
    assert data["title"] == HOSTILE, "JSON holds it as it was typed"


def test_what_is_handed_on_is_what_was_agreed(reached, mara, client_for, now):
    story, _ask = publish(reached, mara, now, replace(EVERYTHING, names_person=False))
    texts = {
        form: client_for(mara).get(f"{HOUSE}/stories/{story.pk}/file/?format={form}").content.decode()
        for form in ("md", "html", "json")
    }
    for text in texts.values():
        assert "Kestrel Freight" in text
        assert "coffee" in text
        assert "Amara" not in text
        assert address(story) in text
    storytelling.edit(story=story, values={"title": "Other"}, by=mara, now=now)
    assert client_for(mara).get(f"{HOUSE}/stories/{story.pk}/file/").status_code == 404


def test_two_who_write_at_once_lose_nothing_of_each_other(reached, mara, theo, client_for, now):
    story = begin(reached, mara, now)
    url = f"{HOUSE}/stories/{story.pk}/edit/"
    typed = {"edition": story.edition, "title": "Theo’s", "result": "His."}
    storytelling.edit(story=story, values={"title": "Mara’s"}, by=mara, now=now)
    answer = client_for(theo).post(url, typed)
    assert answer.status_code == 409
    assert "His." in answer.content.decode()
    assert Story.objects.get().title == "Mara’s"


def test_proof_is_found_by_word_segment_and_what_was_measured(reached, mara, client_for, now):
    publish(reached, mara, now)
    client = client_for(mara)

    def found(query: str) -> bool:
        return "Milestone 1</a>" in client.get(f"{HOUSE}/stories/?{query}").content.decode()

    assert found("q=kestrel+depot")
    assert found("metric=score&state=usable")
    assert found("state=published")
    assert not found("q=kestrel+bakery")
    assert not found("segment=dental")
    assert not found("state=soon")
    assert found("q=%00"), "what no text holds is left out"


def test_the_list_asks_no_more_for_more_stories(reached, mara, client_for, now):
    story = begin(reached, mara, now)
    client = client_for(mara)
    client.get(f"{HOUSE}/stories/")
    one = len(queries_of(lambda: client.get(f"{HOUSE}/stories/")))
    for number in range(3):
        story.pk, story.slug, story.achievement = None, f"again-{number}", None
        story.save(force_insert=True)
    assert len(queries_of(lambda: client.get(f"{HOUSE}/stories/"))) == one


@pytest.mark.django_db(transaction=True)
def test_a_public_page_is_read_within_the_house_of_its_address(harbour, rival, mara, now):
    """Nobody is signed in: the address alone says whose rows are read. Another house answers 404."""
    from tests import factories
    from tests.advocacy.loop import reach

    with tenancy.within(harbour):
        metric = factories.make_metric(harbour)
        customer = factories.make_customer(harbour, owner=mara, outcome="Fewer empty kilometres.")
        factories.make_contact(customer, "Amara Okafor", is_primary=True)
        enrolment = factories.make_enrolment(customer, factories.make_journey(harbour, metric=metric))
        reach(enrolment, metric, now)
        story, ask = publish(enrolment, mara, now)
        assert Client().get(address(story)).status_code == 200
    answer = Client().get(address(story))
    assert answer.status_code == 200
    assert "Kestrel Freight" in answer.content.decode()
    assert Client().get(address(story).replace("harbour", "rival")).status_code == 404
    with tenancy.within(harbour):
        way = Way(link_of(ask, now))
        storytelling.withdraw(ask=ask, way=way, now=now + timedelta(minutes=1))
    assert Client().get(address(story)).status_code == 410


def test_readers_may_look_and_strangers_see_nothing(reached, mara, rio, eve, client_for, now):
    story, _ask = publish(reached, mara, now)
    url = f"{HOUSE}/stories/{story.pk}/"
    assert client_for(rio).get(url).status_code == 200
    assert client_for(rio).post(f"{url}end/").status_code == 403
    assert client_for(eve).get(url).status_code == 404
    assert Story.objects.get().is_public


def test_a_manager_takes_a_person_out_of_everything_told(reached, mara, theo, client_for, now):
    story, ask = publish(reached, mara, now)
    url = f"{HOUSE}/people/{ask.contact_id}/stories/"
    assert client_for(mara).post(url).status_code == 403
    assert client_for(theo).post(url)["Location"] == f"{HOUSE}/customers/{reached.customer_id}/stories/"
    assert Client().get(address(story)).status_code == 410
    assert Story.objects.get().quote == ""


def test_a_link_that_is_passed_on_shows_and_their_own_page_leads_to_it(reached, mara, clock):
    """From a celebration that was forwarded nobody agrees; the link to do so goes to their own address."""
    story = begin(reached, mara, clock)
    ask = review(story, mara, clock)
    token = token_of(ask, clock, purpose="customer", subject_id=ask.contact_id)
    somebody = Client()
    home = somebody.get(f"/c/{token}/").content.decode()
    assert f"/c/{token}/story/?ask={ask.pk}" in home
    page = somebody.get(f"/c/{token}/story/?ask={ask.pk}").content.decode()
    assert "only shows the question" in page
    refused = somebody.post(f"/c/{token}/story/", YES | {"ask": ask.pk, "edition": ask.edition})
    assert refused.status_code == 409
    assert not StoryConsent.objects.exists()
    somebody.post(f"/c/{token}/story/answering/", {"ask": ask.pk})
    assert Delivery.objects.get(purpose="link").address == ask.contact.address
    agree(ask, clock)
    assert "taking it back" in somebody.get(f"/c/{token}/").content.decode()
    assert somebody.post(f"/c/{token}/story/withdrawal/", {"ask": ask.pk}).status_code == 409
    storytelling.publish(story=story, by=mara, now=clock)
    assert somebody.get(address(story)).status_code == 200
