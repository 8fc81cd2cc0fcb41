"""The customer's page about an outcome of theirs: GET shows, POST says, and only whoever was asked."""

from datetime import timedelta

import pytest
from django.test import Client

from customers import defining
from customers.models import Outcome, OutcomeAsk, OutcomeReply
from organisations import tenancy
from post.models import Delivery, Link
from tests.customers.defining.conftest import token_of
from tests.dashboards.customer_page.visit import database, make_page_token, page
from tests.milestones.asked import make_asking_enrolment, person

pytestmark = pytest.mark.django_db
BETTER = "Every depot sees it before seven."


@pytest.fixture
def asked(in_harbour, mara, now) -> OutcomeAsk:
    customer = make_asking_enrolment(in_harbour, owner=mara).customer
    outcome = Outcome.objects.select_related("customer").get()
    return defining.ask(outcome=outcome, contact=person(customer), by=mara, now=now)


@pytest.fixture
def door(asked, now) -> str:
    return token_of(asked, now=now)


def say(client: Client, token: str, answer: str = "right", **fields):
    given = {"answer": answer, "edition": 1, "words": BETTER} | fields
    return client.post(page("wording", token), given)


def test_opening_it_changes_nothing_and_shows_the_wording(visitor, door):
    before = database()
    html = visitor.get(page("wording", door)).content.decode()
    assert "Is this still right, in your words?" in html
    assert "Every depot manager sees" in html
    assert "Yes, this is right" in html
    assert database() == before


def test_they_put_it_in_their_words_confirm_and_take_it_back(visitor, door):
    assert say(visitor, door, target_on="2026-12-31").status_code == 302
    row = Outcome.objects.get()
    assert (row.words, str(row.target_on)) == (BETTER, "2026-12-31")
    html = visitor.get(page("wording", door)).content.decode()
    assert "You said: this is right." in html
    assert "Take it back" in html
    assert visitor.post(page("wording_withdrawal", door)).status_code == 302
    assert Outcome.objects.get().confirmed_at is None
    assert "Yes, this is right" in visitor.get(page("wording", door)).content.decode()


def test_they_say_what_is_wrong_and_the_csm_is_told_on_today(visitor, door, client_for, mara):
    missing = visitor.post(page("wording", door), {"answer": "wrong", "objection": " ", "words": BETTER})
    assert missing.status_code == 422
    assert "Please say in a sentence what is wrong" in missing.content.decode()
    assert BETTER in missing.content.decode()
    sent = visitor.post(page("wording", door), {"answer": "wrong", "objection": "We never said that."})
    assert sent.status_code == 302
    html = visitor.get(page("wording", door)).content.decode()
    assert "You said: this is wrong." in html
    assert "Mara Lindqvist has been told" in html
    today = client_for(mara).get("/o/harbour/today/").content.decode()
    assert "Amara Okafor says their outcome is written down wrong" in today
    assert "We never said that." in today
    own = client_for(mara).get(f"/o/harbour/customers/{Outcome.objects.get().customer_id}/").content.decode()
    assert "They say their outcome is written down wrong" in own


def test_what_was_typed_stays_when_the_wording_was_changed_meanwhile(visitor, door, asked, mara, now):
    defining.edit(outcome=asked.outcome, values={"words": "Changed by Mara."}, by=mara, now=now)
    answer = say(visitor, door)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "changed while you read it" in html
    assert "Changed by Mara." in html
    assert BETTER in html
    assert say(visitor, door, edition=2).status_code == 302
    assert Outcome.objects.get().words == BETTER


@pytest.mark.parametrize(
    ("fields", "says"),
    [({"words": "  "}, "Say in your own words"), ({"target_on": "soon"}, "Write a date like")],
)
def test_it_says_what_is_missing_and_keeps_the_rest(visitor, door, fields, says):
    answer = say(visitor, door, **fields)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not OutcomeReply.objects.exists()


def test_a_members_session_may_look_and_not_answer(client_for, mara, door):
    client = client_for(mara)
    assert "Only Amara Okafor can answer" in client.get(page("wording", door)).content.decode()
    for answer in (say(client, door), client.post(page("wording_withdrawal", door))):
        assert answer.status_code == 403
    assert not OutcomeReply.objects.exists()


def test_a_demo_link_lets_a_member_answer_and_marks_it(settings, client_for, mara, asked, harbour):
    settings.DEMO = True
    client = client_for(mara)
    opened = client.post(f"/o/harbour/outcome-questions/{asked.pk}/visit/")
    assert opened.status_code == 302
    client.post(opened["Location"], {"answer": "right", "edition": 1, "words": BETTER})
    with tenancy.within(harbour):
        assert OutcomeReply.objects.get().is_demo
        settings.DEMO = False
        assert client.post(f"/o/harbour/outcome-questions/{asked.pk}/visit/").status_code == 404


def test_another_link_of_theirs_only_shows_and_sends_the_one_that_answers(visitor, asked, in_harbour, now):
    token = make_page_token(in_harbour, asked.contact, now)
    own = visitor.get(page("customer_page", token)).content.decode()
    assert "Is this still right, in your words?" in own
    address = f"{page('wording', token)}?ask={asked.pk}"
    assert "Send me the link to answer" in visitor.get(address).content.decode()
    assert say(visitor, token, ask=asked.pk).status_code == 409
    assert visitor.post(page("wording_link", token), {"ask": asked.pk}).status_code == 302
    mail = Delivery.objects.get(purpose="link")
    assert (mail.address, mail.links[0]["purpose"]) == (asked.contact.address, "outcome")
    assert not OutcomeReply.objects.exists()


def test_a_link_that_ran_out_is_renewed_to_the_same_address(visitor, asked, now):
    token = token_of(asked, now=now - timedelta(days=60))
    assert visitor.get(page("wording", token)).status_code == 404
    assert say(visitor, token).status_code == 404
    assert visitor.post(page("new_link", token)).status_code == 200
    mail = Delivery.objects.get(purpose="link")
    assert mail.address == asked.contact.address
    assert mail.links[0] | {"placeholder": ""} == {
        "placeholder": "",
        "purpose": "outcome",
        "subject_id": asked.pk,
        "days": 30,
    }


def test_a_question_taken_back_says_so(visitor, door, asked, mara, now):
    defining.retire(outcome=asked.outcome, why="reached", by=mara, now=now)
    assert "There is nothing to answer" in visitor.get(page("wording", door)).content.decode()
    assert say(visitor, door).status_code == 409
    assert Link.objects.get().first_opened_at is None


def test_an_answer_read_after_the_wording_was_changed_shows_how_it_reads_now(visitor, door, asked, mara, now):
    say(visitor, door)
    defining.edit(outcome=asked.outcome, values={"words": "Changed since."}, by=mara, now=now)
    html = visitor.get(page("wording", door)).content.decode()
    assert "The wording was changed since." in html
    assert "Changed since." in html
