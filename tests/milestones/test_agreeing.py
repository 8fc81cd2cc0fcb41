"""A message may ask whether a milestone's wording still fits. The customer says so; nothing else changes."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from dashboards import timeline
from dashboards.today.lines import Kind
from dashboards.today.page import READERS
from milestones import agreeing, messaging
from milestones.messaging.wording import EVERY, shipped
from milestones.models import Achievement, Agreement, Enrolment, Milestone, Occasion
from organisations import tenancy
from organisations.models import Event
from post import linking, preferring
from post.models import Delivery, Link
from tests import factories
from tests.dashboards.on_today import only, scope_of

NOON = datetime(2026, 3, 10, 11, 0, tzinfo=UTC)  # a Tuesday, noon in Amsterdam
DAY = timedelta(days=1)


@pytest.fixture
def kestrel(in_harbour, mara):
    customer = factories.make_customer(in_harbour, owner=mara)
    factories.make_contact(customer, is_primary=True)
    return customer


@pytest.fixture
def journey(in_harbour, theo):
    """It says what comes, and on to the next; both ask whether the wording still fits."""
    journey = factories.make_journey(in_harbour)
    for occasion in (Occasion.EXPECTATION, Occasion.HANDOVER):
        wording = replace(shipped(occasion), is_on=True, asks_wording=True)
        messaging.keep_message(
            journey=journey, milestone_key=EVERY, wording=wording, by=theo, now=NOON - 40 * DAY
        )
    messaging.start(journey=journey, by=theo, now=NOON - 40 * DAY)
    return journey


@pytest.fixture
def asked(in_harbour, kestrel, journey) -> Agreement:
    factories.make_enrolment(kestrel, journey, started_on=NOON.date(), moved_at=NOON - 1.5 * DAY)
    assert messaging.write_due(organisation=in_harbour, now=NOON) == 1
    return Agreement.objects.get()


@pytest.fixture
def token(in_harbour, asked) -> str:
    [spec] = [link for link in Delivery.objects.get().links if link["purpose"] == agreeing.PURPOSE]
    address = asked.contact.address
    made = {"organisation": in_harbour, "address": address, "now": NOON, "days": spec["days"]}
    return linking.make(purpose=spec["purpose"], subject_id=spec["subject_id"], **made)


@pytest.fixture
def link(token) -> Link:
    return linking.find(token)[1]


def page(name: str, token: str) -> str:
    return reverse(f"dashboards:{name}", args=[token])


class TestAsking:
    def test_the_mail_asks_about_the_milestone_it_speaks_of(self, asked):
        assert (asked.milestone.key, asked.answered_at) == ("m1", None)
        mail = Delivery.objects.get()
        assert "Is this still right for you: “Milestone 1”? Yes, or no and why: [wording link]" in mail.text
        assert 'href="[wording link]"' in mail.html
        assert [link["purpose"] for link in mail.links] == ["customer", "agreement"]

    def test_on_to_the_next_asks_about_the_next(self, in_harbour, asked, journey):
        enrolment = Enrolment.objects.get()
        first = Milestone.objects.get(key="m1")
        _reach(enrolment, first)
        messaging.write_due(organisation=in_harbour, now=NOON + 3 * DAY)
        assert [row.milestone.key for row in Agreement.objects.order_by("pk")] == ["m1", "m2"]

    def test_the_mail_of_a_week_asks_each_for_itself(self, in_harbour, kestrel, journey, theo):
        recipient = kestrel.contacts.get().recipient
        recipient.organisation = in_harbour
        preferring.change_wish(recipient=recipient, wish="weekly", weekday=1, now=NOON - 9 * DAY)
        other = factories.make_journey(in_harbour, slug="second")
        wording = replace(shipped(Occasion.EXPECTATION), is_on=True, asks_wording=True)
        messaging.keep_message(journey=other, milestone_key=EVERY, wording=wording, by=theo, now=NOON)
        messaging.start(journey=other, by=theo, now=NOON - 40 * DAY)
        for one in (journey, other):
            factories.make_enrolment(kestrel, one, started_on=NOON.date(), moved_at=NOON - 3 * DAY)
        assert messaging.write_due(organisation=in_harbour, now=NOON) == 2
        mail = Delivery.objects.get()
        asks = [link for link in mail.links if link["purpose"] == "agreement"]
        assert [link["placeholder"] for link in asks] == ["[wording link]", "[wording link 2]"]
        assert {link["subject_id"] for link in asks} == set(Agreement.objects.values_list("pk", flat=True))
        for each in asks:
            assert each["placeholder"] in mail.text
            assert f'href="{each["placeholder"]}"' in mail.html

    def test_asking_again_before_an_answer_is_the_same_question(self, asked):
        again = agreeing.ask(
            enrolment=asked.enrolment, milestone=asked.milestone, contact=asked.contact, now=NOON + DAY
        )
        assert again == asked

    def test_what_does_not_ask_carries_no_link(self, in_harbour, kestrel, theo):
        journey = factories.make_journey(in_harbour)
        wording = replace(shipped(Occasion.EXPECTATION), is_on=True)
        messaging.keep_message(journey=journey, milestone_key=EVERY, wording=wording, by=theo, now=NOON)
        messaging.start(journey=journey, by=theo, now=NOON - 40 * DAY)
        factories.make_enrolment(kestrel, journey, started_on=NOON.date(), moved_at=NOON - 1.5 * DAY)
        messaging.write_due(organisation=in_harbour, now=NOON)
        assert not Agreement.objects.exists()
        assert "[wording link]" not in Delivery.objects.get().text


def _reach(enrolment, milestone):
    Achievement.objects.create(
        organisation=enrolment.organisation,
        enrolment=enrolment,
        milestone=milestone,
        milestone_key=milestone.key,
        achieved_at=NOON,
        recorded_at=NOON,
    )
    Enrolment.objects.update(current=Milestone.objects.get(key="m2"), moved_at=NOON)


class TestAnswering:
    def test_a_no_with_its_reason_stands_in_the_history_and_on_today(self, in_harbour, asked, link, mara):
        agreeing.answer(
            agreement=asked, link=link, is_right=False, words=" We want fewer kilometres. ", now=NOON
        )
        asked.refresh_from_db()
        assert (asked.answer, asked.words) == ("wrong", "We want fewer kilometres.")
        event = Event.objects.get(verb="agreement_denied")
        assert (event.customer_id, event.actor) == (asked.enrolment.customer_id, None)
        facts = timeline.facts_of([event], organisation=in_harbour)
        [entry] = timeline.entries_of([event], facts, now=NOON)
        assert entry.words == "We want fewer kilometres."
        line = only(scope_of(in_harbour, mara), Kind.DISAGREED)
        assert line.words == "We want fewer kilometres."
        agreeing.settle(agreement=asked, by=mara, now=NOON + DAY)
        assert READERS[Kind.DISAGREED](scope_of(in_harbour, mara)).lines == []
        assert Event.objects.get(verb="agreement_settled").actor == mara

    def test_nothing_is_reopened_by_it(self, asked, link):
        before = list(Enrolment.objects.values()), list(Milestone.objects.values())
        agreeing.answer(agreement=asked, link=link, is_right=False, words="No.", now=NOON)
        assert before == (list(Enrolment.objects.values()), list(Milestone.objects.values()))

    def test_the_same_answer_twice_is_one(self, asked, link):
        for _ in range(2):
            agreeing.answer(agreement=asked, link=link, is_right=True, now=NOON)
        assert Event.objects.filter(verb="agreement_given").count() == 1
        with pytest.raises(agreeing.CannotAnswer, match="answered this already"):
            agreeing.answer(agreement=asked, link=link, is_right=False, words="No.", now=NOON)

    def test_a_no_needs_a_reason(self, asked, link):
        with pytest.raises(agreeing.WordsMissing):
            agreeing.answer(agreement=asked, link=link, is_right=False, words="  ", now=NOON)
        assert not Event.objects.filter(verb="agreement_denied").exists()

    def test_it_can_be_taken_back_for_a_day(self, asked, link):
        agreeing.answer(agreement=asked, link=link, is_right=False, words="No.", now=NOON)
        with pytest.raises(agreeing.CannotAnswer, match="24 hours"):
            agreeing.undo(agreement=asked, link=link, now=NOON + DAY)
        agreeing.undo(agreement=asked, link=link, now=NOON + DAY / 2)
        asked.refresh_from_db()
        assert (asked.answer, asked.words, asked.answered_at) == ("", "", None)
        agreeing.answer(agreement=asked, link=link, is_right=True, now=NOON + DAY)

    def test_only_its_own_link_answers(self, in_harbour, asked):
        token = linking.make(
            organisation=in_harbour, purpose="customer", subject_id=asked.contact_id,
            address=asked.contact.address, now=NOON, days=30,
        )  # fmt: skip
        with pytest.raises(agreeing.CannotAnswer, match="only shows"):
            agreeing.answer(agreement=asked, link=linking.find(token)[1], is_right=True, now=NOON)


class TestPages:
    @pytest.fixture
    def visit(self, harbour, token, monkeypatch):
        monkeypatch.setattr("bosai.middleware.timezone", SimpleNamespace(now=lambda: NOON))
        return Client()

    def test_opening_it_answers_nothing(self, visit, token, asked):
        for _ in range(2):
            said = visit.get(page("agreement", token)).content.decode()
            assert visit.head(page("agreement", token)).status_code == 200
        assert "Is this still what you want to be able to say?" in said
        assert "What milestone 1 means for you." in said
        asked.refresh_from_db()
        assert asked.answered_at is None

    def test_they_say_no_and_why_and_take_it_back(self, visit, token, asked, client_for, mara, harbour):
        answer = visit.post(page("agreement", token), {"answer": "wrong", "words": ""})
        assert answer.status_code == 422
        assert "Please say in a sentence" in answer.content.decode()
        answer = visit.post(page("agreement", token), {"answer": "wrong", "words": "Other <b>things</b>."})
        assert answer.status_code == 302
        said = visit.get(page("agreement", token)).content.decode()
        assert "Other &lt;b&gt;things&lt;/b&gt;." in said
        assert "Mara" in said
        ours = client_for(mara)
        url = reverse("milestones:agreement", args=["harbour", asked.pk])
        assert "Other &lt;b&gt;things&lt;/b&gt;." in ours.get(url).content.decode()
        assert visit.post(page("agreement_withdrawal", token)).status_code == 302
        with tenancy.within(harbour):
            asked.refresh_from_db()
            assert asked.answered_at is None
        assert ours.get(url).status_code == 404

    def test_they_say_yes(self, visit, token):
        visit.post(page("agreement", token), {"answer": "right"})
        assert "You said: this is still right." in visit.get(page("agreement", token)).content.decode()
        assert visit.post(page("agreement", token), {"answer": "wrong", "words": "No"}).status_code == 409

    def test_a_member_may_look_and_not_answer(self, visit, client_for, mara, token, asked):
        client = client_for(mara)
        assert client.get(page("agreement", token)).status_code == 200
        assert client.post(page("agreement", token), {"answer": "right"}).status_code == 403
        assert client.post(page("agreement_withdrawal", token)).status_code == 403
        asked.refresh_from_db()
        assert asked.answered_at is None

    def test_other_links_ask_nothing(self, harbour, visit, asked):
        with tenancy.within(harbour):
            other = linking.make(
                organisation=harbour, purpose="customer", subject_id=asked.contact_id,
                address=asked.contact.address, now=NOON, days=3000,
            )  # fmt: skip
        assert "Nothing to answer" in visit.get(page("agreement", other)).content.decode()
        assert visit.post(page("agreement", other), {"answer": "right"}).status_code == 409
        assert visit.post(page("agreement_withdrawal", other)).status_code == 409

    def test_the_link_opens_their_own_page_too(self, visit, token):
        assert visit.get(page("customer_page", token)).status_code == 200

    def test_a_csm_takes_it_up(self, client_for, mara, rio, visit, token, asked, harbour):
        visit.post(page("agreement", token), {"answer": "wrong", "words": "No."})
        at = reverse("milestones:agreement_settlement", args=["harbour", asked.pk])
        assert client_for(mara).post(at, follow=True).status_code == 200
        with tenancy.within(harbour):
            asked.refresh_from_db()
            assert asked.settled_by == mara

    def test_a_manager_ticks_it_on_the_message(self, client_for, theo, harbour, journey):
        with tenancy.within(harbour):
            factories.make_enrolment(
                factories.make_customer(harbour, "Osprey"), journey, started_on=NOON.date(), moved_at=NOON
            )
        url = reverse("milestones:message_edit", args=["harbour", journey.slug])
        typed = {"occasion": "stall", "is_on": "on", "days": "3", "subject": "S", "body": "B"}
        client_for(theo).post(url, typed | {"asks_wording": "on"})
        with tenancy.within(harbour):
            assert journey.messages.get(occasion="stall").asks_wording
        said = client_for(theo).get(url + "?occasion=stall").content.decode()
        assert re.search(r'name="asks_wording"[^>]*checked', said)
