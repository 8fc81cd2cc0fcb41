"""P13: other systems are told what happens, signed, retried for three days, and never under two ids."""

import json
import random
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from organisations import tenancy
from organisations.models import Event, Organisation, User
from post import calling, guarding, webhooks
from post.models import Hold, WebhookDelivery, WebhookDue, WebhookEndpoint
from post.webhooks import delivering, leasing, outcomes, schedule
from tests.post.calls import calls, endpoint, listen, states, tell
from tests.services.receiver import Answer, Call, Receiver

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _at_home(db: None, now: datetime) -> None:
    guarding.is_home(now=now)  # as the loop does first


def round_at(now: datetime) -> int:
    return webhooks.dispatch(now=now)


def test_a_fact_arrives_signed_as_the_reference_verifier_wants_it(
    harbour: Organisation, ada: User, receiver: Receiver
) -> None:
    now = timezone.now()
    _endpoint, secret = listen(harbour, receiver.url, now, by=ada)
    assert tell(harbour, now, 7) == 1
    assert round_at(now) == 1
    (call,) = receiver.calls
    assert Webhook(secret).verify(call.body, call.headers) == {
        "type": "call.logged",
        "timestamp": now.isoformat().replace("+00:00", "Z"),
        "data": {"organisation": "harbour", "call_id": 7},
    }
    assert call.path == "/hooks?from=bosai"
    assert call.headers["content-type"] == "application/json"
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(call.body.replace(b"7", b"8"), call.headers)
    assert states(harbour) == ["delivered"]
    assert round_at(now + timedelta(days=1)) == 0


def test_it_leaves_only_with_the_fact(
    harbour: Organisation, ada: User, receiver: Receiver, now: datetime
) -> None:
    listen(harbour, receiver.url, now, by=ada)
    with tenancy.within(harbour), transaction.atomic():
        assert tell(harbour, now, 7) == 1
        transaction.set_rollback(True)
    assert round_at(now) == 0
    assert receiver.calls == []


def test_a_fact_is_told_to_each_address_once_and_only_what_it_listens_to(
    harbour: Organisation, rival: Organisation, ada: User, eve: User, receiver: Receiver, now: datetime
) -> None:
    listen(harbour, receiver.url, now, by=ada)
    listen(harbour, receiver.url, now, by=ada, kinds=["import.finished"])
    listen(rival, receiver.url, now, by=eve)
    assert tell(harbour, now, 1, 2) == 2
    assert tell(harbour, now, 2, 3) == 1
    assert tell(harbour, now, 3, kind="import.finished") == 2
    assert round_at(now) == 5
    told = Counter((call.headers["webhook-id"], json.loads(call.body)["type"]) for call in receiver.calls)
    assert set(told.values()) == {1}
    assert calls(rival) == []


def test_it_is_tried_ten_times_over_75_hours_with_one_id_and_the_same_bytes(
    harbour: Organisation, ada: User, receiver: Receiver, now: datetime
) -> None:
    listen(harbour, receiver.url, now, by=ada)
    tell(harbour, now, 1)
    receiver.answer = Answer(500, body=b"out of order")
    at = now
    for wait in [timedelta(), *schedule.WAITS]:
        at += wait
        assert round_at(at - timedelta(seconds=1)) == 0
        before = len(receiver.calls)
        round_at(at + timedelta(seconds=1))
        assert len(receiver.calls) == before + 1
        (call,) = calls(harbour)
        at = call.due_at if call.state == "pending" else at
        at -= schedule.WAITS[call.attempts - 1] if call.state == "pending" else timedelta()
    assert timedelta(hours=75) < sum(schedule.WAITS, timedelta()) < timedelta(hours=76)
    assert (len(receiver.calls), call.state, call.attempts) == (10, "failed", 10)
    assert call.tries[-1]["status"] == 500
    assert call.tries[-1]["words"] == "out of order"
    assert len({(each.headers["webhook-id"], each.body) for each in receiver.calls}) == 1
    assert len({each.headers["webhook-timestamp"] for each in receiver.calls}) == 10
    with tenancy.within(harbour):
        assert Event.objects.filter(verb="webhook_failed").count() == 1
        assert not WebhookDue.objects.filter(organisation=harbour).exists()


def test_410_switches_the_address_off_and_stops_the_rest(
    harbour: Organisation, ada: User, receiver: Receiver, now: datetime
) -> None:
    listen(harbour, receiver.url, now, by=ada)
    tell(harbour, now, 1, 2, 3)
    receiver.answer = Answer(410)
    round_at(now)
    assert len(receiver.calls) == 1
    assert Counter(states(harbour)) == {"failed": 1, "stopped": 2}
    assert "410" in endpoint(harbour).off_why
    assert tell(harbour, now, 4) == 0


@pytest.mark.parametrize(
    ("status", "retry_after", "seconds"),
    [
        (429, "120", 120),
        (503, "Thu, 12 Mar 2026 10:00:00 GMT", 3600),
        (429, "", 60),
        (429, "999999999", 86400),
    ],
)
def test_it_waits_as_long_as_the_receiver_asks(
    harbour: Organisation,
    ada: User,
    receiver: Receiver,
    now: datetime,
    status: int,
    retry_after: str,
    seconds: int,
) -> None:
    listen(harbour, receiver.url, now, by=ada)
    tell(harbour, now, 1, 2)
    receiver.answers = [Answer(status, {"Retry-After": retry_after} if retry_after else {})]
    round_at(now)
    assert len(receiver.calls) == 1, "the second one waits as well"
    round_at(now + timedelta(seconds=seconds - 5))
    assert len(receiver.calls) == 1
    assert round_at(now + timedelta(seconds=seconds + 5)) == 2


def test_what_is_no_success_is_tried_again(
    harbour: Organisation, ada: User, receiver: Receiver, now: datetime
) -> None:
    listen(harbour, receiver.url, now, by=ada)
    tell(harbour, now, 1)
    receiver.answers = [Answer(302, {"Location": receiver.url}), Answer(404)]
    for at in (now, now + timedelta(seconds=10)):
        assert round_at(at) == 0
    assert round_at(now + timedelta(minutes=10)) == 1
    (call,) = calls(harbour)
    assert [each["status"] for each in call.tries] == [302, 404, 200]
    assert "redirect" in call.tries[0]["words"]


def test_one_that_hangs_delays_nobody_else(
    harbour: Organisation,
    rival: Organisation,
    ada: User,
    eve: User,
    receiver: Receiver,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(calling, "SILENT_SECONDS", 0.4)
    listen(harbour, receiver.url.replace("/hooks", "/stuck"), now, by=ada)
    listen(harbour, receiver.url, now, by=ada)
    listen(rival, receiver.url, now, by=eve)
    receiver.answer_by = lambda call: Answer(hang=2) if call.path.startswith("/stuck") else None
    tell(harbour, now, *range(10))
    tell(rival, now, *range(10))
    assert round_at(now) == 20
    assert sum(call.path.startswith("/stuck") for call in receiver.calls) == 1
    with tenancy.within(harbour):
        stuck = WebhookEndpoint.objects.exclude(paused_until=None).get()
    assert stuck.is_paused(now)


@pytest.mark.once
def test_a_thousand_events_arrive_each_under_one_id_whatever_the_receiver_does(
    harbour: Organisation, ada: User, receiver: Receiver, now: datetime
) -> None:
    listen(harbour, receiver.url, now, by=ada)
    listen(harbour, receiver.url, now, by=ada)
    assert tell(harbour, now, *range(500)) == 1000
    chance = random.Random(13)
    receiver.answer_by = lambda call: Answer(500 if chance.random() < 0.2 else 200)
    at: datetime | None = now
    while at is not None:
        while round_at(at):
            pass
        with tenancy.within(harbour):
            at = WebhookDue.objects.filter(organisation=harbour).aggregate(at=Max("due_at"))["at"]
    assert set(states(harbour)) == {"delivered"}
    seen = Counter((call.headers["webhook-id"], call.body) for call in receiver.calls)
    assert len(seen) == len({message for message, _body in seen}) == 1000
    assert sum(seen.values()) > 1100, "some were tried again"


def test_a_call_whose_process_died_is_made_again_under_the_same_id(
    harbour: Organisation, ada: User, receiver: Receiver, now: datetime
) -> None:
    listen(harbour, receiver.url, now, by=ada)
    tell(harbour, now, 1)
    with tenancy.within(harbour), transaction.atomic():
        (turn,) = leasing.claim(harbour, now=now)
        assert leasing.claim(harbour, now=now) == [], "nobody else has it meanwhile"
    assert round_at(now) == 0
    with tenancy.within(harbour):
        WebhookDelivery.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert round_at(now) == 1
    assert receiver.calls[0].headers["webhook-id"] == turn.deliveries[0].message_id
    with tenancy.within(harbour):
        assert not leasing.write(turn.deliveries[0], turn.token, state="failed"), "the fence holds"


def test_a_secret_is_renewed_without_losing_a_call(
    harbour: Organisation, ada: User, receiver: Receiver
) -> None:
    now = timezone.now()
    address, old = listen(harbour, receiver.url, now, by=ada)
    with tenancy.within(harbour):
        new = webhooks.renew_secret(endpoint=address, by=ada, now=now)
    tell(harbour, now, 1)
    round_at(now)
    (call,) = receiver.calls
    for secret in (old, new):
        assert Webhook(secret).verify(call.body, call.headers)
    later = now + timedelta(hours=25)
    tell(harbour, later, 2)
    round_at(later)
    assert receiver.calls[1].headers["webhook-signature"].count("v1,") == 1
    webhooks.sweep(now=later)
    assert endpoint(harbour).earlier_secret == ""


def test_a_secret_is_stored_so_that_a_copy_cannot_sign(
    harbour: Organisation, ada: User, receiver: Receiver, now: datetime, settings: Any
) -> None:
    _address, secret = listen(harbour, receiver.url, now, by=ada)
    assert secret.removeprefix("whsec_") not in endpoint(harbour).secret
    tell(harbour, now, 1)
    settings.SECRET_KEY = "another-key-" * 6
    round_at(now)
    (call,) = calls(harbour)
    assert receiver.calls == []
    assert "Make a new secret" in call.tries[0]["words"]
    settings.SECRET_KEY_FALLBACKS = ["only-for-tests-" * 4]
    assert round_at(now + timedelta(minutes=2)) == 1


def test_a_copy_calls_nobody_until_somebody_says_go(
    harbour: Organisation, ada: User, receiver: Receiver, now: datetime
) -> None:
    listen(harbour, receiver.url, now, by=ada)
    tell(harbour, now, 1)
    guarding.hold(harbour, why=Hold.Why.COPY, now=now)
    assert round_at(now) == 0
    with tenancy.within(harbour):
        guarding.send_from_here_on(organisation=harbour, choice=Hold.Choice.LEAVE, by=ada, now=now)
    assert round_at(now) == 0
    assert states(harbour) == ["stopped"]
    guarding.hold(harbour, why=Hold.Why.COPY, now=now)
    tell(harbour, now, 2)
    with tenancy.within(harbour):
        guarding.send_from_here_on(organisation=harbour, choice=Hold.Choice.SEND, by=ada, now=now)
    assert round_at(now) == 1


def test_a_strange_database_calls_nobody(
    harbour: Organisation, ada: User, receiver: Receiver, now: datetime, settings: Any
) -> None:
    listen(harbour, receiver.url, now, by=ada)
    tell(harbour, now, 1)
    settings.SEND_MARK.unlink()
    assert round_at(now) == 0
    assert receiver.calls == []


def test_it_is_switched_off_and_on_and_what_was_missed_is_replayed(
    harbour: Organisation, ada: User, receiver: Receiver, now: datetime
) -> None:
    address, _secret = listen(harbour, receiver.url, now, by=ada)
    tell(harbour, now, 1)
    with tenancy.within(harbour):
        webhooks.switch_off(endpoint=address, by=ada, now=now)
        webhooks.switch_off(endpoint=address, by=ada, now=now)
    assert tell(harbour, now, 2) == 0
    with tenancy.within(harbour):
        off = WebhookEndpoint.objects.select_related("organisation").get()
        for refused in (webhooks.send_test, webhooks.replay_failed):
            with pytest.raises(webhooks.CannotReplay):
                refused(endpoint=off, by=ada, now=now)
        webhooks.switch_on(endpoint=off, by=ada, now=now)
        address = WebhookEndpoint.objects.select_related("organisation").get()
        assert webhooks.replay_failed(endpoint=address, by=ada, now=now) == 1
    assert round_at(now) == 1
    (call,) = calls(harbour)
    with tenancy.within(harbour):
        webhooks.replay(delivery=call, by=ada, now=now)
        with pytest.raises(webhooks.CannotReplay):
            webhooks.replay(delivery=call, by=ada, now=now)
    assert round_at(now) == 1
    assert len({each.headers["webhook-id"] for each in receiver.calls}) == 1
    assert len(receiver.calls) == 2


def test_old_calls_are_cleared_away_and_waiting_ones_stay(
    harbour: Organisation, ada: User, receiver: Receiver, now: datetime
) -> None:
    listen(harbour, receiver.url, now, by=ada)
    tell(harbour, now, 1)
    round_at(now)
    tell(harbour, now, 2)
    assert webhooks.sweep(now=now + timedelta(days=29)) == 0
    assert webhooks.sweep(now=now + timedelta(days=31)) == 1
    assert states(harbour) == ["pending"]


def test_the_call_itself_carries_nothing_of_ours(
    harbour: Organisation, ada: User, receiver: Receiver, now: datetime
) -> None:
    listen(harbour, receiver.url, now, by=ada)
    tell(harbour, now, 1)
    round_at(now)
    call: Call = receiver.calls[0]
    assert call.headers.keys() == {
        *("host", "content-type", "content-length", "connection", "user-agent"),
        *("webhook-id", "webhook-timestamp", "webhook-signature"),
    }


def test_one_organisations_trouble_is_not_anothers(
    harbour: Organisation,
    rival: Organisation,
    ada: User,
    eve: User,
    receiver: Receiver,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Claiming, calling, writing: whatever fails for Harbour, the rival is told."""
    listen(harbour, receiver.url, now, by=ada)
    listen(rival, receiver.url, now, by=eve)

    def fails_for_harbour(real: Any) -> Any:
        def failing(first: Any, *args: Any, **kwargs: Any) -> Any:
            about = getattr(first, "organisation", first)
            if getattr(about, "pk", None) == harbour.pk:
                raise RuntimeError("of our own making")
            return real(first, *args, **kwargs)

        return failing

    for number, (module, name) in enumerate(((leasing, "claim"), (delivering, "write"))):
        tell(harbour, now, number)
        tell(rival, now, number)
        with monkeypatch.context() as patched:
            patched.setattr(module, name, fails_for_harbour(getattr(module, name)))
            assert round_at(now) == 1
    assert "could not be claimed" in caplog.text
    assert "were not written" in caplog.text
    assert set(states(rival)) == {"delivered"}
    assert set(states(harbour)) == {"pending"}


def test_a_call_that_cannot_be_made_is_put_off_and_says_so(
    harbour: Organisation, ada: User, receiver: Receiver, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    listen(harbour, receiver.url, now, by=ada)
    tell(harbour, now, 1)
    with monkeypatch.context() as patched:
        patched.setattr(calling, "call", lambda *args, **kwargs: 1 / 0)
        assert round_at(now) == 0
    assert calls(harbour)[0].tries[0]["words"] == "ZeroDivisionError"
    assert round_at(now + timedelta(minutes=2)) == 1


def test_it_begins_no_call_once_it_is_asked_to_stop(
    harbour: Organisation, ada: User, receiver: Receiver, now: datetime
) -> None:
    listen(harbour, receiver.url, now, by=ada)
    tell(harbour, now, 1, 2, 3)
    assert webhooks.dispatch(now=now, stopping=lambda: len(receiver.calls) > 0) == 1
    with tenancy.within(harbour):
        assert not WebhookDelivery.objects.exclude(lease_token=None).exists(), "the rest is given back"
    assert round_at(now) == 2


def test_a_round_has_an_end(
    harbour: Organisation,
    rival: Organisation,
    ada: User,
    eve: User,
    receiver: Receiver,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(delivering, "TURNS", 1)
    listen(harbour, receiver.url, now, by=ada)
    listen(rival, receiver.url, now, by=eve)
    tell(harbour, now, 1)
    tell(rival, now, 1)
    assert [round_at(now), round_at(now), round_at(now)] == [1, 1, 0]


@pytest.mark.parametrize("status", [200, 500, 410])
def test_whoever_lost_the_lease_writes_nothing(
    harbour: Organisation, ada: User, receiver: Receiver, now: datetime, status: int
) -> None:
    """Somebody else has the delivery, and switched the address off, while the call was under way."""
    address, _secret = listen(harbour, receiver.url, now, by=ada)
    tell(harbour, now, 1)
    receiver.answer = Answer(status)
    with tenancy.within(harbour), transaction.atomic():
        (turn,) = leasing.claim(harbour, now=now)
    talk = delivering._talk(turn, lambda: now, lambda: False)
    with tenancy.within(harbour):
        webhooks.switch_off(endpoint=address, by=ada, now=now)
        assert outcomes.write(turn, talk.outcomes[0], now=now) is False
        webhooks.switch_on(endpoint=address, by=ada, now=now)
        webhooks.switch_on(endpoint=address, by=ada, now=now)
    assert states(harbour) == ["stopped"]
    assert endpoint(harbour).off_at is None
