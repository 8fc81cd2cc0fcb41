"""Transactions and subscriptions from a file: exact to the ten-thousandth, corrected, never doubled."""

from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from customers.models import Subscription, Transaction
from office.importing.mapping import Mapping, WrongMapping
from office.models import Import
from organisations import tenancy
from organisations.models import Event
from tests.factories import make_customer
from tests.office.bringing import bring, ends, refusal, work

PAID = "customer,id,at,amount,cost,currency,about"
RUNS = "customer,id,start,end,amount,currency,interval,plan"


@pytest.fixture
def kestrel(in_harbour):
    return make_customer(in_harbour, "Kestrel", key="kestrel")


def rows(*lines: str, header: str = PAID) -> str:
    return "\n".join([header, *lines])


def mapped(**columns: object) -> dict[str, object]:
    own = {"customer": "customer", "id": "id", "at": "at", "amount": "amount", "currency": {"const": "EUR"}}
    return own | columns


def test_it_keeps_amounts_exact_and_says_the_sums(in_harbour, kestrel):
    import_ = bring(
        in_harbour,
        "transactions",
        rows(
            "kestrel,t1,2026-02-01,699.0982,413.1463,usd,Bicycle",
            "kestrel,t2,2026-02-02,-0.10,,USD,",
            "kestrel,t3,2026-02-02,12,,EUR,",
        ),
    )
    assert import_.counts == {"new": 3}
    first = Transaction.objects.get(external_id="t1")
    assert (first.amount_e4, first.cost_e4, first.currency) == (6_990_982, 4_131_463, "USD")
    assert (first.at, first.about) == (datetime(2026, 1, 31, 23, tzinfo=UTC), "Bicycle")
    assert (first.source, first.import_id) == ("crm", import_.pk)
    usd, eur = Transaction.objects.standing().sums()
    assert (usd["currency"], usd["n"], usd["total_e4"]) == ("USD", 2, 6_989_982)
    assert (usd["n_costed"], usd["costs_e4"], usd["costed_e4"]) == (1, 4_131_463, 6_990_982)
    assert (eur["total_e4"], eur["costs_e4"]) == (120_000, None)


def test_it_changes_nothing_when_the_same_file_comes_twice(in_harbour, kestrel):
    content = rows("kestrel,t1,2026-02-01,699.0982,413.1463,USD,Bicycle")
    bring(in_harbour, "transactions", content)
    assert bring(in_harbour, "transactions", content).counts == {"unchanged": 1}
    assert Transaction.objects.count() == 1


def test_it_takes_another_amount_as_a_correction(in_harbour, kestrel):
    bring(in_harbour, "transactions", rows("kestrel,t1,2026-02-01,699.0982,413.1463,USD,Bicycle"))
    import_ = bring(in_harbour, "transactions", rows("kestrel,t1,2026-02-01,700,,USD,"))
    assert import_.counts == {"changed": 1}
    assert ends(import_)[2][1] == "“USD\N{NO-BREAK SPACE}699.0982” becomes “USD\N{NO-BREAK SPACE}700.00”"
    new = Transaction.objects.standing().get()
    assert (new.amount_e4, new.cost_e4, new.about) == (7_000_000, 4_131_463, "Bicycle")
    assert Transaction.objects.get(is_standing=False).replaced_by == new
    event = Event.objects.get(verb="transaction_corrected")
    assert event.customer_id == kestrel.pk
    assert event.data == {"from_e4": 6_990_982, "from": "USD", "to_e4": 7_000_000, "to": "USD"}


def test_it_moves_a_transaction_to_the_customer_it_belongs_to(in_harbour, kestrel):
    other = make_customer(in_harbour, "Heron", key="heron")
    bring(in_harbour, "transactions", rows("kestrel,t1,2026-02-01,5,,USD,"))
    import_ = bring(in_harbour, "transactions", rows("heron,t1,2026-02-01,5,,USD,"))
    assert ends(import_)[2] == ("changed", "“kestrel” becomes “heron”")
    assert Transaction.objects.standing().get().customer == other


def test_it_keeps_two_sources_apart(in_harbour, kestrel):
    content = rows("kestrel,t1,2026-02-01,5,,USD,")
    bring(in_harbour, "transactions", content, source="shop")
    assert bring(in_harbour, "transactions", content, source="till").counts == {"new": 1}


@pytest.mark.once
@pytest.mark.parametrize(
    ("written", "options", "amount_e4"),
    [
        ("1.234,56", {"decimal": ",", "thousands": "."}, 12_345_600),
        ("1 234,5", {"decimal": ","}, 12_345_000),
        ("1'234.5001", {"thousands": "'"}, 12_345_001),
        ("-0.0001", {}, -1),
        ("1e3", {}, 10_000_000),
        ("9.99990", {}, 99_999),
    ],
)
def test_it_reads_amounts_as_the_mapping_says(in_harbour, kestrel, written, options, amount_e4):
    content = f"customer;id;at;amount\nkestrel;t1;2026-02-01;{written}"
    mapping = mapped(amount={"from": "amount", **options})
    import_ = bring(in_harbour, "transactions", content, mapping=mapping)
    assert import_.counts == {"new": 1}, ends(import_)
    assert Transaction.objects.get().amount_e4 == amount_e4


@pytest.mark.once
@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        ("kestrel,t1,2026-02-01,0.00001,,USD,", "amount", "has more than four decimals"),
        ("kestrel,t1,2026-02-01,$5,,USD,", "amount", "is not an amount"),
        ("kestrel,t1,2026-02-01,nan,,USD,", "amount", "is not an amount"),
        ("kestrel,t1,2026-02-01,1_000,,USD,", "amount", "is not an amount"),
        ("kestrel,t1,2026-02-01,1e15,,USD,", "amount", "is too large"),
        ('kestrel,t1,2026-02-01,"1,5",,USD,', "amount", "has a comma"),
        ("kestrel,t1,2026-02-01,,,USD,", "amount", "is empty"),
        ("kestrel,,2026-02-01,5,,USD,", "id", "is empty"),
        ("kestrel,t1,2026-02-01,5,,dollars,", "currency", "is not a currency code"),
        ("nobody,t1,2026-02-01,5,,USD,", "customer", "no customer has this key"),
    ],
)
def test_it_refuses_with_the_reason_and_stores_nothing(in_harbour, kestrel, line, column, reason):
    import_ = bring(in_harbour, "transactions", rows("kestrel,t0,2026-02-01,1,,USD,", line))
    where, named, _value, why = refusal(import_)
    assert (where, named) == (3, column)
    assert why.startswith(reason)
    assert not Transaction.objects.exists()


def test_it_keeps_subscriptions_and_what_becomes_of_them(in_harbour, kestrel):
    begun = rows("kestrel,s1,2025-01-01,,2786,usd,monthly,Pro", header=RUNS)
    assert bring(in_harbour, "subscriptions", begun).counts == {"new": 1}
    row = Subscription.objects.get()
    assert (row.starts_on, row.ends_on, row.amount_e4) == (date(2025, 1, 1), None, 27_860_000)
    assert (row.interval, row.plan, row.currency) == ("month", "Pro", "USD")
    assert row.is_running(date(2026, 3, 12))
    assert bring(in_harbour, "subscriptions", begun).counts == {"unchanged": 1}
    ended = rows("kestrel,s1,2025-01-01,2026-02-28,2786,usd,month,Pro", header=RUNS)
    import_ = bring(in_harbour, "subscriptions", ended)
    assert ends(import_)[2] == ("changed", "“” becomes “2026-02-28”")
    assert not Subscription.objects.running(date(2026, 3, 1)).exists()
    assert Subscription.objects.running(date(2026, 2, 28)).get() == row
    event = Event.objects.get(verb="subscription_changed")
    assert (event.subject_id, event.data) == (row.pk, {"fields": ["end"], "ends_on": "2026-02-28"})


@pytest.mark.once
@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        ("kestrel,s1,2025-01-01,2024-12-31,5,USD,month,", "end", "lies before the start"),
        ("kestrel,s1,2025-01-01,,5,USD,fortnight,", "interval", "is none of week, month"),
        ("kestrel,s1,,,5,USD,month,", "start", "is empty"),
    ],
)
def test_it_refuses_a_subscription_that_cannot_be(in_harbour, kestrel, line, column, reason):
    import_ = bring(in_harbour, "subscriptions", rows(line, header=RUNS))
    _line, named, _value, why = refusal(import_)
    assert named == column
    assert why.startswith(reason)


def test_it_refuses_a_start_that_lies_after_the_stored_end(in_harbour, kestrel):
    bring(in_harbour, "subscriptions", rows("kestrel,s1,2025-01-01,2025-03-01,5,USD,month,", header=RUNS))
    import_ = bring(in_harbour, "subscriptions", rows("kestrel,s1,2025-04-01,,5,USD,month,", header=RUNS))
    assert refusal(import_)[1:] == ("end", "2025-03-01", "lies before the start")


def test_it_finds_a_customer_by_their_subscription(in_harbour, kestrel):
    bring(in_harbour, "subscriptions", rows("kestrel,s1,2025-01-01,,5,USD,month,", header=RUNS))
    mapping = mapped(customer={"from": "subscription", "by": "subscription"})
    content = "subscription,id,at,amount\ns1,t1,2026-02-01,5\ns2,t2,2026-02-01,5\n"
    import_ = bring(in_harbour, "transactions", content, mapping=mapping, is_partial=True)
    assert refusal(import_)[1:] == ("subscription", "s2", "no subscription from here has this id")
    assert Transaction.objects.get().customer == kestrel
    assert bring(
        in_harbour, "transactions", content, mapping=mapping, source="else", is_partial=True
    ).counts == {"refused": 2}


@pytest.mark.once
def test_a_customer_alone_goes_by_a_subscription():
    with pytest.raises(WrongMapping, match="by is for customer alone"):
        Mapping.from_json(mapped(id={"from": "id", "by": "subscription"}), kind="transactions")


def test_it_says_on_the_page_which_currency_all_of_them_have(client_for, harbour, theo):
    client = client_for(theo)
    file = SimpleUploadedFile("paid.csv", b"customer_id;order_id;date;amount\nkestrel;1;01.02.2026;5,50\n")
    given = {"file": file, "kind": "transactions", "source": "shop"}
    here = client.post("/o/harbour/imports/new/", given).url
    page = client.get(here)
    assert page.context["form"]["id"].initial == "order_id"
    chosen = {
        "customer": "customer_id", "id": "order_id", "at": "date", "at__form": "%d.%m.%Y",
        "amount": "amount", "amount__decimal": ",",
    }  # fmt: skip
    refused = client.post(here, chosen)
    assert refused.status_code == 422
    assert "Every row needs this." in refused.text
    assert client.post(here, chosen | {"currency__const": "EUR"}).status_code == 302
    with tenancy.within(harbour):
        make_customer(harbour, "Kestrel", key="kestrel")
        import_ = work(harbour, Import.objects.get())
        assert import_.counts == {"new": 1}
        assert import_.mapping["currency"] == {"const": "EUR"}
