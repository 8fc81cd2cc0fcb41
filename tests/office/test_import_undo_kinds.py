"""Undo of what is paid, asked for and was reached before: as of readings, customers and enrolments."""

from datetime import date, timedelta

import pytest
from django.db import connection

from customers.models import Customer, Reading, Subscription, SupportCase, Transaction
from dashboards.figures import baselines
from milestones import judging
from milestones.models import Achievement, Baseline, PastAchievement, Verdict
from office import importing
from office.importing import applying
from office.importing.jobs import KINDS
from office.importing.kinds.subscriptions import Subscriptions
from organisations import tenancy
from organisations.models import Event
from tests.factories import make_customer, make_enrolment, make_journey, make_metric
from tests.office.bringing import LATER, NOW, begin, bring, left, undo

PAID = "customer,id,at,amount,cost,currency,about"
RUNS = "customer,id,start,end,amount,currency,interval,plan"
ASKED = (
    "customer,id,opened_at,first_answer_at,resolved_at,reopened_at,reopened_count,reassigned_count,"
    "channel,urgency,subject,satisfaction,satisfaction_of"
)
REACHED = "customer,journey,milestone,at"


def rows(header: str, *lines: str) -> str:
    return "\n".join([header, *lines])


def ahead(in_harbour, import_) -> importing.undoing.Outlook:
    return importing.look_ahead(import_, organisation=in_harbour, now=LATER)


@pytest.fixture
def kestrel(in_harbour):
    return make_customer(in_harbour, "Kestrel", key="kestrel")


@pytest.fixture
def enrolment(in_harbour, kestrel):
    return make_enrolment(kestrel, make_journey(in_harbour, metric=make_metric(in_harbour)))


@pytest.mark.once
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_undone_and_says_so_in_words(kind):
    assert KINDS[kind].undoes
    assert {table.label() for table in KINDS[kind].undoes} <= importing.undoing.looking.NAMES.keys()


def test_it_retracts_transactions_and_what_they_corrected_stands_again(in_harbour, kestrel):
    bring(in_harbour, "transactions", rows(PAID, "kestrel,t1,2026-02-01,5,,USD,Tea"))
    file = rows(PAID, "kestrel,t1,2026-02-01,7.5,1,EUR,Tea", "kestrel,t2,2026-02-02,9,,USD,")
    second = bring(in_harbour, "transactions", file)
    assert ahead(in_harbour, second).lines == [
        ("Transactions: taken back", 1),
        ("Transactions: as they were before", 1),
    ]
    undo(in_harbour, second)
    standing = Transaction.objects.standing().get()
    assert (standing.amount_e4, standing.currency, standing.cost_e4) == (50_000, "USD", None)
    assert set(Transaction.objects.filter(is_standing=False).values_list("retracted_by", flat=True)) == {
        second.pk
    }
    assert second.undo["counts"]["customers.transaction"] == {"withdrawn": 1, "restored": 1}
    event = Event.objects.filter(verb="transaction_corrected").latest("id")
    assert event.data == {
        "from_e4": 75_000, "from": "EUR", "to_e4": 50_000, "to": "USD", "undone_import_id": second.pk,
    }  # fmt: skip
    assert bring(in_harbour, "transactions", file).counts == {"changed": 1, "new": 1}
    assert bring(in_harbour, "transactions", file).counts == {"unchanged": 2}
    assert sorted(Transaction.objects.standing().values_list("amount_e4", flat=True)) == [75_000, 90_000]


def test_a_transaction_corrected_since_stays(in_harbour, kestrel):
    first = bring(in_harbour, "transactions", rows(PAID, "kestrel,t1,2026-02-01,5,,USD,"))
    second = bring(in_harbour, "transactions", rows(PAID, "kestrel,t1,2026-02-01,7,,USD,"))
    undo(in_harbour, first)
    assert first.undo["counts"]["customers.transaction"] == {"left": 1}
    assert Transaction.objects.standing().get().amount_e4 == 70_000
    undo(in_harbour, second)
    assert not Transaction.objects.standing().exists()


def test_it_takes_back_a_part_of_what_was_applied_in_parts(in_harbour, kestrel, monkeypatch):
    if connection.vendor != "sqlite":
        return  # everything is one part there
    monkeypatch.setattr(applying, "LARGEST_PART", 1)
    ticks = iter(range(1000))
    for kind, header, line in (
        ("transactions", PAID, "kestrel,{},2026-02-01,5,,USD,"),
        ("subscriptions", RUNS, "kestrel,{},2026-01-01,,5,USD,month,"),
    ):
        import_ = begin(in_harbour, kind, rows(header, line.format("a"), line.format("b")))
        importing.work(
            organisation=in_harbour,
            import_id=import_.pk,
            clock=lambda: NOW + timedelta(seconds=next(ticks)),
        )
        import_.refresh_from_db()
        undo(in_harbour, import_, part=0)
        assert import_.state == "applied"
        model = KINDS[kind].MODEL
        assert model.objects.standing().get().external_id == "b"
        undo(in_harbour, import_)
        assert not model.objects.standing().exists()


def test_it_gives_subscriptions_back_what_they_were(in_harbour, kestrel):
    other = make_customer(in_harbour, "Heron", key="heron")
    bring(in_harbour, "subscriptions", rows(RUNS, "kestrel,s1,2025-01-01,,2786,USD,month,Pro"))
    file = rows(
        RUNS, "heron,s1,2025-01-01,2026-02-28,2786.5,USD,year,Pro", "heron,s2,2025-01-01,,5,USD,month,"
    )
    second = bring(in_harbour, "subscriptions", file)
    undo(in_harbour, second)
    row = Subscription.objects.standing().get()
    assert (row.customer, row.ends_on, row.amount_e4, row.interval) == (kestrel, None, 27_860_000, "month")
    assert Subscription.objects.get(external_id="s2").retracted_by == second.pk
    assert second.undo["counts"]["customers.subscription"] == {"restored": 1, "withdrawn": 1}
    event = Event.objects.filter(verb="subscription_changed").latest("id")
    assert (event.customer_id, event.data) == (
        kestrel.pk,
        {
            "fields": ["amount", "customer", "end", "interval"],
            "ends_on": None,
            "undone_import_id": second.pk,
        },
    )
    assert bring(in_harbour, "subscriptions", file).counts == {"changed": 1, "new": 1}
    assert bring(in_harbour, "subscriptions", file).counts == {"unchanged": 2}
    assert Subscription.objects.standing().filter(customer=other).count() == 2


def test_it_leaves_whole_a_subscription_that_another_import_changed(in_harbour, kestrel):
    begun = rows(RUNS, "kestrel,s1,2025-01-01,,5,USD,month,", "kestrel,s2,2025-01-01,,5,USD,month,")
    first = bring(in_harbour, "subscriptions", begun)
    bring(in_harbour, "subscriptions", rows(RUNS, "kestrel,s1,2025-01-01,2026-01-31,5,USD,month,"))
    outlook = ahead(in_harbour, first)
    assert outlook.lines == [("Subscriptions: taken back", 1), ("Subscriptions: left whole", 1)]
    assert [(row.what, row.name, row.reason) for row in outlook.left] == [
        ("subscriptions", "Kestrel", "it was changed since")
    ]
    undo(in_harbour, first)
    assert left(first) == ["it was changed since"]
    row = Subscription.objects.standing().get()
    assert (row.external_id, row.ends_on) == ("s1", date(2026, 1, 31))


def test_nothing_is_written_over_what_an_undo_takes_back_meanwhile(in_harbour, kestrel, monkeypatch):
    bring(in_harbour, "subscriptions", rows(RUNS, "kestrel,s1,2025-01-01,,5,USD,month,"))
    compare, calls = Subscriptions.compare, []

    def then_it_is_gone(kind, compared):
        compare(kind, compared)
        calls.append(kind)
        if len(calls) == 2:  # in applying; the first was the check
            Subscription.objects.update(retracted_by=1)

    monkeypatch.setattr(Subscriptions, "compare", then_it_is_gone)
    file = rows(RUNS, "kestrel,s1,2025-01-01,2026-01-31,5,USD,month,")
    assert bring(in_harbour, "subscriptions", file).counts == {"changed": 1}
    assert len(calls) == 3, "compared again, after nothing of the first try stayed"
    assert Subscription.objects.standing().get().ends_on == date(2026, 1, 31)


def test_it_gives_cases_back_what_they_were(in_harbour, kestrel):
    bring(in_harbour, "cases", rows(ASKED, "kestrel,c1,2026-02-01,,,,,,mail,high,Tea,,"))
    whole = "2026-02-01,2026-02-02,2026-02-03,2026-02-04,1,2,phone,low,Cold tea,4,5"
    file = rows(ASKED, f"kestrel,c1,{whole}", f"kestrel,c2,{whole}")
    second = bring(in_harbour, "cases", file)
    assert ahead(in_harbour, second).lines == [
        ("Support cases: taken back", 1),
        ("Support cases: as they were before", 1),
    ]
    undo(in_harbour, second)
    row = SupportCase.objects.standing().get()
    assert (row.channel, row.urgency, row.subject) == ("mail", "high", "Tea")
    assert {row.resolved_at, row.reopened_count, row.satisfaction, row.satisfaction_of} == {None}
    assert SupportCase.objects.get(external_id="c2").retracted_by == second.pk
    assert bring(in_harbour, "cases", file).counts == {"changed": 1, "new": 1}
    assert bring(in_harbour, "cases", file).counts == {"unchanged": 2}


def test_it_archives_customers_on_whom_nothing_rests_any_more(in_harbour):
    customers = bring(in_harbour, "customers", "key,name\nkestrel,Kestrel\nheron,Heron")
    money = [
        bring(in_harbour, kind, rows(header, line))
        for kind, header, line in (
            ("transactions", PAID, "kestrel,t1,2026-02-01,5,,USD,"),
            ("subscriptions", RUNS, "kestrel,s1,2025-01-01,,5,USD,month,"),
            ("cases", ASKED, "kestrel,c1,2026-02-01,,,,,,,,,,"),
            ("cases", ASKED, "heron,c2,2026-02-01,,,,,,,,,,"),
        )
    ]
    for each in money[:-1]:
        undo(in_harbour, each)
    undo(in_harbour, customers)
    assert left(customers) == ["something rests on it: 1 support case"]
    assert Customer.objects.get(archived_at=None).key == "heron"


def test_it_takes_back_what_was_reached_before_and_judges_again(in_harbour, enrolment, theo):
    file = rows(REACHED, "kestrel,first-data,m1,2025-11-01", "kestrel,first-data,m2,2025-12-01")
    import_ = bring(in_harbour, "achievements", file)
    baselines.freeze(
        organisation=in_harbour, journey=enrolment.journey, on=date(2025, 11, 1), by=theo, now=LATER
    )
    assert ahead(in_harbour, import_).lines == [
        ("Past achievements: taken back", 2),
        ("Milestones reached: judged again, since they rest on it", 2),
        ("Baselines: frozen with them, and stay as they are", 1),
    ]
    undo(in_harbour, import_)
    assert not Achievement.objects.standing().exists()
    assert set(Achievement.objects.values_list("withdrawn_why", flat=True)) == {"import undone"}
    assert set(PastAchievement.objects.values_list("retracted_by", flat=True)) == {import_.pk}
    assert Baseline.objects.get().rates.get(milestone_key="m1").achieved == 1
    assert bring(in_harbour, "achievements", file).counts == {"new": 2}
    assert bring(in_harbour, "achievements", file).counts == {"unchanged": 2}
    assert Achievement.objects.standing().filter(is_history=True).count() == 2


def test_it_gives_what_was_reached_before_its_day_back(in_harbour, enrolment):
    bring(in_harbour, "achievements", rows(REACHED, "kestrel,first-data,m1,2025-11-01"))
    before = Achievement.objects.get().achieved_at
    second = bring(in_harbour, "achievements", rows(REACHED, "kestrel,first-data,m1,2025-11-05"))
    assert Achievement.objects.get().achieved_at != before
    undo(in_harbour, second)
    assert Achievement.objects.standing().get().achieved_at == before
    assert second.undo["counts"] == {
        "milestones.pastachievement": {"restored": 1},
        "milestones.achievement": {"moved": 1},
    }


def test_what_the_customer_confirmed_keeps_what_alone_bears_it(in_harbour, kestrel, enrolment):
    file = rows(REACHED, "kestrel,first-data,m1,2025-11-01", "kestrel,first-data,m2,2025-11-01")
    import_ = bring(in_harbour, "achievements", file)
    m2 = enrolment.version.milestones.get(key="m2")
    Reading.objects.create(
        organisation=in_harbour, customer=kestrel, metric=m2.criteria.get().metric, value=1000,
        at=NOW, recorded_at=NOW, source="crm", external_id="r1",
    )  # fmt: skip
    enrolment.version.milestones.get(key="m1").criteria.update(threshold=2000)
    for key in ("m1", "m2"):
        Verdict.objects.create(
            organisation=in_harbour, enrolment=enrolment, milestone_key=key, kind="confirmed", at=NOW,
            milestone=enrolment.version.milestones.get(key=key),
        )  # fmt: skip
    judging.judge(organisation=in_harbour, customer_ids=None, now=NOW)
    undo(in_harbour, import_)
    assert left(import_) == ["the customer confirmed it, so it stays"]
    assert PastAchievement.objects.standing().get().milestone_key == "m1"
    standing = {row.milestone_key: row for row in Achievement.objects.standing()}
    assert (standing["m2"].achieved_at, standing["m2"].verified_at) == (NOW, NOW)
    assert standing["m1"].achieved_at < NOW, "it is dated as before, and stays confirmed"
    assert standing["m1"].verified_at == NOW


def test_the_customers_page_shows_no_money_that_was_taken_back(client_for, harbour, theo):
    with tenancy.within(harbour):
        customer = make_customer(harbour, "Kestrel", key="kestrel")
        imports = [
            bring(harbour, "transactions", rows(PAID, "kestrel,t1,2026-02-01,4711,,USD,")),
            bring(harbour, "subscriptions", rows(RUNS, "kestrel,s1,2025-01-01,,4712,USD,month,")),
            bring(harbour, "cases", rows(ASKED, "kestrel,c1,2026-02-01,,,,,,,,Cold tea,,")),
        ]
    client, here = client_for(theo), f"/o/harbour/customers/{customer.pk}/"
    page = client.get(here).text
    assert all(words in page for words in ("4,711", "4,712", "Cold tea"))
    with tenancy.within(harbour):
        for each in imports:
            undo(harbour, each)
    page = client.get(here).text
    assert not any(words in page for words in ("4,711", "4,712", "Cold tea"))
