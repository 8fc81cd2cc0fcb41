"""The pages for members: claim, ask, take back, answer a contest. Roles, rivals, methods, faults."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from customers.models import Contact
from milestones import verifying
from milestones.models import Ask, Claim, Enrolment, Verdict
from organisations import tenancy
from organisations.models import Organisation, User
from post.models import Delivery
from tests.milestones.asked import make_asking_enrolment, make_link, milestone, person


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr("bosai.middleware.timezone.now", lambda: now)


@pytest.fixture
def enrolment(in_harbour: Organisation, mara: User) -> Enrolment:
    return make_asking_enrolment(in_harbour, owner=mara)


def claim_url(enrolment: Enrolment, key: str = "m1", name: str = "claim") -> str:
    return reverse(f"milestones:{name}", args=["harbour", enrolment.pk, key])


def said(enrolment: Enrolment, **fields: Any) -> dict[str, Any]:
    amara = person(enrolment.customer)
    return {
        "statement": "10 of 11 depots open with it",
        "reached_on": "2026-03-10",
        "number": "10",
        "asked": [amara.pk],
        **fields,
    }


def claimed(enrolment: Enrolment, by: User, now: datetime) -> Claim:
    return verifying.claim(
        enrolment=enrolment, milestone=milestone(enrolment), statement="10 of 11 depots", number=10,
        reached_at=now - timedelta(days=2), by=by, now=now - timedelta(hours=3),
    )  # fmt: skip


def contested(enrolment: Enrolment, by: User, now: datetime) -> Verdict:
    claimed(enrolment, by, now)
    ask = Ask.objects.get()
    return verifying.contest(ask=ask, link=make_link(ask, now=now), words="Not in Gdynia.", now=now)


def test_it_shows_the_form_with_the_primary_contact_ticked(client_for, mara, enrolment):
    html = client_for(mara).get(claim_url(enrolment)).content.decode()
    assert "Every depot manager sees yesterday’s empty kilometres." in html
    assert "Milestone 1 of 5" in html
    assert "The customer confirms it" in html
    ticked = [tag for tag in re.findall(r"<input[^>]*>", html) if 'name="asked"' in tag and "checked" in tag]
    assert len(ticked) == 1
    assert f'value="{person(enrolment.customer).pk}"' in ticked[0]


def test_it_claims_and_says_who_was_asked(client_for, mara, enrolment):
    response = client_for(mara).post(claim_url(enrolment), said(enrolment), follow=True)
    html = response.content.decode()
    assert "Claimed. Amara Okafor gets the question by mail." in html
    assert "10 of 11 depots open with it" in html
    assert "no answer yet" in html
    row = Claim.objects.get()
    assert row.reached_at.isoformat() == "2026-03-09T23:00:00+00:00", "midnight where the organisation is"
    assert Delivery.objects.get().purpose == "confirmation"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"statement": ""}, "Say what is so now, as one specific fact."),
        ({"number": ""}, "A claim needs evidence"),
        ({"number": "ten"}, "Write a number like 10 or 7.6."),
        ({"number": "nan"}, "Write a number like 10 or 7.6."),
        ({"reached_on": "2026-04-01"}, "This day has not come yet."),
        ({"reached_on": "soon"}, "Write a date like 2026-03-31."),
        ({"link": "javascript:alert(1)"}, "Write a whole address"),
        ({"asked": ["999999"]}, "Somebody you ticked cannot be asked any more."),
    ],
)
def test_it_names_what_is_wrong_and_keeps_what_was_typed(client_for, mara, enrolment, fields, words):
    response = client_for(mara).post(claim_url(enrolment), said(enrolment, **fields))
    html = response.content.decode()
    assert response.status_code == 422
    assert words in html
    assert "10 of 11 depots open with it" in html or "statement" in fields
    assert not Claim.objects.exists()


def test_it_says_who_cannot_be_asked_for_want_of_an_address(client_for, mara, enrolment):
    Contact.objects.filter(name="Tomás Silva").update(recipient=None)
    html = client_for(mara).get(claim_url(enrolment)).content.decode()
    assert "Tomás Silva has no e-mail address, so cannot be asked." in html


def test_it_asks_again_from_the_page(client_for, mara, enrolment, now):
    claimed(enrolment, mara, now)
    tomas = person(enrolment.customer, "Tomás")
    response = client_for(mara).post(
        claim_url(enrolment, name="question"), {"contact": tomas.pk}, follow=True
    )
    assert "Tomás Silva gets the question by mail." in response.content.decode()
    assert Ask.objects.filter(closed_at=None).count() == 2


def test_it_says_why_somebody_cannot_be_asked(client_for, mara, enrolment):
    for given in ({}, {"contact": "999999"}, {"contact": "x"}):
        response = client_for(mara).post(claim_url(enrolment, name="question"), given, follow=True)
        assert response.status_code == 200
        assert not Ask.objects.exists()


def test_it_takes_a_claim_back_with_a_reason(client_for, mara, enrolment, now):
    row = claimed(enrolment, mara, now)
    url = reverse("milestones:withdrawal", args=["harbour", row.pk])
    client_for(mara).post(url, {"why": ""})
    assert Claim.objects.get().withdrawn_at is None
    client_for(mara).post(url, {"why": "A mistake"})
    assert Claim.objects.get().withdrawn_why == "A mistake"


def test_it_shows_a_contest_to_everybody_and_lets_writers_answer(client_for, mara, rio, enrolment, now):
    verdict = contested(enrolment, mara, now)
    url = reverse("milestones:contest", args=["harbour", verdict.pk])
    html = client_for(rio).get(url).content.decode()
    assert "Not in Gdynia." in html
    assert "Your answer" not in html
    html = client_for(mara).get(url).content.decode()
    assert "Your answer" in html
    amara = person(enrolment.customer)
    given = {"answer": "Gdynia is in now.", "contact": amara.pk, "ask_again": "on"}
    answer_url = reverse("milestones:answer", args=["harbour", verdict.pk])
    response = client_for(mara).post(answer_url, given, follow=True)
    assert "Amara Okafor gets your answer, with a fresh question." in response.content.decode()
    assert Delivery.objects.filter(purpose="confirmation").count() == 2


@pytest.mark.parametrize("given", [{"answer": ""}, {"answer": "Gdynia is in.", "contact": "999999"}])
def test_it_names_what_is_wrong_with_an_answer(client_for, mara, enrolment, now, given):
    verdict = contested(enrolment, mara, now)
    given = {"contact": person(enrolment.customer).pk} | given
    response = client_for(mara).post(reverse("milestones:answer", args=["harbour", verdict.pk]), given)
    assert response.status_code == 422
    assert Verdict.objects.get().answer == ""


def test_it_says_so_when_the_customer_was_quicker(client_for, mara, enrolment, now):
    verdict = contested(enrolment, mara, now)
    verifying.undo(verdict=verdict, now=now)
    given = {"answer": "Gdynia is in now.", "contact": person(enrolment.customer).pk, "ask_again": "on"}
    response = client_for(mara).post(reverse("milestones:answer", args=["harbour", verdict.pk]), given)
    assert response.status_code == 422
    html = response.content.decode()
    assert "the customer took it back or confirmed since" in html
    assert "Gdynia is in now." in html, "what was typed is kept"


def urls(enrolment: Enrolment, by: User, now: datetime) -> dict[str, str]:
    verdict = contested(enrolment, by, now)
    return {
        "claim": claim_url(enrolment),
        "question": claim_url(enrolment, name="question"),
        "withdrawal": reverse("milestones:withdrawal", args=["harbour", Claim.objects.get().pk]),
        "visit": reverse("milestones:visit", args=["harbour", Ask.objects.get().pk]),
        "answer": reverse("milestones:answer", args=["harbour", verdict.pk]),
    }


@pytest.mark.parametrize("name", ["claim", "question", "withdrawal", "visit", "answer"])
def test_it_lets_readers_write_nothing(client_for, rio, mara, enrolment, now, name):
    url = urls(enrolment, mara, now)[name]
    assert client_for(rio).post(url, {}).status_code == 403


@pytest.mark.parametrize("name", ["question", "withdrawal", "visit", "answer"])
def test_it_acts_by_post_alone(client_for, mara, enrolment, now, name):
    assert client_for(mara).get(urls(enrolment, mara, now)[name]).status_code == 405


@pytest.mark.parametrize("name", ["claim", "question", "withdrawal", "visit", "answer", "contest"])
def test_it_knows_nothing_of_another_organisations_rows(client_for, mara, rival, eve, now, name, settings):
    settings.DEMO = True
    with tenancy.within(rival):
        theirs = make_asking_enrolment(rival, owner=eve)
        found = urls(theirs, eve, now)
        found["contest"] = found["answer"].replace("answer/", "")
    client = client_for(mara)
    missing = found[name].replace(str(theirs.pk), "999999") if name in ("claim", "question") else None
    response = client.get(found[name]) if name == "contest" else client.post(found[name], {"why": "x"})
    assert response.status_code == 404
    if missing:
        assert client.post(missing, {}).content == response.content


@pytest.mark.parametrize("key", ["nothing", "m6"])
def test_it_knows_no_other_milestones(client_for, mara, enrolment, key):
    assert client_for(mara).get(claim_url(enrolment, key)).status_code == 404
