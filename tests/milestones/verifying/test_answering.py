"""The customer answers, on a link that is theirs, and may take it back."""

from datetime import timedelta

import pytest

from customers.models import Contact
from milestones import verifying
from milestones.models import Achievement, Ask, Enrolment, Verdict
from milestones.verifying import (
    AlreadyAnswered,
    NothingToAnswer,
    TooLate,
    WordsMissing,
)
from organisations.models import Event
from post.models import Link
from tests.milestones.asked import make_link
from tests.milestones.verifying.said import HOUR, answer, ask_of, claim, mails, standing, verbs


def test_it_verifies_a_milestone_when_the_customer_confirms(enrolment, mara, now, amara):
    claim(enrolment, now, mara)
    verdict = answer("yes", ask_of(enrolment), now + HOUR)
    found = standing(enrolment)
    assert found.verified_at == now + HOUR
    assert found.achieved_at == now + HOUR, "all criteria: the last of them"
    assert (verdict.contact, verdict.from_ip, verdict.is_demo) == (amara, "203.0.113.9", False)
    assert "outcome_confirmed" in verbs()
    event = Event.objects.get(verb="outcome_confirmed")
    assert event.actor is None
    assert event.data == {"milestone_id": verdict.milestone_id, "contact_id": amara.pk, "demo": False}


def test_it_counts_the_same_answer_sent_twice_once(enrolment, mara, now):
    claim(enrolment, now, mara)
    ask = ask_of(enrolment)
    first = answer("yes", ask, now + HOUR)
    assert answer("yes", ask, now + 2 * HOUR) == first
    assert Verdict.objects.count() == 1
    assert verbs().count("outcome_confirmed") == 1


def test_it_keeps_the_first_answer_when_a_second_tab_says_otherwise(enrolment, mara, now):
    claim(enrolment, now, mara)
    ask = ask_of(enrolment)
    first = answer("yes", ask, now + HOUR)
    with pytest.raises(AlreadyAnswered) as refused:
        answer("no", ask, now + 2 * HOUR)
    assert refused.value.verdict == first
    assert Verdict.objects.count() == 1


def test_it_opens_the_milestone_again_when_the_customer_contests(enrolment, mara, now):
    claim(enrolment, now, mara, key="m3")
    assert standing(enrolment, "m3")
    verdict = answer("no", ask_of(enrolment, key="m3"), now + HOUR)
    assert standing(enrolment, "m3") is None
    assert Achievement.objects.get().withdrawn_why == "contested"
    assert list(Verdict.objects.open_contests()) == [verdict]
    [mail] = mails("contest")
    assert mail.address == mara.email
    assert "Not in Gdynia." in mail.text
    assert f"/o/harbour/contests/{verdict.pk}/" in mail.text


def test_it_wants_a_sentence_with_a_contest(enrolment, mara, now):
    claim(enrolment, now, mara)
    with pytest.raises(WordsMissing):
        answer("no", ask_of(enrolment), now, words="  ")
    assert not Verdict.objects.exists()


def test_it_tells_whoever_asked_when_the_customer_has_no_csm(enrolment, theo, mara, now):
    type(enrolment.customer).objects.update(owner=None)
    fresh = Enrolment.objects.get()
    claim(fresh, now, theo)
    answer("no", ask_of(fresh), now)
    assert [mail.address for mail in mails("contest")] == [theo.email]


def test_it_remembers_when_the_link_was_first_opened(enrolment, mara, now):
    claim(enrolment, now, mara)
    link = make_link(ask_of(enrolment), now=now)
    Link.objects.filter(pk=link.pk).update(first_opened_at=now)
    link.refresh_from_db()
    verdict = verifying.confirm(ask=ask_of(enrolment), link=link, now=now + HOUR)
    assert verdict.opened_at == now


def test_it_counts_an_answer_as_opening_where_no_script_told_of_it(enrolment, mara, now):
    claim(enrolment, now, mara)
    verdict = answer("yes", ask_of(enrolment), now + HOUR)
    assert verdict.opened_at == now + HOUR
    assert Link.objects.get().first_opened_at == now + HOUR


def test_it_takes_no_answer_on_a_link_that_ran_out(enrolment, mara, now):
    claim(enrolment, now, mara)
    link = make_link(ask_of(enrolment), now=now, days=30)
    with pytest.raises(NothingToAnswer, match="does not work any more"):
        verifying.confirm(ask=ask_of(enrolment), link=link, now=now + timedelta(days=30))


def test_it_takes_no_answer_on_somebody_elses_link(enrolment, mara, now, amara, tomas):
    claim(enrolment, now, mara, asked=[amara, tomas])
    hers, his = ask_of(enrolment, amara), ask_of(enrolment, tomas)
    with pytest.raises(NothingToAnswer):
        verifying.confirm(ask=hers, link=make_link(his, now=now), now=now)


def test_it_takes_no_answer_from_somebody_who_left(enrolment, mara, now, amara):
    claim(enrolment, now, mara)
    Contact.objects.filter(pk=amara.pk).update(left_on=now.date())
    with pytest.raises(NothingToAnswer):
        answer("yes", ask_of(enrolment), now)


def test_it_takes_no_answer_from_an_address_that_is_no_longer_theirs(enrolment, mara, now):
    claim(enrolment, now, mara)
    with pytest.raises(NothingToAnswer):
        answer("yes", ask_of(enrolment), now, address="somebody@else.example")


def test_it_takes_demo_links_in_demo_mode_only_and_marks_the_answer(enrolment, mara, now, settings):
    claim(enrolment, now, mara)
    with pytest.raises(NothingToAnswer):
        answer("yes", ask_of(enrolment), now, is_demo=True)
    settings.DEMO = True
    assert answer("yes", ask_of(enrolment), now, is_demo=True).is_demo


def test_it_undoes_a_confirmation_within_24_hours(enrolment, mara, now):
    claim(enrolment, now, mara)
    verdict = answer("yes", ask_of(enrolment), now)
    verifying.undo(verdict=verdict, now=now + timedelta(hours=24))
    assert standing(enrolment) is None
    assert Achievement.objects.get().withdrawn_why == "answer taken back"
    assert ask_of(enrolment).closed_at is None, "the question waits again"
    event = Event.objects.get(verb="verdict_undone")
    assert event.data == {"milestone_id": verdict.milestone_id, "kind": "confirmed"}


def test_it_does_not_undo_after_24_hours(enrolment, mara, now):
    claim(enrolment, now, mara)
    verdict = answer("yes", ask_of(enrolment), now)
    with pytest.raises(TooLate):
        verifying.undo(verdict=verdict, now=now + timedelta(hours=24, seconds=1))
    assert standing(enrolment)


def test_it_undoes_once(enrolment, mara, now):
    claim(enrolment, now, mara)
    verdict = answer("yes", ask_of(enrolment), now)
    verifying.undo(verdict=verdict, now=now + HOUR)
    verifying.undo(verdict=verdict, now=now + 2 * HOUR)
    assert verbs().count("verdict_undone") == 1


def test_it_is_as_before_when_a_contest_is_undone(enrolment, mara, now):
    claim(enrolment, now, mara, key="m3")
    before = standing(enrolment, "m3")
    verdict = answer("no", ask_of(enrolment, key="m3"), now)
    verifying.undo(verdict=verdict, now=now + HOUR)
    after = standing(enrolment, "m3")
    assert (after.achieved_at, after.verified_at) == (before.achieved_at, None)
    assert not Verdict.objects.open_contests().exists()
    [mail] = mails("contest")
    assert (mail.state, mail.reason) == ("stopped", "the answer was taken back")


def test_it_opens_a_contest_again_when_the_yes_that_settled_it_is_undone(enrolment, mara, now):
    claim(enrolment, now, mara)
    contest = answer("no", ask_of(enrolment), now)
    verifying.answer_contest(verdict=contest, answer="Gdynia is in now.", by=mara, now=now + HOUR)
    yes = answer("yes", ask_of(enrolment), now + 2 * HOUR)
    assert standing(enrolment).verified_at == now + 2 * HOUR
    verifying.undo(verdict=yes, now=now + 3 * HOUR)
    assert standing(enrolment) is None
    assert list(Verdict.objects.open_contests()) == [contest]


def test_it_undoes_the_newest_answer_only(enrolment, mara, now):
    claim(enrolment, now, mara)
    contest = answer("no", ask_of(enrolment), now)
    verifying.answer_contest(verdict=contest, answer="Gdynia is in now.", by=mara, now=now + HOUR)
    answer("yes", ask_of(enrolment), now + 2 * HOUR)
    with pytest.raises(AlreadyAnswered):
        verifying.undo(verdict=contest, now=now + 3 * HOUR)


def test_the_answer_of_somebody_erased_since_can_be_taken_back(enrolment, mara, now):
    """There is no question of theirs any more that could wait again."""
    claim(enrolment, now, mara)
    verdict = answer("yes", ask_of(enrolment), now)
    Contact.objects.all().delete()
    verifying.undo(verdict=verdict, now=now + HOUR)
    assert standing(enrolment) is None
    assert not Ask.objects.exists()
