"""A member claims: one fact, its evidence, and who is asked."""

from datetime import datetime, timedelta

import pytest

from customers.models import Contact
from milestones import verifying
from milestones.models import Ask, Claim, Enrolment
from milestones.verifying import (
    CannotBeAsked,
    ClaimIncomplete,
    NothingToAnswer,
    NotPossible,
)
from post.models import Link
from tests import factories
from tests.milestones.asked import person
from tests.milestones.verifying.said import FACT, HOUR, answer, ask_of, claim, mails, standing, verbs


def test_it_asks_the_primary_contact_when_a_milestone_is_claimed(enrolment, mara, now):
    row = claim(enrolment, now, mara)
    [mail] = mails("confirmation")
    assert mail.address == "amara@kestrel-freight.example"
    assert mail.reply_to == mara.email
    assert mail.from_name == "Mara Lindqvist"
    assert FACT in mail.text
    assert FACT in mail.html
    assert "[confirm link]" in mail.text
    assert mail.links == [
        {
            "placeholder": "[confirm link]",
            "purpose": "confirm",
            "subject_id": ask_of(enrolment).pk,
            "days": 30,
        }
    ]
    assert not Link.objects.exists(), "the token is made when the mail leaves"
    assert verbs() == ["milestone_claimed", "confirmation_asked"]
    assert row.claimed_by == mara
    assert standing(enrolment) is None, "no answer is never counted as achieved"


def test_it_asks_the_named_contact_rather_than_the_primary_one(enrolment, mara, now, tomas):
    claim(enrolment, now, mara, named_contact=tomas)
    assert [mail.address for mail in mails("confirmation")] == ["tomas@kestrel-freight.example"]


def test_it_asks_whoever_is_chosen(enrolment, mara, now, amara, tomas):
    claim(enrolment, now, mara, asked=[amara, tomas])
    assert len(mails("confirmation")) == 2
    assert Ask.objects.filter(closed_at=None).count() == 2


def test_it_claims_without_asking_when_nobody_is_chosen(enrolment, mara, now):
    claim(enrolment, now, mara, asked=[])
    assert mails("confirmation") == []


def test_it_says_when_a_chosen_person_has_no_address_and_stores_nothing(enrolment, mara, now, amara):
    Contact.objects.filter(pk=amara.pk).update(recipient=None)
    with pytest.raises(CannotBeAsked, match="Amara Okafor has no e-mail address"):
        claim(enrolment, now, mara, asked=[person(enrolment.customer)])
    assert not Claim.objects.exists()
    assert verbs() == []


def test_it_claims_and_asks_nobody_by_itself_when_the_primary_contact_has_no_address(
    enrolment, mara, now, amara
):
    Contact.objects.filter(pk=amara.pk).update(recipient=None)
    claim(enrolment, now, mara)
    assert Claim.objects.count() == 1
    assert mails("confirmation") == []


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"statement": "  "}, "statement"),
        ({"number": None}, "number"),
        ({"number": None, "words": " ", "link": ""}, "number"),
        ({"number": None, "link": "javascript:alert(1)"}, "link"),
        ({"reached_at": datetime.fromisoformat("2026-03-13T00:00+00:00")}, "reached_on"),
    ],
)
def test_it_refuses_a_claim_without_fact_or_evidence_and_names_the_field(enrolment, mara, now, fields, wrong):
    with pytest.raises(ClaimIncomplete) as refused:
        claim(enrolment, now, mara, **fields)
    assert refused.value.field == wrong
    assert not Claim.objects.exists()


@pytest.mark.parametrize("evidence", [{"number": 0}, {"words": "It works."}, {"link": "https://a.example/b"}])
def test_it_takes_any_one_kind_of_evidence(enrolment, mara, now, evidence):
    claim(enrolment, now, mara, **({"number": None} | evidence))
    assert Claim.objects.count() == 1


def test_it_keeps_one_claim_and_one_question_when_the_form_is_sent_twice(enrolment, mara, now):
    first = claim(enrolment, now, mara)
    second = claim(enrolment, now + timedelta(seconds=2), mara, reached_at=first.reached_at)
    assert first == second
    assert Claim.objects.count() == 1
    assert len(mails("confirmation")) == 1


def test_it_refuses_a_milestone_of_another_journey(enrolment, mara, now, in_harbour):
    other = factories.make_journey(in_harbour, slug="other").current_version().milestones.first()
    with pytest.raises(NotPossible):
        verifying.claim(
            enrolment=enrolment, milestone=other, statement=FACT, reached_at=now, by=mara, now=now, number=1
        )


def test_it_refuses_a_journey_that_is_no_longer_judged(enrolment, mara, now):
    Enrolment.objects.update(ended_at=now, ended_why="Never began", is_judged=False)
    with pytest.raises(NotPossible, match="Never began"):
        claim(enrolment, now, mara)


def test_it_achieves_at_once_what_needs_a_claim_alone(enrolment, mara, now):
    claim(enrolment, now, mara, key="m3")
    found = standing(enrolment, "m3")
    assert found.achieved_at == now - timedelta(days=2)
    assert found.verified_at is None


def test_it_takes_a_claim_back_with_its_question_and_what_rested_on_it(enrolment, mara, now):
    row = claim(enrolment, now, mara, key="m3")
    verifying.withdraw_claim(claim=row, why="A mistake", by=mara, now=now + HOUR)
    assert standing(enrolment, "m3") is None
    assert Ask.objects.get().closed_at == now + HOUR
    [mail] = mails("confirmation")
    assert (mail.state, mail.reason) == ("stopped", "the claim was taken back")
    with pytest.raises(NothingToAnswer, match="taken back"):
        answer("yes", ask_of(enrolment, key="m3"), now + 2 * HOUR)


def test_it_wants_a_reason_for_taking_a_claim_back(enrolment, mara, now):
    row = claim(enrolment, now, mara)
    with pytest.raises(NotPossible):
        verifying.withdraw_claim(claim=row, why=" ", by=mara, now=now)


def test_it_refuses_a_claim_dated_before_the_journey_began(enrolment, mara, now):
    begun = now - timedelta(days=10)
    Enrolment.objects.update(started_on=begun.date(), started_at=begun)
    enrolment.refresh_from_db()
    with pytest.raises(ClaimIncomplete, match="before their journey began") as refused:
        claim(enrolment, now, mara, reached_at=begun - timedelta(days=1))
    assert refused.value.field == "reached_on"
    assert not Claim.objects.exists()
    claim(enrolment, now, mara, reached_at=begun)


def test_a_claim_taken_back_twice_is_taken_back_once(enrolment, mara, now):
    row = claim(enrolment, now, mara)
    first = verifying.withdraw_claim(claim=row, why="A mistake", by=mara, now=now + HOUR)
    again = verifying.withdraw_claim(claim=row, why="Another reason", by=mara, now=now + 2 * HOUR)
    assert (again.withdrawn_at, again.withdrawn_why) == (first.withdrawn_at, "A mistake")
    assert verbs().count("claim_withdrawn") == 1


def test_nobody_of_another_customer_is_named(enrolment, mara, now):
    other = factories.make_customer(enrolment.organisation, "Lumen Dental")
    stranger = factories.make_contact(other, "Ken Osei")
    with pytest.raises(ClaimIncomplete, match="Name a person at this customer"):
        claim(enrolment, now, mara, named_contact=stranger)
    assert not Claim.objects.exists()


def test_an_answer_to_a_contest_needs_words(enrolment, mara, now):
    claim(enrolment, now, mara)
    verdict = answer("no", ask_of(enrolment), now + HOUR)
    with pytest.raises(verifying.WordsMissing, match="Write your answer"):
        verifying.answer_contest(verdict=verdict, answer="  ", by=mara, now=now + 2 * HOUR)
    verdict.refresh_from_db()
    assert verdict.answered_at is None
