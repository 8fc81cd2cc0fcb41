import logging
from datetime import time, timedelta

import pytest

from organisations import tenancy
from post import dispatching, leases, linking, outcomes, sending, smtp, statements
from post.models import Delivery, Link, Recipient
from tests.post.conftest import again, due, events, let_leases_run_out

State = Delivery.State


def test_it_makes_tokens_when_the_mail_leaves_and_keeps_their_hash_only(harbour, now, post_to, mail_server):
    delivery = post_to(
        text="[confirm link] and [unsubscribe link]",
        html='<a href="[confirm link]">yes</a> <a href="[unsubscribe link]">no</a>',
        links=[linking.LinkSpec("[confirm link]", "confirm", 77, 30)],
    )
    dispatching.dispatch(now=now)
    [mail] = mail_server.mails()
    confirm, _, unsubscribe = mail.text.split()
    assert f'href="{confirm}"' in mail.html
    assert f'href="{unsubscribe}"' in mail.html
    assert mail.message["List-Unsubscribe"] == f"<{unsubscribe}>"
    assert "/c/" in confirm
    _, link = linking.find(confirm.split("/")[-2])
    assert (link.purpose, link.subject_id, link.address) == ("confirm", 77, "nadia@customer.example")
    _, link = linking.find(unsubscribe.split("/")[-2])
    assert (link.purpose, link.subject_id) == ("unsubscribe", delivery.recipient_id)
    with tenancy.within(harbour):
        token = confirm.split("/")[-2]
        assert not [row for row in Link.objects.values() if token in str(row)]
    assert "[confirm link]" in again(delivery).text


@pytest.mark.parametrize(
    ("behaviour", "words", "tries"),
    [
        ("refuse_mail", "451 try later (MAIL)", 1),
        ("refuse_rcpt", "451 try later (RCPT)", 1),
        ("refuse_data", "451 try later (DATA)", 1),
        ("drop_at_mail", "Connection unexpectedly closed", 1),
    ],
)
def test_it_tries_again_later_when_nothing_was_sent(
    harbour, now, post_to, mail_server, behaviour, words, tries
):
    delivery = post_to()
    mail_server.misbehave(**{behaviour: 1})
    assert dispatching.dispatch(now=now) == 0
    delivery = again(delivery)
    assert (delivery.state, delivery.reason, delivery.attempts) == (State.PENDING, words, tries)
    assert now + timedelta(seconds=2) <= delivery.due_at < now + timedelta(seconds=10)
    assert delivery.lease_token is None
    mail_server.behave()
    assert dispatching.dispatch(now=now) == 0
    assert dispatching.dispatch(now=delivery.due_at) == 1
    assert len(mail_server.mails()) == 1
    assert events(harbour) == ["mail_sent"]


def test_it_waits_twice_as_long_each_time(now, post_to, mail_server):
    delivery = post_to()
    mail_server.misbehave(refuse_rcpt=1)
    waits = []
    for _ in range(14):
        at = again(delivery).due_at
        dispatching.dispatch(now=at)
        waits.append(round((again(delivery).due_at - at).total_seconds()))
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 3600, 3600, 3600]


def test_it_gives_up_three_days_after_the_first_try(harbour, now, post_to, mail_server):
    delivery = post_to()
    mail_server.misbehave(refuse_rcpt=1)
    dispatching.dispatch(now=now)
    dispatching.dispatch(now=now + outcomes.GIVE_UP_AFTER - timedelta(minutes=1))
    assert again(delivery).state == State.PENDING
    dispatching.dispatch(now=now + outcomes.GIVE_UP_AFTER + timedelta(hours=2))
    delivery = again(delivery)
    assert (delivery.state, delivery.reason) == (State.FAILED, "451 try later (RCPT)")
    assert events(harbour) == ["mail_failed"]
    assert due(harbour) == []


@pytest.mark.parametrize(
    ("behaviour", "words"), [("reject_rcpt", "550 no such person"), ("reject_data", "554 refused")]
)
def test_it_fails_what_the_server_refuses_for_good(harbour, now, post_to, mail_server, behaviour, words):
    delivery = post_to()
    mail_server.misbehave(**{behaviour: 1})
    assert dispatching.dispatch(now=now) == 0
    delivery = again(delivery)
    assert (delivery.state, delivery.reason) == (State.FAILED, words)
    assert events(harbour) == ["mail_failed"]
    mail_server.behave()
    assert dispatching.dispatch(now=now + timedelta(days=1)) == 0
    assert mail_server.mails() == []


def test_it_says_uncertain_when_the_answer_is_lost_and_never_sends_again_by_itself(
    harbour, now, post_to, mail_server
):
    delivery = post_to()
    mail_server.misbehave(lose_reply=1)
    dispatching.dispatch(now=now)
    delivery = again(delivery)
    assert delivery.state == State.UNCERTAIN
    assert "did not answer" in delivery.reason
    mail_server.behave()
    for days in range(1, 5):
        dispatching.dispatch(now=now + timedelta(days=days))
    assert mail_server.count() == 1
    assert again(delivery).state == State.UNCERTAIN
    assert events(harbour) == ["mail_uncertain"]


def test_a_claim_that_was_lost_writes_nothing(harbour, now, post_to, mail_server, caplog):
    delivery = post_to()
    conversation = smtp.Conversation(smtp.Server.configured())
    with tenancy.within(harbour):
        [slow] = leases.claim(harbour, limit=5, now=now)
    let_leases_run_out(harbour)
    assert dispatching.dispatch(now=now) == 1
    result = sending.Sending(harbour, conversation, lambda: now).send(slow)
    conversation.close()
    assert result is sending.Result.SETTLED
    assert again(delivery).state == State.SENT
    assert mail_server.count() == 1
    assert events(harbour) == ["mail_sent"]


@pytest.mark.parametrize(
    "ends",
    [None, smtp.NoAnswerError("gone"), smtp.BrokenOffError("gone"), smtp.RefusedError(554, "554 no")],
    ids=str,
)
def test_an_outcome_under_a_lost_lease_is_logged_and_not_written(
    harbour, now, post_to, mail_server, monkeypatch, caplog, ends
):
    delivery = post_to()
    hand_over = smtp.Conversation.hand_over

    def slowly(self, message, **meanwhile):
        words = hand_over(self, message, **meanwhile)
        let_leases_run_out(harbour)
        monkeypatch.setattr(smtp.Conversation, "hand_over", hand_over)
        dispatching.dispatch(now=now)
        assert again(delivery).state == State.UNCERTAIN
        if ends:
            raise ends
        return words

    monkeypatch.setattr(smtp.Conversation, "hand_over", slowly)
    with caplog.at_level(logging.WARNING):
        dispatching.dispatch(now=now)
    assert again(delivery).state == State.UNCERTAIN
    assert due(harbour) == []
    assert events(harbour) == ["mail_uncertain"]
    assert "somebody else owns it" in caplog.text
    assert mail_server.count() == 1


@pytest.mark.parametrize(
    ("wanted", "purpose", "state"),
    [
        ({"to_wish": Recipient.Wish.NOTHING}, "celebration", State.SUPPRESSED),
        ({"to_wish": Recipient.Wish.NOTHING}, "confirmation", State.SUPPRESSED),
        ({"to_wish": Recipient.Wish.NOTHING}, "link", State.SENT),
        ({"to_wish": Recipient.Wish.IMPORTANT}, "celebration", State.SUPPRESSED),
        ({"to_wish": Recipient.Wish.IMPORTANT}, "confirmation", State.SENT),
    ],
)
def test_it_asks_what_they_wish(harbour, now, post_to, mail_server, wanted, purpose, state):
    delivery = post_to(purpose=purpose, **wanted)
    dispatching.dispatch(now=now)
    assert again(delivery).state == state
    assert mail_server.count() == (state == State.SENT)
    assert events(harbour) == [f"mail_{state}"]


@pytest.mark.parametrize("field", ["opted_out_at", "bounced_at"])
def test_it_does_not_send_after_an_opt_out_or_a_bounce(harbour, now, post_to, mail_server, field):
    delivery = post_to(**{f"to_{field}": now})
    dispatching.dispatch(now=now)
    assert again(delivery).state == State.SUPPRESSED
    assert mail_server.mails() == []


def test_no_body_leaves_after_an_opt_out_between_claim_and_send(
    harbour, now, post_to, mail_server, monkeypatch
):
    delivery = post_to()
    offer = smtp.Conversation.offer

    def opted_out_meanwhile(self, sender, to, **meanwhile):
        offer(self, sender, to, **meanwhile)
        with tenancy.within(harbour):
            Recipient.objects.update(opted_out_at=now, wish=Recipient.Wish.NOTHING)

    monkeypatch.setattr(smtp.Conversation, "offer", opted_out_meanwhile)
    other = post_to(purpose="link", subject_key="link:1")
    dispatching.dispatch(now=now)
    assert again(delivery).state == State.SUPPRESSED
    assert again(delivery).reason == "they asked for no mails"
    assert again(other).state == State.SENT  # the conversation went on after what was withdrawn
    assert [mail.message["Message-ID"] for mail in mail_server.mails()] == [other.message_id]


def test_it_waits_for_quiet_hours_to_end_in_their_zone(harbour, now, post_to, mail_server):
    delivery = post_to(to_quiet_from=time(18), to_quiet_to=time(8, 30), to_zone="America/New_York")
    dispatching.dispatch(now=now)  # 9:00 UTC is 5:00 there
    delivery = again(delivery)
    assert delivery.state == State.PENDING
    assert delivery.due_at == now.replace(hour=12, minute=30)
    assert delivery.attempts == 0
    assert events(harbour) == []
    assert dispatching.dispatch(now=delivery.due_at) == 1


def test_what_breaks_off_before_the_body_is_tried_again(harbour, now, post_to, mail_server, monkeypatch):
    delivery, other = post_to(), post_to(subject_key="celebration:2")
    hand_over = smtp.Conversation.hand_over

    def hangs_up(self, message, **meanwhile):
        monkeypatch.setattr(smtp.Conversation, "hand_over", hand_over)
        self.close()
        raise smtp.BrokenOffError("hung up at DATA")

    monkeypatch.setattr(smtp.Conversation, "hand_over", hangs_up)
    assert dispatching.dispatch(now=now) == 1
    row = again(delivery)
    assert (row.state, row.reason, row.attempts) == (State.PENDING, "hung up at DATA", 1)
    assert again(other).state == State.SENT
    assert dispatching.dispatch(now=row.due_at) == 1


def test_an_address_that_does_not_exist_gets_no_more_mails(harbour, now, post_to, mail_server, monkeypatch):
    offer = smtp.Conversation.offer

    def unknown(self, sender, to, **meanwhile):
        raise smtp.RefusedError(550, "550 5.1.1 no such user")

    monkeypatch.setattr(smtp.Conversation, "offer", unknown)
    first = post_to()
    dispatching.dispatch(now=now)
    monkeypatch.setattr(smtp.Conversation, "offer", offer)
    second = post_to(subject_key="celebration:2")
    dispatching.dispatch(now=now)
    assert (again(first).state, again(second).state) == (State.FAILED, State.SUPPRESSED)
    assert again(second).reason == "earlier mail to this address came back"
    with tenancy.within(harbour):
        assert Recipient.objects.get().bounced_at >= now


def test_nothing_goes_to_somebody_who_was_erased(harbour, now, post_to, mail_server):
    delivery = post_to()
    with tenancy.within(harbour):
        Recipient.objects.all().delete()
    assert dispatching.dispatch(now=now) == 0
    delivery = again(delivery)
    assert (delivery.state, delivery.reason) == (State.SUPPRESSED, "the address was erased")
    assert mail_server.count() == 0


def test_a_mail_that_left_and_could_not_be_marked_so_is_uncertain_and_it_alone(
    harbour, now, post_to, mail_server, monkeypatch, caplog
):
    rows = [post_to(subject_key=f"a:{number}") for number in range(3)]
    conclude = statements.conclude

    def fails_for_the_first(delivery, **given):
        if delivery.pk == rows[0].pk:
            raise RuntimeError("disk full")
        return conclude(delivery, **given)

    monkeypatch.setattr(statements, "conclude", fails_for_the_first)
    assert dispatching.dispatch(now=now) == 3
    assert [again(row).state for row in rows] == [State.SENDING, State.SENT, State.SENT]
    assert "could not be marked so" in caplog.text
    let_leases_run_out(harbour)
    assert dispatching.dispatch(now=now) == 0
    assert again(rows[0]).state == State.UNCERTAIN
    assert mail_server.count() == 3


def test_a_mail_that_cannot_be_built_ahead_fails_in_its_own_turn(harbour, now, post_to, mail_server):
    rows = [post_to(subject_key=f"a:{number}") for number in range(3)]
    with tenancy.within(harbour):
        Delivery.objects.filter(pk=rows[1].pk).update(links=[{"no": "link"}])
    assert dispatching.dispatch(now=now) == 2
    assert [again(row).state for row in rows] == [State.SENT, State.PENDING, State.SENT]
