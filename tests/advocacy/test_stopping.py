"""What no longer stands is not celebrated, and what was is not celebrated twice."""

from datetime import timedelta
from uuid import uuid4

import pytest

from advocacy import celebrating
from advocacy.models import Celebration
from customers.recording import NewReading
from milestones import judging, verifying
from milestones.models import Achievement, Claim
from organisations.models import Event
from post.models import Delivery, PostDue
from post.outcomes import Outcomes
from tests.advocacy.loop import (
    HOUR,
    READ_AT,
    asked_and_reached,
    contest,
    gather,
    mails,
    post_due,
    reach,
    sweep,
    verbs,
)
from tests.milestones.asked import milestone, person


def test_it_stops_at_once_when_the_customer_contests(in_harbour, mara, now):
    _enrolment, ask = asked_and_reached(in_harbour, mara, now)
    gather(in_harbour, now)
    contest(ask, now + HOUR)
    assert sweep(in_harbour, now + timedelta(days=2)) == 0
    row = Celebration.objects.get()
    assert (row.state, row.state_why, row.stopped_by) == ("stopped", "the customer contested", None)
    assert Event.objects.get(verb="celebration_stopped").data["why"] == "contested"


def test_it_never_goes_out_after_a_contest_even_when_the_sweep_has_not_run(in_harbour, mara, now):
    _enrolment, ask = asked_and_reached(in_harbour, mara, now)
    gather(in_harbour, now)
    contest(ask, now + HOUR)
    assert post_due(in_harbour, now + timedelta(days=2)) == 0
    assert Celebration.objects.get().state == "stopped"
    assert mails() == []


def test_it_recalls_what_lies_in_the_outbox_when_the_customer_contests(in_harbour, mara, now):
    _enrolment, ask = asked_and_reached(in_harbour, mara, now)
    gather(in_harbour, now)
    post_due(in_harbour, now + timedelta(days=1))
    contest(ask, now + timedelta(days=1))
    [mail] = mails()
    assert (mail.state, mail.reason) == ("stopped", "the customer contested")
    gather(in_harbour, now + timedelta(days=1))
    row = Celebration.objects.get()
    assert (row.state, row.contested_after_at) == ("stopped", None)


def test_it_marks_what_left_before_the_contest(in_harbour, mara, now):
    _enrolment, ask = asked_and_reached(in_harbour, mara, now)
    gather(in_harbour, now)
    post_due(in_harbour, now + timedelta(days=1))
    Delivery.objects.filter(purpose="celebration").update(state="sent")
    contest(ask, now + timedelta(days=2))
    gather(in_harbour, now + timedelta(days=2))
    row = Celebration.objects.get()
    assert (row.state, row.contested_after_at) == ("posted", now + timedelta(days=2))


def test_it_tells_of_what_is_reached_again_instead_of_sending_it_twice(in_harbour, mara, now):
    _enrolment, ask = asked_and_reached(in_harbour, mara, now)
    gather(in_harbour, now)
    post_due(in_harbour, now + timedelta(days=1))
    Delivery.objects.filter(purpose="celebration").update(state="sent")
    verdict = contest(ask, now + timedelta(days=2))
    sweep(in_harbour, now + timedelta(days=2))
    verifying.undo(verdict=verdict, now=now + timedelta(days=2, hours=1))
    assert Achievement.objects.standing().exists()
    assert sweep(in_harbour, now + timedelta(days=9)) == 0
    assert len(mails()) == 1
    assert verbs()[-1] == "celebration_not_repeated"


@pytest.mark.parametrize("swept_between", [True, False])
def test_it_waits_for_a_persons_yes_when_a_contest_is_undone(in_harbour, mara, now, swept_between):
    _enrolment, ask = asked_and_reached(in_harbour, mara, now)
    gather(in_harbour, now)
    verdict = contest(ask, now + HOUR)
    if swept_between:
        gather(in_harbour, now + HOUR)
    verifying.undo(verdict=verdict, now=now + 2 * HOUR)
    assert sweep(in_harbour, now + timedelta(days=3)) == 0
    row = Celebration.objects.get()
    assert (row.state, row.state_why) == ("review", "reached again after it was stopped")
    assert row.achievement.withdrawn_at is None
    celebrating.send_now(celebration=row, by=mara, now=now + timedelta(days=3))
    assert [mail.state for mail in mails()] == ["pending"]


def test_it_sends_the_recalled_mail_after_all_when_a_person_says_yes(in_harbour, mara, now):
    _enrolment, ask = asked_and_reached(in_harbour, mara, now)
    gather(in_harbour, now)
    post_due(in_harbour, now + timedelta(days=1))
    verdict = contest(ask, now + timedelta(days=1))
    sweep(in_harbour, now + timedelta(days=1))
    verifying.undo(verdict=verdict, now=now + timedelta(days=1, hours=1))
    sweep(in_harbour, now + timedelta(days=1, hours=1))
    row = Celebration.objects.get()
    assert row.state == "review"
    celebrating.send_now(celebration=row, by=mara, now=now + timedelta(days=2))
    [mail] = mails()
    assert (mail.state, mail.reason, mail.due_at) == ("pending", "", now + timedelta(days=2))
    assert PostDue.objects.get(delivery=mail).due_at == now + timedelta(days=2)


def test_it_leaves_alone_what_a_person_stopped_when_it_is_reached_again(in_harbour, mara, now):
    _enrolment, ask = asked_and_reached(in_harbour, mara, now)
    gather(in_harbour, now)
    celebrating.stop(celebration=Celebration.objects.get(), by=mara, now=now)
    verdict = contest(ask, now + HOUR)
    sweep(in_harbour, now + HOUR)
    verifying.undo(verdict=verdict, now=now + 2 * HOUR)
    assert sweep(in_harbour, now + timedelta(days=3)) == 0
    assert Celebration.objects.get().state == "stopped"


def test_it_stops_when_the_evidence_is_gone(in_harbour, enrolment, metric, now):
    reach(enrolment, metric, now)
    gather(in_harbour, now)
    reach(enrolment, metric, now + HOUR, value=3)
    gather(in_harbour, now + HOUR)
    row = Celebration.objects.get()
    assert (row.state, row.state_why) == ("stopped", "its evidence is gone")


def test_it_recalls_what_waits_in_the_outbox_when_the_evidence_is_gone(in_harbour, enrolment, metric, now):
    reach(enrolment, metric, now)
    gather(in_harbour, now)
    post_due(in_harbour, now + timedelta(days=1))
    reach(enrolment, metric, now + timedelta(days=1), value=3)
    gather(in_harbour, now + timedelta(days=1, minutes=1))
    assert [mail.state for mail in mails()] == ["stopped"]
    assert Celebration.objects.get().state == "stopped"


def test_it_keeps_a_waiting_celebration_when_the_achievement_only_moves(in_harbour, enrolment, metric, now):
    reach(enrolment, metric, now)
    gather(in_harbour, now)
    earlier = NewReading(enrolment.customer_id, metric.pk, READ_AT - timedelta(days=1), 50, "r0")
    judging.record([earlier], organisation=in_harbour, source="test", now=now + HOUR)
    assert sweep(in_harbour, now + timedelta(days=1)) == 1


def two_celebrated(in_harbour, mara, now):
    """m3 is celebrated, its mail lies in the outbox; m1 waits for Amara's word."""
    enrolment, _ask = asked_and_reached(in_harbour, mara, now)
    sweep(in_harbour, now)
    post_due(in_harbour, now + timedelta(days=1))
    return verifying.ask(
        enrolment=enrolment,
        milestone=milestone(enrolment, "m1"),
        contact=person(enrolment.customer),
        by=mara,
        now=now,
    )


@pytest.mark.parametrize("state", ["pending", "held", "suppressed", "failed", "stopped", "sent"])
def test_it_leaves_the_other_milestones_alone_when_one_is_contested(in_harbour, mara, now, state):
    ask = two_celebrated(in_harbour, mara, now)
    Delivery.objects.filter(purpose="celebration").update(state=state)
    contest(ask, now + timedelta(days=1))
    gather(in_harbour, now + timedelta(days=1))
    row = Celebration.objects.get()
    assert (row.state, row.contested_after_at) == ("posted", None)
    assert [mail.state for mail in mails()] == [state]


def test_it_recalls_what_comes_back_from_a_mail_server_after_the_contest(in_harbour, mara, now):
    """The contest came while the mail was being handed over, and the server said "later"."""
    _enrolment, ask = asked_and_reached(in_harbour, mara, now)
    gather(in_harbour, now)
    later = now + timedelta(days=1)
    post_due(in_harbour, later)
    delivery = being_sent(mails()[0])
    contest(ask, later)
    gather(in_harbour, later)
    row = Celebration.objects.get()
    assert (row.state, row.contested_after_at) == ("posted", None)
    Outcomes(in_harbour, lambda: later).put_off(delivery, Delivery.State.SENDING, "451 later")
    [mail] = mails()
    assert (mail.state, mail.reason, mail.lease_token) == ("stopped", "the customer contested", None)
    gather(in_harbour, later)
    row.refresh_from_db()
    assert (row.state, row.state_why) == ("stopped", "the customer contested")


def test_it_marks_what_the_mail_server_took_during_the_contest(in_harbour, mara, now):
    _enrolment, ask = asked_and_reached(in_harbour, mara, now)
    gather(in_harbour, now)
    later = now + timedelta(days=1)
    post_due(in_harbour, later)
    delivery = being_sent(mails()[0])
    contest(ask, later)
    gather(in_harbour, later)
    Outcomes(in_harbour, lambda: later).sent(delivery, "250 taken")
    gather(in_harbour, later)
    row = Celebration.objects.get()
    assert (row.state, row.contested_after_at) == ("posted", later)


def being_sent(mail: Delivery) -> Delivery:
    mail.state, mail.lease_token = Delivery.State.SENDING, uuid4()
    mail.save(update_fields=["state", "lease_token"])
    return mail


def test_it_recalls_in_the_same_transaction_whatever_withdraws_the_achievement(
    in_harbour, enrolment, metric, now
):
    """No loop runs between: neither this minute nor for a whole weekend."""
    reach(enrolment, metric, now)
    gather(in_harbour, now)
    post_due(in_harbour, now + timedelta(days=1))
    reach(enrolment, metric, now + timedelta(days=1), value=3)
    [mail] = mails()
    assert (mail.state, mail.reason) == ("stopped", "its evidence is gone")
    gather(in_harbour, now + timedelta(days=5))
    row = Celebration.objects.get()
    assert (row.state, row.state_why) == ("stopped", "its evidence is gone")
    assert not Achievement.objects.filter(is_to_recall=True).exists()


def test_it_forgets_what_was_sent_before_it_was_withdrawn(in_harbour, enrolment, metric, now):
    reach(enrolment, metric, now)
    gather(in_harbour, now)
    post_due(in_harbour, now + timedelta(days=1))
    Delivery.objects.filter(purpose="celebration").update(state="sent")
    reach(enrolment, metric, now + timedelta(days=1), value=3)
    gather(in_harbour, now + timedelta(days=1))
    assert Celebration.objects.get().state == "posted"
    assert not Achievement.objects.filter(is_to_recall=True).exists()


def test_it_recalls_when_a_claim_is_taken_back(in_harbour, mara, now):
    asked_and_reached(in_harbour, mara, now)
    gather(in_harbour, now)
    post_due(in_harbour, now + timedelta(days=1))
    verifying.withdraw_claim(claim=Claim.objects.get(), why="too soon", by=mara, now=now + timedelta(days=1))
    [mail] = mails()
    assert (mail.state, mail.reason) == ("stopped", "the claim was taken back")
