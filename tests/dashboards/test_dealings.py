"""What a customer pays and asked for, on their page: with its n, honest when nothing is known."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from customers.models import Customer, Subscription, SupportCase, Transaction
from organisations.models import Event, Organisation, User
from tests.counting import queries_of
from tests.factories import START, make_case, make_customer, make_subscription, make_transaction

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]
SPACE = "\N{NO-BREAK SPACE}"


@pytest.fixture
def customer(in_harbour: Organisation) -> Customer:
    return make_customer(in_harbour)


def page(client: Client, customer: Customer) -> str:
    return client.get(f"/o/harbour/customers/{customer.pk}/").text


def test_it_says_when_nothing_is_known_and_who_may_change_that(
    client_for: ClientFor, customer: Customer, mara: User, theo: User
) -> None:
    for words in ("What they pay is not known here.", "No support case is known here."):
        assert words in page(client_for(mara), customer)
    assert "Bring in transactions or subscriptions" in page(client_for(theo), customer)
    assert "Bring in transactions or subscriptions" not in page(client_for(mara), customer)


def test_it_shows_what_runs_and_what_was_paid(client_for: ClientFor, customer: Customer, mara: User) -> None:
    make_transaction(customer, 6_990_982, cost_e4=3_495_491, currency="USD")
    make_transaction(customer, 1_000_000, currency="USD", at=START + timedelta(days=40))
    replaced = make_transaction(customer, 9_000_000, currency="USD")
    Transaction.objects.filter(pk=replaced.pk).update(is_standing=False, retracted_by=1)
    for n in range(4):
        make_subscription(customer, 27_860_000 - n, plan=f"Plan {n}")
    make_subscription(customer, 1, ends_on=START.date() + timedelta(days=3))
    make_subscription(customer, 1, starts_on=date(2199, 1, 1))
    make_subscription(customer, 1, plan="Taken back", retracted_by=1)
    text = page(client_for(mara), customer)
    for words in (
        f"Plan 0, EUR{SPACE}2,786.00 a month",
        "4 subscriptions run",
        "1 more runs, 1 begins later, 1 has ended",
        f"USD{SPACE}799.10",
        "in 2 transactions",
        "margin 50%, n=1",
    ):
        assert words in text
    assert "Taken back" not in text


def test_it_shows_the_newest_cases_and_what_they_come_to(
    client_for: ClientFor, customer: Customer, mara: User
) -> None:
    solved = {"resolved_at": START + timedelta(days=1), "reopened_count": 0}
    for minutes, said in ((10, 5), (30, 4), (600, None)):
        make_case(
            customer, subject=f"Case {minutes}", first_answer_at=START + timedelta(minutes=minutes),
            satisfaction=said, satisfaction_of=5 if said else None, **solved,
        )  # fmt: skip
    make_case(customer, subject="Prints nothing", urgency="high", reopened_count=2, opened_at=timezone.now())
    text = page(client_for(mara), customer)
    for words in (
        "4 cases",
        "1 open",
        "Prints nothing",
        "first answer after 30 min (median, n=3)",
        "satisfaction 9.0 of 10 (n=2)",
        "1 of 4 reopened",
    ):
        assert words in text
    assert "Case 10<" not in text


def test_it_takes_facts_of_the_latest_cases_and_says_so(
    client_for: ClientFor, customer: Customer, mara: User
) -> None:
    for n in range(51):
        at = START + timedelta(hours=n)
        make_case(customer, opened_at=at, first_answer_at=at + timedelta(hours=3))
    assert "Of the latest 50: first answer after 3 h (median, n=50)" in page(client_for(mara), customer)


def test_it_takes_as_many_queries_for_much_as_for_little(
    client_for: ClientFor, customer: Customer, mara: User
) -> None:
    client, path = client_for(mara), f"/o/harbour/customers/{customer.pk}/"
    client.get(path)
    none = queries_of(lambda: client.get(path))
    counts = []
    for _round in range(2):
        for _n in range(5):
            make_transaction(customer, 5)
            make_subscription(customer, 5)
            make_case(customer)
        counts.append(len(queries_of(lambda: client.get(path))))
    assert counts == [len(none) + 5] * 2


def test_it_tells_corrections_on_the_timeline(
    client_for: ClientFor, customer: Customer, mara: User, in_harbour: Organisation
) -> None:
    common = {"organisation": in_harbour, "at": START, "recorded_at": START, "customer_id": customer.pk}
    data = {"from_e4": 6_990_982, "from": "USD", "to_e4": 7_000_000, "to": "USD"}
    Event.objects.create(verb="transaction_corrected", data=data, **common)
    Event.objects.create(verb="subscription_changed", data={"ends_on": "2026-02-28"}, **common)
    Event.objects.create(verb="subscription_changed", data={"fields": ["amount", "plan"]}, **common)
    text = page(client_for(mara), customer)
    for words in (
        f"From USD{SPACE}699.0982 to USD{SPACE}700.00.",
        "Subscription ends 28 Feb",
        "amount, plan",
    ):
        assert words in text


def test_another_organisation_sees_none_of_it(rival: Organisation, customer: Customer) -> None:
    from organisations import tenancy

    make_transaction(customer, 5)
    make_subscription(customer, 5)
    make_case(customer)
    with tenancy.within(rival):
        assert not Transaction.objects.exists()
        assert not Subscription.objects.exists()
        assert not SupportCase.objects.exists()
