"""When an answer is lost: held for a person, unless a second copy is dropped or the organisation wants it."""

from datetime import timedelta

import pytest

from organisations import tenancy
from organisations.models import Organisation
from post import dispatching, outcomes
from post.models import Delivery
from tests.post.conftest import again, events, let_leases_run_out

State = Delivery.State


@pytest.fixture
def provider(settings, mail_server):
    """It knows a mail again for a day, and loses its first answer."""
    settings.SMTP_URL = f"{mail_server.url}?idempotent=24h"
    mail_server.misbehave(know_again=1, lose_reply=1)
    return mail_server


@pytest.fixture
def resending(harbour):
    Organisation.objects.filter(pk=harbour.pk).update(uncertain_mail="resend")


def test_with_a_provider_that_knows_it_again_it_is_sent_until_there_is_an_answer(
    harbour, now, post_to, provider
):
    delivery = post_to()
    assert dispatching.dispatch(now=now) == 0
    assert again(delivery).state == State.PENDING
    assert "did not answer" in again(delivery).reason
    assert dispatching.dispatch(now=again(delivery).due_at) == 0
    provider.misbehave(know_again=1)
    assert dispatching.dispatch(now=again(delivery).due_at) == 1
    assert again(delivery).state == State.SENT
    [mail] = provider.mails()
    assert mail.message["Message-ID"] == again(delivery).message_id
    assert events(harbour) == ["mail_unsure", "mail_unsure", "mail_sent"]


def test_so_is_one_whose_process_died(harbour, now, post_to, provider, monkeypatch):
    delivery = post_to()
    monkeypatch.setattr(outcomes.Outcomes, "unsure", lambda *_: None)
    dispatching.dispatch(now=now)
    assert again(delivery).state == State.SENDING
    monkeypatch.undo()
    let_leases_run_out(harbour)
    provider.misbehave(know_again=1)
    later = now + timedelta(minutes=6)
    dispatching.dispatch(now=later)
    assert again(delivery).state == State.PENDING
    dispatching.dispatch(now=again(delivery).due_at)
    assert again(delivery).state == State.SENT
    assert len(provider.mails()) == 1


def test_not_when_the_provider_may_have_forgotten_it(now, post_to, provider, settings):
    settings.SMTP_URL = settings.SMTP_URL.replace("24h", "15m")
    delivery = post_to()
    dispatching.dispatch(now=now)
    dispatching.dispatch(now=now + timedelta(minutes=14))
    assert again(delivery).state == State.PENDING
    dispatching.dispatch(now=now + timedelta(minutes=31))
    assert again(delivery).state == State.UNCERTAIN


def test_what_may_have_arrived_is_never_called_refused(harbour, now, post_to, provider):
    delivery = post_to()
    dispatching.dispatch(now=now)
    provider.misbehave(reject_rcpt=1)
    dispatching.dispatch(now=again(delivery).due_at)
    assert again(delivery).state == State.UNCERTAIN
    assert again(delivery).reason == "an earlier try may have arrived: 550 no such person"
    assert events(harbour) == ["mail_unsure", "mail_uncertain"]


def test_what_was_recalled_on_its_way_is_not_sent_again(harbour, now, post_to, provider):
    delivery = post_to()
    with tenancy.within(harbour):
        Delivery.objects.filter(pk=delivery.pk).update(recalled_why="contested")
    dispatching.dispatch(now=now)
    assert again(delivery).state == State.UNCERTAIN


def test_an_organisation_may_rather_have_two_than_none(harbour, now, post_to, mail_server, resending):
    delivery = post_to()
    mail_server.misbehave(lose_reply=1)
    dispatching.dispatch(now=now)
    assert again(delivery).state == State.PENDING
    mail_server.behave()
    assert dispatching.dispatch(now=again(delivery).due_at) == 1
    first, second = mail_server.mails()
    assert first.message["Message-ID"] == second.message["Message-ID"]


def test_it_asks_a_person_after_three_days_at_last(now, post_to, mail_server, resending):
    delivery = post_to()
    mail_server.misbehave(lose_reply=1)
    dispatching.dispatch(now=now)
    dispatching.dispatch(now=now + outcomes.GIVE_UP_AFTER + timedelta(hours=2))
    assert again(delivery).state == State.UNCERTAIN
