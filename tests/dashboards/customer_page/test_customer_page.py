"""The customer's own page: showing without acting, acting once."""

import re
from datetime import timedelta

import pytest
from django.db import connection

from coaching.models import Call, Commitment, Touchpoint
from milestones import verifying
from milestones.models import Achievement, Ask, Verdict
from post.models import Delivery, Link
from tests.dashboards.customer_page.visit import WORDS, database, make_page_token, page, send
from tests.milestones.asked import make_token, milestone, person


def test_it_shows_the_goal_the_question_and_its_evidence(visitor, token):
    html = visitor.get(page("customer_page", token)).content.decode()
    assert "Every depot manager sees yesterday’s empty kilometres." in html
    assert "Milestone 1 of 5" in html
    assert "10 of 11 depots open with it" in html
    assert "It starts our day." in html
    assert "https://kestrel.example/report" in html
    assert "for Amara Okafor" in html
    assert "Waiting for your word" in html
    assert "Mara Lindqvist" in html


def test_it_writes_nothing_when_it_is_opened(visitor, token):
    before = database()
    for _ in range(20):
        assert visitor.head(page("customer_page", token)).status_code == 200
        assert visitor.get(page("customer_page", token)).status_code == 200
    assert database() == before
    assert send(visitor, token, "yes").status_code == 302
    assert Verdict.objects.count() == 1


def test_it_tells_nobody_and_stays_nowhere(visitor, token):
    response = visitor.get(page("customer_page", token))
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert not response.cookies
    addresses = re.findall(r'(?:src|href|action)="([^"]+)"', response.content.decode())
    loaded = [address for address in addresses if address.startswith(("http:", "https:", "//"))]
    assert loaded == ["https://kestrel.example/report"], "a link of the evidence, to be clicked, not loaded"


def test_it_records_the_first_opening_by_its_own_post_alone(visitor, token, now):
    html = visitor.get(page("customer_page", token)).content.decode()
    assert page("opening", token) in html
    assert Link.objects.get().first_opened_at is None
    for _ in range(2):
        assert visitor.post(page("opening", token)).status_code == 204
    assert Link.objects.get().first_opened_at == now
    assert page("opening", token) not in visitor.get(page("customer_page", token)).content.decode()


def test_it_shows_what_is_next_and_keeps_the_coachs_notes_to_the_coach(visitor, token, enrolment, mara, now):
    customer, common = enrolment.customer, {"organisation": enrolment.organisation}
    Call.objects.create(**common, customer=customer, by=mara, held_at=now, saved_at=now, notes="A hard nut")
    Commitment.objects.create(
        **common, customer=customer, owner_contact=person(customer), will="send the depot list",
        due_on=now.date(), made_at=now,
    )  # fmt: skip
    Commitment.objects.create(
        **common, customer=customer, owner_user=mara, when="the list is in", will="call Gdynia", made_at=now
    )
    Commitment.objects.create(
        **common,
        customer=customer,
        owner_user=mara,
        will="nothing more",
        made_at=now,
        settled_at=now,
        state="kept",
    )
    Touchpoint.objects.create(**common, customer=customer, owner=mara, due_at=now + timedelta(days=5))
    html = visitor.get(page("customer_page", token)).content.decode()
    assert "send the depot list" in html
    assert "when the list is in," in html
    assert "calls you" in html
    assert "nothing more" not in html
    assert "A hard nut" not in html


def test_it_asks_the_same_few_queries_whatever_the_number_of_customers(visitor, token, in_harbour):
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        visitor.get(page("customer_page", token))
    assert len(captured) <= 35


def test_it_opens_by_a_link_to_the_person_too(visitor, enrolment, in_harbour, now):
    amara = person(enrolment.customer)
    token = make_page_token(in_harbour, amara, now)
    html = visitor.get(page("customer_page", token)).content.decode()
    assert "10 of 11 depots open with it" in html
    assert 'name="answer"' not in html, "a page that is passed on only shows"


def test_it_answers_nothing_by_a_link_that_was_not_made_for_the_question(visitor, enrolment, in_harbour, now):
    """A celebration that is passed on does not let its reader speak for the person it was sent to."""
    amara = person(enrolment.customer)
    token = make_page_token(in_harbour, amara, now)
    ask = Ask.objects.get()
    for said in ("yes", "no"):
        response = send(visitor, token, said, ask=ask.pk)
        assert (response.status_code, "This link only shows." in response.content.decode()) == (409, True)
    assert not Verdict.objects.exists()
    html = visitor.get(page("customer_page", token)).content.decode()
    assert "Send me the link to answer" in html
    for _ in range(2):
        assert visitor.post(page("answer_link", token), {"ask": ask.pk}).status_code == 302
    mail = Delivery.objects.get(purpose="link")
    assert (mail.address, mail.links[0]["purpose"], mail.links[0]["subject_id"]) == (
        amara.address, "confirm", ask.pk,
    )  # fmt: skip
    send(visitor, make_token(ask, now=now), "yes", ask=ask.pk)
    verdict = Verdict.objects.get()
    assert visitor.post(page("withdrawal", token), {"verdict": verdict.pk}).status_code == 409
    verdict.refresh_from_db()
    assert verdict.withdrawn_at is None


def test_it_answers_one_question_by_the_link_of_that_one(visitor, token, enrolment, mara, now):
    """A link to one question shows the others, and answers none of them."""
    amara, second = person(enrolment.customer), milestone(enrolment, "m2")
    other = verifying.ask(enrolment=enrolment, milestone=second, contact=amara, by=mara, now=now)
    assert send(visitor, token, "yes", ask=other.pk).status_code == 409
    assert send(visitor, token, "yes").status_code == 302
    assert Verdict.objects.get().milestone_key == "m1"


def test_it_wears_the_organisations_accent(visitor, token):
    assert "/o/harbour/theme.css" in visitor.get(page("customer_page", token)).content.decode()


def test_it_confirms_with_one_post_and_shows_the_way_back(visitor, token, now):
    assert send(visitor, token, "yes").url == page("customer_page", token)
    html = visitor.get(page("customer_page", token)).content.decode()
    assert "You said: yes, it is so." in html
    assert WORDS in html
    assert "Take it back" in html
    assert Achievement.objects.get().verified_at == now
    assert Verdict.objects.get().from_ip == "127.0.0.1"


def test_it_contests_with_a_sentence_and_tells_what_happens_next(visitor, token):
    send(visitor, token, "no", "Not in Gdynia yet.")
    html = visitor.get(page("customer_page", token)).content.decode()
    assert "You said: not yet." in html
    assert "Mara Lindqvist has been told" in html
    assert Verdict.objects.open_contests().count() == 1


def test_it_asks_for_the_sentence_and_loses_nothing(visitor, token):
    response = send(visitor, token, "no", "  ")
    assert response.status_code == 422
    assert "Please say in a sentence what is not so yet." in response.content.decode()
    assert not Verdict.objects.exists()


def test_it_counts_a_double_post_once(visitor, token, ask):
    for _ in range(2):
        assert send(visitor, token, "yes", ask=ask.pk).status_code == 302
    assert Verdict.objects.count() == 1


def test_it_keeps_the_words_of_a_second_tab_that_says_otherwise(visitor, token, ask):
    send(visitor, token, "yes", ask=ask.pk)
    response = send(visitor, token, "no", "Oh, not in Gdynia.", ask=ask.pk)
    assert response.status_code == 409
    html = response.content.decode()
    assert "You have answered this already." in html
    assert "Oh, not in Gdynia." in html
    assert Verdict.objects.get().kind == "confirmed"


def test_it_takes_an_answer_back_for_24_hours(visitor, token, now, monkeypatch):
    send(visitor, token, "yes")
    verdict = Verdict.objects.get()
    assert visitor.post(page("withdrawal", token), {"verdict": verdict.pk}).status_code == 302
    assert "Yes, it is so" in visitor.get(page("customer_page", token)).content.decode()
    assert not Achievement.objects.standing().exists()
    send(visitor, token, "yes")
    monkeypatch.setattr("bosai.middleware.timezone.now", lambda: now + timedelta(hours=25))
    late = visitor.post(page("withdrawal", token), {"verdict": Verdict.objects.standing().get().pk})
    assert late.status_code == 409
    assert "taken back for 24 hours" in late.content.decode()
    assert Achievement.objects.standing().exists()
    assert "Take it back" not in visitor.get(page("customer_page", token)).content.decode()


def test_it_shows_the_answer_and_the_fresh_question_after_a_contest(visitor, token, mara, now):
    send(visitor, token, "no", "Not in Gdynia yet.")
    verifying.answer_contest(verdict=Verdict.objects.get(), answer="Gdynia is in now.", by=mara, now=now)
    html = visitor.get(page("customer_page", token)).content.decode()
    assert "Gdynia is in now." in html
    assert "Not in Gdynia yet." in html
    assert "Yes, it is so" in html


def test_it_says_when_the_question_was_taken_back(visitor, token, mara, now):
    from milestones.models import Claim

    verifying.withdraw_claim(claim=Claim.objects.get(), why="A mistake", by=mara, now=now)
    assert "This question was taken back." in visitor.get(page("customer_page", token)).content.decode()
    assert send(visitor, token, "yes").status_code == 409
    assert not Verdict.objects.exists()


def test_it_tells_a_colleague_of_a_contest_that_holds(visitor, enrolment, token, mara, now):
    tomas = person(enrolment.customer, "Tomás")
    his = verifying.ask(enrolment=enrolment, milestone=milestone(enrolment), contact=tomas, by=mara, now=now)
    send(visitor, token, "no", "Not in Gdynia yet.")
    his_token = make_token(his, now=now)
    html = visitor.get(page("customer_page", his_token)).content.decode()
    assert "Amara Okafor said “not yet”" in html
    assert "Not in Gdynia yet." not in html
    send(visitor, his_token, "yes", "")
    assert "so the milestone stays open" in visitor.get(page("customer_page", his_token)).content.decode()


@pytest.mark.parametrize("ask_pk", ["abc", "0", "99999999999999999999", "²"])
def test_it_bears_nonsense(visitor, token, ask_pk):
    assert send(visitor, token, "yes", ask=ask_pk).status_code in (302, 409)
    assert send(visitor, token, "perhaps").status_code in (302, 409, 422)
    assert visitor.post(page("withdrawal", token), {"verdict": ask_pk}).status_code == 302
    assert visitor.post(page("copy", token), {"verdict": ask_pk}).status_code == 302


def test_it_answers_no_question_of_somebody_else(visitor, enrolment, token, mara, now):
    tomas = person(enrolment.customer, "Tomás")
    his = verifying.ask(enrolment=enrolment, milestone=milestone(enrolment), contact=tomas, by=mara, now=now)
    assert send(visitor, token, "yes", ask=his.pk).status_code == 409
    assert not Verdict.objects.exists()
