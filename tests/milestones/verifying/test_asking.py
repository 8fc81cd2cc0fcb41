"""More than one person, more than one question, and what is mailed."""

from datetime import timedelta

import pytest

from customers.models import Contact, Customer
from milestones import verifying
from milestones.models import Achievement, Ask, Claim, Enrolment, Verdict
from milestones.verifying import (
    AlreadyAnswered,
    CannotBeAsked,
    NothingToAnswer,
    NotPossible,
)
from organisations.models import Event
from post.models import Delivery
from tests import factories
from tests.milestones.asked import make_link, milestone
from tests.milestones.verifying.said import HOUR, answer, ask_of, claim, mails, standing, verbs


def test_it_lets_a_contest_hold_against_a_colleague_who_was_asked_before_it(
    enrolment, mara, now, amara, tomas
):
    claim(enrolment, now, mara, asked=[amara, tomas])
    answer("no", ask_of(enrolment, amara), now + HOUR)
    answer("yes", ask_of(enrolment, tomas), now + 2 * HOUR)
    assert standing(enrolment) is None
    assert Verdict.objects.open_contests().count() == 1


def test_it_opens_what_a_colleague_confirmed(enrolment, mara, now, amara, tomas):
    claim(enrolment, now, mara, asked=[amara, tomas])
    answer("yes", ask_of(enrolment, tomas), now + HOUR)
    assert standing(enrolment)
    answer("no", ask_of(enrolment, amara), now + 2 * HOUR)
    assert standing(enrolment) is None


def test_it_settles_a_contest_when_the_same_person_confirms(enrolment, mara, now, amara, tomas):
    claim(enrolment, now, mara, asked=[amara, tomas])
    answer("yes", ask_of(enrolment, tomas), now + HOUR)
    contest = answer("no", ask_of(enrolment, amara), now + 2 * HOUR)
    verifying.answer_contest(verdict=contest, answer="Now it is.", by=mara, now=now + 3 * HOUR)
    answer("yes", ask_of(enrolment, amara), now + 4 * HOUR)
    found = standing(enrolment)
    assert found.achieved_at == found.verified_at == now + 4 * HOUR


def test_it_settles_a_contest_when_a_colleague_confirms_knowingly(enrolment, mara, now, amara, tomas):
    claim(enrolment, now, mara, asked=[amara])
    contest = answer("no", ask_of(enrolment, amara), now)
    verifying.answer_contest(
        verdict=contest, answer="Tomás looks after Gdynia.", by=mara, now=now + HOUR, contact=tomas
    )
    mail = mails("confirmation")[-1]
    assert mail.address == "tomas@kestrel-freight.example"
    assert "Amara Okafor said “not yet”" in mail.text
    assert "Not in Gdynia." not in mail.text, "her words were for us"
    answer("yes", ask_of(enrolment, tomas), now + 2 * HOUR)
    assert standing(enrolment).verified_at == now + 2 * HOUR


def test_it_mails_the_answer_to_a_contest_with_a_fresh_question(enrolment, mara, now):
    claim(enrolment, now, mara)
    contest = answer("no", ask_of(enrolment), now)
    verifying.answer_contest(verdict=contest, answer="Gdynia is in now.", by=mara, now=now + HOUR)
    mail = mails("confirmation")[-1]
    assert "Not in Gdynia." in mail.text
    assert "Gdynia is in now." in mail.text
    assert "Gdynia is in now." in mail.html
    assert "[confirm link]" in mail.text
    row = Verdict.objects.get()
    assert (row.answer, row.answered_by, row.answered_at) == ("Gdynia is in now.", mara, now + HOUR)
    assert row.is_open_contest, "an answer settles nothing: the customer does"


def test_it_mails_an_answer_without_a_question_when_told_so(enrolment, mara, now):
    claim(enrolment, now, mara)
    contest = answer("no", ask_of(enrolment), now)
    verifying.answer_contest(verdict=contest, answer="We look.", by=mara, now=now + HOUR, ask_again=False)
    [mail] = mails("receipt")
    assert "We look." in mail.text
    assert "[customer page]" in mail.text
    assert len(mails("confirmation")) == 1


def test_it_answers_once_when_the_form_is_sent_twice(enrolment, mara, now):
    claim(enrolment, now, mara)
    contest = answer("no", ask_of(enrolment), now)
    for seconds in (0, 1):
        verifying.answer_contest(
            verdict=contest, answer="Gdynia is in.", by=mara, now=now + timedelta(hours=1, seconds=seconds)
        )
    assert len(mails("confirmation")) == 2
    assert verbs().count("contest_answered") == 1


def test_it_does_not_answer_what_the_customer_has_taken_back(enrolment, mara, now):
    claim(enrolment, now, mara)
    contest = answer("no", ask_of(enrolment), now)
    verifying.undo(verdict=contest, now=now)
    with pytest.raises(NothingToAnswer):
        verifying.answer_contest(verdict=contest, answer="Why?", by=mara, now=now)


def test_it_replaces_an_open_question_when_asking_again(enrolment, mara, now, amara):
    claim(enrolment, now, mara)
    first = ask_of(enrolment)
    again = verifying.ask(
        enrolment=enrolment, milestone=milestone(enrolment), contact=amara, by=mara, now=now + HOUR
    )
    first.refresh_from_db()
    assert first.closed_at == now + HOUR
    assert [mail.state for mail in mails("confirmation")] == ["stopped", "pending"]
    verdict = verifying.confirm(ask=first, link=make_link(first, now=now), now=now + 2 * HOUR)
    assert verdict.ask == again, "the older mail still serves"
    assert not Ask.objects.filter(closed_at=None).exists()


def test_it_asks_once_when_the_button_is_pressed_twice(enrolment, mara, now, amara):
    claim(enrolment, now, mara)
    given = {"enrolment": enrolment, "milestone": milestone(enrolment), "contact": amara, "by": mara}
    assert verifying.ask(**given, now=now + timedelta(seconds=5)) == ask_of(enrolment)
    assert len(mails("confirmation")) == 1


def test_it_does_not_ask_somebody_whose_yes_stands(enrolment, mara, now, amara):
    claim(enrolment, now, mara)
    answer("yes", ask_of(enrolment), now)
    with pytest.raises(AlreadyAnswered):
        verifying.ask(
            enrolment=enrolment, milestone=milestone(enrolment), contact=amara, by=mara, now=now + HOUR
        )


def test_it_does_not_ask_somebody_at_another_customer(enrolment, mara, now, in_harbour):
    stranger = factories.make_contact(factories.make_customer(in_harbour, "Saltmarsh"), "Hanna Lind")
    with pytest.raises(CannotBeAsked):
        verifying.ask(enrolment=enrolment, milestone=milestone(enrolment), contact=stranger, by=mara, now=now)


def test_it_sends_one_copy_of_an_answer(enrolment, mara, now):
    claim(enrolment, now, mara)
    verdict = answer("no", ask_of(enrolment), now)
    for _ in range(2):
        verifying.send_copy(verdict=verdict, now=now)
    [mail] = mails("receipt")
    assert mail.address == "amara@kestrel-freight.example"
    assert "Not in Gdynia." in mail.text


def test_it_sends_a_new_link_to_the_same_address_once_a_day(enrolment, mara, now):
    claim(enrolment, now, mara)
    ask = ask_of(enrolment)
    link = make_link(ask, now=now, days=1)
    later = now + timedelta(days=5)
    for moment in (later, later + HOUR, later + timedelta(days=1)):
        verifying.send_new_link(link=link, now=moment)
    first, _second = mails("link")
    assert first.address == "amara@kestrel-freight.example"
    assert first.links[0]["purpose"] == "confirm"
    assert first.links[0]["subject_id"] == ask.pk


def test_it_sends_no_new_link_to_somebody_who_left(enrolment, mara, now, amara):
    claim(enrolment, now, mara)
    link = make_link(ask_of(enrolment), now=now)
    Contact.objects.filter(pk=amara.pk).update(left_on=now.date())
    assert verifying.send_new_link(link=link, now=now) is None
    assert mails("link") == []


def test_it_keeps_names_and_words_out_of_the_log(enrolment, mara, now):
    claim(enrolment, now, mara)
    answer("no", ask_of(enrolment), now)
    logged = str(list(Event.objects.values_list("data", flat=True)))
    assert "Amara" not in logged
    assert "Gdynia" not in logged


def test_it_posts_simulated_questions_that_are_never_sent(enrolment, mara, now):
    claim(enrolment, now, mara, simulated=True)
    assert [mail.state for mail in mails("confirmation")] == ["simulated"]


def test_it_leaves_nothing_half_done_when_the_mail_cannot_be_posted(enrolment, mara, now, monkeypatch):
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("disk full")

    monkeypatch.setattr("post.posting.post", broken)
    with pytest.raises(RuntimeError):
        claim(enrolment, now, mara, key="m3")
    assert not Claim.objects.exists()
    assert not Achievement.objects.exists()
    assert verbs() == []


@pytest.mark.parametrize("ask_again", [True, False])
def test_it_mails_a_better_answer_given_within_the_minute(enrolment, mara, now, ask_again):
    claim(enrolment, now, mara)
    verdict = answer("no", ask_of(enrolment), now + HOUR)
    given = {"verdict": verdict, "by": mara, "ask_again": ask_again}
    verifying.answer_contest(answer="Gdynia gets it.", now=now + 2 * HOUR, **given)
    later = now + 2 * HOUR + timedelta(seconds=20)
    verifying.answer_contest(answer="Gdynia gets it on Friday.", now=later, **given)
    newest = mails("confirmation" if ask_again else "receipt")[-1]
    assert "on Friday" in newest.text
    assert newest.state == "pending"


def test_it_waits_for_nobody_who_left_and_sends_them_nothing_more(enrolment, mara, now, amara, tomas):
    claim(enrolment, now, mara, asked=[amara, tomas])
    Delivery.objects.filter(address=tomas.address).update(state="sending")
    for contact in (amara, tomas):
        verifying.contact_left(contact=contact, on=now.date(), by=mara, now=now + HOUR)
    assert not Ask.objects.filter(closed_at=None).exists()
    first, second = mails("confirmation")
    assert (first.state, first.reason) == ("stopped", "Amara Okafor works there no more")
    assert (second.state, second.recalled_why) == ("sending", "Tomás Silva works there no more")
    with pytest.raises(NothingToAnswer):
        answer("yes", ask_of(enrolment, amara), now + 2 * HOUR)
    assert Event.objects.filter(verb="contact_left").count() == 2


def test_nobody_of_another_customer_is_asked(enrolment, mara, now):
    stranger = factories.make_contact(
        factories.make_customer(enrolment.organisation, "Lumen Dental"), "Ken Osei"
    )
    with pytest.raises(CannotBeAsked, match="Ask a person at this customer"):
        verifying.ask(
            enrolment=enrolment, milestone=milestone(enrolment, "m1"), contact=stranger, by=mara, now=now
        )
    assert not Ask.objects.exists()


def test_whoever_contested_and_was_erased_since_gets_no_answer(enrolment, mara, now, amara, tomas):
    claim(enrolment, now, mara)
    contest = answer("no", ask_of(enrolment), now)
    amara.delete()
    contest.refresh_from_db()
    with pytest.raises(CannotBeAsked, match="no longer on file"):
        verifying.answer_contest(verdict=contest, answer="It is in.", by=mara, now=now + HOUR)
    contest.refresh_from_db()
    assert contest.answer == ""
    verifying.answer_contest(verdict=contest, answer="It is in.", by=mara, now=now + HOUR, contact=tomas)
    assert mails("confirmation")[-1].address == tomas.address
    assert verifying.send_copy(verdict=contest, now=now) is None


def test_a_milestone_of_another_journey_is_not_asked_about(enrolment, mara, now, amara, in_harbour):
    other = factories.make_journey(in_harbour, slug="other").current_version().milestones.first()
    with pytest.raises(NotPossible, match="not part of the customer's journey"):
        verifying.ask(enrolment=enrolment, milestone=other, contact=amara, by=mara, now=now)
    assert mails("confirmation") == []


def test_a_contest_at_a_customer_of_nobody_is_kept_and_told_to_nobody(enrolment, now, amara):
    Customer.objects.update(owner=None)
    Enrolment.objects.update(enrolled_by=None)
    ask = verifying.ask(enrolment=enrolment, milestone=milestone(enrolment), contact=amara, by=None, now=now)
    answer("no", ask, now)
    assert Verdict.objects.open_contests().count() == 1
    assert mails("contest") == []


def test_no_link_to_answer_is_sent_when_there_is_nothing_to_answer_or_nobody(enrolment, mara, now, amara):
    claim(enrolment, now, mara)
    ask = ask_of(enrolment)
    assert verifying.send_link_to_answer(ask=ask, now=now).address == amara.address
    Contact.objects.update(left_on=now.date())
    ask.contact.refresh_from_db()
    assert verifying.send_link_to_answer(ask=ask, now=now) is None
    Contact.objects.update(left_on=None, recipient=None)
    assert verifying.send_link_to_answer(ask=Ask.objects.get(pk=ask.pk), now=now) is None
    ask.contact.refresh_from_db()
    ask.closed_at = now
    assert verifying.send_link_to_answer(ask=ask, now=now) is None


@pytest.mark.parametrize(
    ("change", "words"),
    [({"left_on": "2026-03-01"}, "no longer works there"), ({"recipient": None}, "has no e-mail address")],
)
def test_somebody_who_cannot_be_written_to_is_not_asked(enrolment, mara, now, amara, change, words):
    Contact.objects.filter(pk=amara.pk).update(**change)
    gone = Contact.objects.get(pk=amara.pk)
    with pytest.raises(CannotBeAsked, match=words):
        verifying.ask(enrolment=enrolment, milestone=milestone(enrolment), contact=gone, by=mara, now=now)
    assert mails("confirmation") == []
