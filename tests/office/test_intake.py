"""Events in Segment's protocol: what they become, what waits; a repeat or another order changes nothing."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import batched
from typing import Any

import pytest
from django.db import IntegrityError

from advocacy.models import Celebration
from customers.models import Contact, Customer, Metric, Reading
from milestones.models import Achievement
from office import intake
from office.intake import taking
from office.models import EventCount, EventPerson, EventRule, IncomingEvent
from organisations.models import Organisation, User
from tests import factories

pytestmark = pytest.mark.django_db
Send = Callable[..., int]


@pytest.fixture
def send(in_harbour: Organisation, ada: User, now: datetime) -> Send:
    def send(*batch: dict[str, Any], at: datetime = now, kind: str = "batch", **around: Any) -> int:
        messages = intake.messages(kind, {"batch": list(batch), **around}, now=at)
        return intake.take(messages, organisation=in_harbour, now=at, by=ada, history=kind == "import")

    return send


@pytest.fixture
def orders(in_harbour: Organisation, ada: User, now: datetime) -> Metric:
    """Each “Order Completed” counts as one."""
    metric = factories.make_metric(in_harbour, "orders")
    rule(in_harbour, ada, now, metric=metric)
    return metric


def rule(organisation: Organisation, by: User, now: datetime, **fields: Any) -> EventRule:
    given = {"event": "Order Completed", "property": "", "metric": None} | fields
    return intake.add_rule(organisation=organisation, by=by, now=now, **given)


def group(user: str = "u1", key: str = "kestrel", number: str = "g1", **traits: Any) -> dict[str, Any]:
    return {"type": "group", "messageId": number, "userId": user, "groupId": key, "traits": traits}


def identify(user: str = "u1", number: str = "i1", **traits: Any) -> dict[str, Any]:
    return {"type": "identify", "messageId": number, "userId": user, "traits": traits}


def track(
    number: int | str, *, user: str = "u1", event: str = "Order Completed", **more: Any
) -> dict[str, Any]:
    return {"type": "track", "messageId": f"t{number}", "userId": user, "event": event, **more}


def told() -> list[tuple[str, str]]:
    """What became of each, in the order in which they came."""
    return list(IncomingEvent.objects.order_by("pk").values_list("state", "why"))


def totals(metric: Metric) -> list[tuple[datetime, float]]:
    rows = Reading.objects.standing().filter(metric=metric).order_by("at", "value")
    return list(rows.values_list("at", "value"))


def test_a_group_is_a_customer_and_an_identified_user_a_contact(send: Send) -> None:
    assert (
        send(group(name="Kestrel Freight"), identify(name="Amara Okafor", email="amara@kestrel.example")) == 2
    )
    customer = Customer.objects.get()
    contact = Contact.objects.get()
    assert (customer.key, customer.name) == ("kestrel", "Kestrel Freight")
    assert (contact.key, contact.name, contact.address) == ("u1", "Amara Okafor", "amara@kestrel.example")
    assert contact.customer == customer
    send(group(number="g2", name="Kestrel & Sons"), identify(number="i2", title="Operations"))
    customer.refresh_from_db()
    contact.refresh_from_db()
    assert (customer.name, contact.title, contact.name) == ("Kestrel & Sons", "Operations", "Amara Okafor")
    assert not any(IncomingEvent.objects.values_list("data", flat=True)), "nothing of a person is kept here"


def test_what_a_person_wrote_stays(send: Send, now: datetime) -> None:
    send(group(name="Kestrel Freight"))
    Customer.objects.update(name="Kestrel", edited={"name": now.isoformat()})
    send(group(number="g2", name="Kestrel Freight Inc."))
    assert Customer.objects.get().name == "Kestrel"


def test_people_without_a_name_or_with_a_bad_address_are_written_down_all_the_same(send: Send) -> None:
    send(
        group(),
        group("u2", number="g2"),
        identify(email="not an address"),
        identify("u2", "i2", email="b@x.example"),
    )
    assert list(Contact.objects.order_by("key").values_list("key", "name")) == [
        ("u1", "u1"),
        ("u2", "b@x.example"),
    ]
    assert ("taken", "its address is none, and was left out") in told()


def test_events_count_and_carry_numbers(
    send: Send, orders: Metric, in_harbour: Organisation, ada: User, now: datetime
) -> None:
    value = factories.make_metric(in_harbour, "value")
    rule(in_harbour, ada, now, property="cart.total", metric=value)
    send(group(), track(1, properties={"cart": {"total": 12.5}, "currency": "EUR"}), track(2))
    assert [total for _at, total in totals(orders)] == [1, 2]
    assert [number for _at, number in totals(value)] == [12.5]
    assert told()[1:] == [("taken", ""), ("taken", "it carries no number “cart.total”")]


def test_one_pass_leads_from_an_event_to_the_achievement_and_its_queued_celebration(
    send: Send, orders: Metric, in_harbour: Organisation
) -> None:
    customer = factories.make_customer(in_harbour, key="kestrel")
    factories.make_contact(customer, is_primary=True)
    factories.make_enrolment(customer, factories.make_journey(in_harbour, metric=orders, threshold=3))
    send(*(track(n, context={"groupId": "kestrel"}) for n in range(2)))
    assert not Achievement.objects.exists()
    send(track(3, context={"groupId": "kestrel"}))
    assert Achievement.objects.count() == Celebration.objects.count() == 5


def test_history_is_not_cheered(send: Send, orders: Metric, in_harbour: Organisation) -> None:
    customer = factories.make_customer(in_harbour, key="kestrel")
    factories.make_enrolment(customer, factories.make_journey(in_harbour, metric=orders, threshold=1))
    send(track(1, context={"groupId": "kestrel"}), kind="import")
    assert Achievement.objects.filter(is_history=True).count() == 5
    assert not Celebration.objects.exists()


def test_a_message_that_comes_again_changes_nothing(send: Send, orders: Metric) -> None:
    batch = [group(), track(1), track(2), track(2)]
    assert send(*batch) == 3
    assert send(*batch) == 0
    assert send(track(2), track(3)) == 1
    assert [total for _at, total in totals(orders)] == [1, 2, 3]
    IncomingEvent.objects.all().delete()  # 30 days later
    send(track(2), track(1), track(4))
    assert [total for _at, total in totals(orders)] == [1, 2, 3, 4]


@pytest.mark.parametrize("seed", range(3))
def test_whatever_the_order_and_the_batches_the_totals_are_the_same(
    send: Send, orders: Metric, now: datetime, seed: int
) -> None:
    chance = random.Random(seed)
    send(group())
    times = [now - timedelta(minutes=chance.randrange(40)) for _n in range(30)]
    events = [track(n, timestamp=at.isoformat()) for n, at in enumerate(times)]
    chance.shuffle(events)
    for part in batched(events, 7):
        send(*part)
    assert totals(orders) == [(at, rank) for rank, at in enumerate(sorted(times), start=1)]
    count = EventCount.objects.get()
    assert (count.count, count.last_at) == (30, max(times))


def test_the_senders_clock_is_set_right_and_never_ahead(send: Send, orders: Metric, now: datetime) -> None:
    send(group())
    wrong = now + timedelta(days=2)
    send(track(1, timestamp=(wrong - timedelta(minutes=5)).isoformat()), sentAt=wrong.isoformat())
    send(track(2, timestamp="2099-01-01T00:00:00Z"))
    assert [at for at, _total in totals(orders)] == [now - timedelta(minutes=5), now]


def test_events_before_their_rule_wait_and_are_replayed(
    send: Send, in_harbour: Organisation, ada: User, now: datetime
) -> None:
    send(group(), track(1, properties={"total": 5}), track(2, event="Something Else"))
    assert told()[1] == ("waiting", "there is no rule for “Order Completed” yet")
    rule(in_harbour, ada, now, property="total", new_metric="Order value")
    assert intake.replay(organisation=in_harbour, now=now, by=ada) == 1
    assert intake.replay(organisation=in_harbour, now=now, by=ada) == 0
    assert Reading.objects.get().value == 5
    assert Metric.objects.get().key == "order-value"
    assert told()[1:] == [("taken", ""), ("waiting", "there is no rule for “Something Else” yet")]
    rule(in_harbour, ada, now, event="Something Else")
    assert intake.replay(organisation=in_harbour, now=now, by=ada, name="Something Else") == 1
    assert told()[2][0] == "ignored"


def test_events_before_their_customer_wait_until_a_group_names_them(send: Send, orders: Metric) -> None:
    send(track(1), identify(name="Amara"), track(2, user="u2"))
    assert {state for state, _why in told()} == {"waiting"}
    send(group())
    assert [state for state, _why in told()] == ["taken", "taken", "waiting", "taken"]
    assert Contact.objects.get().name == "Amara"
    assert len(totals(orders)) == 1
    send(group("u2", number="g2"))
    assert [total for _at, total in totals(orders)] == [1, 2]


def test_a_user_belongs_to_the_group_they_named_last(send: Send, orders: Metric) -> None:
    send(group(), identify(name="Amara", company={"id": "heron"}))
    assert told()[1][0] == "waiting"
    send(group(key="heron", number="g2"))
    assert EventPerson.objects.get().customer.key == "heron"
    assert Contact.objects.get().customer.key == "heron"


@pytest.mark.parametrize(
    ("message", "word"),
    [
        ({"type": "alias", "userId": "u1"}, "not used"),
        ({"type": "page", "userId": "u1"}, "not used"),
        ({"type": "dance"}, "none of"),
        ("nonsense", "no JSON object"),
        ({"type": "track", "anonymousId": "a", "event": "X"}, "userId"),
        ({"type": "track", "userId": "u1"}, "event"),
        ({"type": "group", "userId": "u1"}, "groupId"),
        ({"type": "identify", "context": {"groupId": "k"}}, "userId"),
        ({"type": "track", "userId": "u1", "event": "X", "timestamp": "yesterday"}, "timestamp"),
        ({"type": "track", "userId": "u1", "event": "X", "timestamp": 5}, "timestamp"),
        ({"type": "track", "userId": "u" * 121, "event": "X"}, "userId"),
        ({"type": "track", "userId": "u1", "event": "X", "properties": {"a": "x" * 33_000}}, "32 KB"),
    ],
)
def test_what_cannot_be_used_is_ignored_with_the_reason_and_hurts_no_other(
    send: Send, message: Any, word: str
) -> None:
    assert send(message, group()) == 2
    (state, why), (other, _nothing) = told()
    assert (state, other) == ("ignored", "taken")
    assert word in why


def test_only_numbers_of_an_event_are_kept(send: Send) -> None:
    said = {
        "a": 1,
        "b": True,
        "c": "text",
        "d": {"e": 2.5, "f": {"g": {"h": 3}}},
        "i": 1e300,
        "j": None,
        "k\x00": 4,
    }
    send(group(), track(1, properties=said))
    assert IncomingEvent.objects.get(kind="track").data == {"numbers": {"a": 1, "d.e": 2.5, "k": 4}}


def test_old_events_are_cleared_away(send: Send, orders: Metric, now: datetime) -> None:
    send(group(), track(1))
    assert intake.sweep(now=now + timedelta(days=29)) == 0
    assert intake.sweep(now=now + timedelta(days=31)) == 2
    assert len(totals(orders)) == 1


def test_ids_may_be_numbers_and_numbers_have_an_end(send: Send) -> None:
    many = {f"n{n}": n for n in range(60)}
    send(group(user=17, key=4711), track(1, user=17, properties=many))  # type: ignore[arg-type]
    assert Customer.objects.get().key == "4711"
    assert EventPerson.objects.get().user_key == "17"
    assert len(IncomingEvent.objects.get(kind="track").numbers) == 50


def test_an_address_that_somebody_else_there_has_is_not_taken_over(
    send: Send, in_harbour: Organisation
) -> None:
    customer = factories.make_customer(in_harbour, key="kestrel")
    factories.make_contact(customer, "Amara Okafor", address="amara@kestrel.example", key="other")
    send(group(), identify(email="amara@kestrel.example"))
    (_taken, (state, why)) = told()
    assert (state, Contact.objects.count()) == ("ignored", 1)
    assert "has this address" in why


def test_celebrations_that_cannot_be_queued_at_once_are_left_to_the_post_loop(
    send: Send, orders: Metric, in_harbour: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = factories.make_customer(in_harbour, key="kestrel")
    factories.make_enrolment(customer, factories.make_journey(in_harbour, metric=orders, threshold=1))
    monkeypatch.setattr(taking.celebrating, "gather", lambda **_: 1 / 0)
    assert send(track(1, context={"groupId": "kestrel"})) == 1
    assert Achievement.objects.to_celebrate().count() == 5


def test_two_who_store_the_same_at_once_store_it_once(
    send: Send, orders: Metric, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second one did not see the first one's message, and is told by the constraint."""
    send(group(), track(1))
    blind = iter([True])
    real = taking._take

    def take(messages: Any, *args: Any) -> Any:
        if next(blind, False):
            raise IntegrityError
        return real(messages, *args)

    monkeypatch.setattr(taking, "_take", take)
    assert send(track(1), track(2)) == 1
    assert [total for _at, total in totals(orders)] == [1, 2]
