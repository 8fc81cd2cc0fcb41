"""Who comes in by a link, who does not, and what else they may do there."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers.models import Contact, Outcome
from milestones import verifying
from milestones.models import Verdict
from organisations import tenancy
from post import linking
from post.models import Delivery, Link, Recipient
from tests import factories
from tests.dashboards.customer_page.visit import WORDS, database, expired, page, send, shape
from tests.milestones.asked import make_asking_enrolment, make_token, milestone, person


def test_it_refuses_an_answer_with_a_members_session(client_for, token, mara):
    response = send(client_for(mara), token, "yes")
    assert response.status_code == 403
    html = response.content.decode()
    assert "Only Amara Okafor can answer" in html
    assert "nothing was stored" in html
    assert not Verdict.objects.exists()


def test_it_refuses_a_member_who_left_as_well(client_for, token, mara, now):
    mara.memberships.update(ended_at=now)
    assert send(client_for(mara), token, "yes").status_code == 403


def test_it_lets_a_member_look_without_counting_as_opened(client_for, token, mara):
    client = client_for(mara)
    html = client.get(page("customer_page", token)).content.decode()
    assert "You are signed in as Mara Lindqvist" in html
    assert "Yes, it is so" not in html
    client.post(page("opening", token))
    assert Link.objects.get().first_opened_at is None


def test_it_does_not_mind_members_of_another_organisation(client_for, token, eve):
    assert send(client_for(eve), token, "yes").status_code == 302


def test_it_lets_the_demo_stand_in_for_the_customer_and_marks_it(client_for, ask, mara, now, settings):
    settings.DEMO = True
    visit = client_for(mara).post(reverse("milestones:visit", args=["harbour", ask.pk]))
    token = visit.url.split("/")[2]
    client = client_for(mara)
    assert "you are looking as Amara Okafor" in client.get(visit.url).content.decode()
    assert send(client, token, "yes").status_code == 302
    assert Verdict.objects.get().is_demo


def test_it_has_no_such_door_outside_the_demo(client_for, ask, mara, now, settings):
    assert client_for(mara).post(reverse("milestones:visit", args=["harbour", ask.pk])).status_code == 404
    token = make_token(ask, now=now, is_demo=True, by=mara)
    assert Client().get(page("customer_page", token)).status_code == 404


def test_it_says_the_same_of_unknown_and_expired_links(visitor, ask, now):
    old = expired(ask, now)
    unknown = old[:-6] + "AAAAAA"
    pages = []
    for token in (old, unknown):
        response = visitor.get(page("customer_page", token))
        assert response.status_code == 404
        assert response["Referrer-Policy"] == "no-referrer"
        pages.append(response.content.decode().replace(token, "TOKEN"))
    assert pages[0] == pages[1]
    assert "Send me a new link" in pages[0]


def test_it_works_as_much_for_an_unknown_link_as_for_an_expired_one(visitor, ask, now):
    """Whoever guesses learns nothing from how long the answer takes."""
    old, asked = expired(ask, now), []
    for token in (old, old[:-6] + "AAAAAA"):
        with CaptureQueriesContext(connection) as captured:
            visitor.get(page("customer_page", token))
        asked.append([shape(query["sql"]) for query in captured])
    assert asked[0] == asked[1]


@pytest.mark.parametrize("token", ["x", "1-", "zzzzzzzzzzzzzzzz-abc", "0-0", "%00", "1-" + "a" * 5000, "é-é"])
def test_it_bears_malformed_tokens(visitor, token, harbour):
    assert visitor.get(page("customer_page", token)).status_code == 404
    assert visitor.post(page("new_link", token)).status_code == 200


def test_it_sends_a_new_link_to_the_same_address_and_says_the_same_to_anybody(visitor, ask, now):
    old = expired(ask, now)
    answers = []
    for token in (old, old[:-6] + "AAAAAA"):
        response = visitor.post(page("new_link", token))
        assert response.status_code == 200
        answers.append(response.content.decode())
    assert answers[0] == answers[1]
    [mail] = Delivery.objects.filter(purpose="link")
    assert mail.address == "amara@kestrel-freight.example"


@pytest.mark.parametrize("name", ["withdrawal", "copy", "mails", "opening"])
def test_it_does_nothing_on_a_link_that_ran_out(visitor, ask, now, name):
    token, before = expired(ask, now), database()
    assert visitor.post(page(name, token)).status_code == 404
    assert database() == before


def test_it_closes_for_somebody_who_left(visitor, token, now):
    Contact.objects.filter(name="Amara Okafor").update(left_on=now.date())
    assert visitor.get(page("customer_page", token)).status_code == 404


def test_it_opens_nothing_with_a_link_for_another_purpose(visitor, in_harbour, now, enrolment):
    recipient = person(enrolment.customer).recipient
    token = linking.make(
        organisation=in_harbour, purpose="unsubscribe", subject_id=recipient.pk, address=recipient.address,
        now=now, days=30,
    )  # fmt: skip
    assert visitor.get(page("customer_page", token)).status_code == 404


@pytest.mark.parametrize("name", ["withdrawal", "copy", "mails", "opening", "new_link"])
def test_it_acts_by_post_alone(visitor, token, name):
    assert visitor.get(page(name, token)).status_code == 405


@pytest.mark.parametrize("name", ["customer_page", "withdrawal", "copy", "mails", "opening", "new_link"])
def test_it_refuses_forms_of_other_sites(visitor, token, name):
    response = visitor.post(page(name, token), {"answer": "yes"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 403
    assert not Verdict.objects.exists()


def test_it_sends_a_copy_once(visitor, token):
    send(visitor, token, "yes")
    verdict = Verdict.objects.get()
    for _ in range(2):
        visitor.post(page("copy", token), {"verdict": verdict.pk})
    [mail] = Delivery.objects.filter(purpose="receipt")
    assert WORDS in mail.text


def test_it_sends_no_copy_of_an_answer_that_was_taken_back(visitor, token):
    send(visitor, token, "yes")
    verdict = Verdict.objects.get()
    visitor.post(page("withdrawal", token), {"verdict": verdict.pk})
    visitor.post(page("copy", token), {"verdict": verdict.pk})
    assert not Delivery.objects.filter(purpose="receipt").exists()


def test_it_changes_which_mails_they_get(visitor, token):
    visitor.post(page("mails", token), {"wish": "nothing"})
    recipient = Recipient.objects.get(address="amara@kestrel-freight.example")
    assert recipient.wish == "nothing"
    visitor.post(page("mails", token), {"wish": "all"})
    recipient.refresh_from_db()
    assert (recipient.wish, recipient.opted_out_at) == ("all", None)
    assert visitor.post(page("mails", token), {"wish": "some"}).status_code == 422
    visitor.post(page("mails", token), {"wish": "weekly", "weekday": "4"})
    recipient.refresh_from_db()
    assert (recipient.wish, recipient.weekday) == ("weekly", 4)


def test_it_reads_in_the_zone_of_the_reader(visitor, token, in_harbour):
    Recipient.objects.update(zone="Pacific/Auckland")
    send(visitor, token, "yes")
    assert "22:00" in visitor.get(page("customer_page", token)).content.decode()


def test_it_shows_nothing_of_another_organisation(visitor, token, rival, eve, now):
    with tenancy.within(rival):
        theirs = make_asking_enrolment(rival, owner=eve)
        verifying.claim(
            enrolment=theirs, milestone=milestone(theirs), statement="Canary", number=1, reached_at=now,
            by=eve, now=now,
        )  # fmt: skip
    assert "Canary" not in visitor.get(page("customer_page", token)).content.decode()


def test_it_runs_no_text_of_theirs_or_ours(visitor, token, enrolment, mara, now):
    factories.make_customer(enrolment.organisation, "Other")
    type(enrolment.customer).objects.update(name="<b>Kestrel</b>")
    Outcome.objects.update(words="<script>alert(1)</script>")
    html = visitor.get(page("customer_page", token)).content.decode()
    assert "<script>alert" not in html
    assert "<b>Kestrel" not in html
