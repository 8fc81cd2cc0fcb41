"""Public data sets come in by the example mappings, to the row and the cent that their descriptions name."""

import json
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Sum

from customers.models import Contact, Customer, Reading, Subscription, SupportCase, Transaction
from office import importing
from office.models import Import
from organisations.models import Organisation
from tests.office.bringing import NOW, bring

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "docs" / "examples"
DATA = ROOT.parent / "shared" / "data"
UNIT = 10_000

pytestmark = pytest.mark.once


def example(name: str) -> dict[str, Any]:
    return json.loads((EXAMPLES / f"{name}.json").read_text())


def real(name: str, *, rows: int | None = None) -> bytes:
    path = DATA / name
    if not path.exists():
        pytest.skip("the shared data sets are not on this machine")
    with path.open("rb") as file:
        return b"".join(islice(file, rows + 1 if rows else None))


def bring_in(organisation: Organisation, kind: str, file: bytes, name: str, **how: Any) -> Import:
    return bring(organisation, kind, file, mapping=example(name), **{"source": name.split("/")[0]} | how)


def refused(import_: Import) -> Counter[str]:
    return Counter(import_.rows.filter(end="refused").values_list("reason", flat=True))


def disagreements(organisation: Organisation, import_: Import) -> importing.Disagreements:
    return importing.Disagreements(organisation, import_, today=NOW.date())


@pytest.mark.parametrize(
    ("rows", "lines", "customers"),
    [(400, 400, None), pytest.param(None, 12_399, 3_698, marks=pytest.mark.nightly)],
)
def test_it_takes_a_web_shop_exactly(in_harbour, rows, lines, customers):
    file = real("webshop-orders/order_lines.csv", rows=rows)
    people = bring_in(in_harbour, "customers", file, "webshop-orders/customers")
    assert people.row_count == lines
    assert people.counts["new"] == Customer.objects.count() == (customers or Customer.objects.count())
    orders = bring_in(in_harbour, "transactions", file, "webshop-orders/orders")
    assert orders.counts == {"new": lines}
    (sums,) = Transaction.objects.standing().sums()
    assert sums["n"] == sums["n_costed"] == lines
    if rows is None:
        assert round(sums["total_e4"] / UNIT, 2) == 6_041_388.10
        assert (sums["total_e4"], sums["costs_e4"]) == (60_413_880_995, 35_524_734_176)
    assert bring_in(in_harbour, "transactions", file, "webshop-orders/orders").counts == {"unchanged": lines}


def test_it_says_the_sum_of_a_whole_web_shop_to_the_cent():
    """Without the database, so that it is asked with every change: each cell as the import reads it."""
    import csv
    from zoneinfo import ZoneInfo

    from office.importing.cells import Manner, money
    from ui.amounts import money_words

    text = real("webshop-orders/order_lines.csv").decode()
    rows, manner = list(csv.DictReader(text.splitlines())), Manner(ZoneInfo("UTC"))
    total = sum(money(row["SalesAmount"], manner) for row in rows)
    cost = sum(money(row["TotalProductCost"], manner) for row in rows)
    assert len(rows) == 12_399
    assert money_words(total, "USD") == "USD\N{NO-BREAK SPACE}6,041,388.10"
    assert money_words(cost, "USD") == "USD\N{NO-BREAK SPACE}3,552,473.42"


@pytest.mark.parametrize("rows", [600, pytest.param(None, marks=pytest.mark.nightly)])
def test_it_takes_the_deals_of_a_crm(in_harbour, rows):
    folder = "crm-opportunities"
    accounts = bring_in(in_harbour, "customers", real(f"{folder}/accounts.csv"), f"{folder}/customers")
    assert accounts.counts == {"new": 85}
    assert Customer.objects.filter(segment__name="technolgy").count() == 0
    assert Customer.objects.filter(fields__office="Philippines").count() == 1
    assert Customer.objects.exclude(fields__parent=None).count() == 15
    pipeline = real(f"{folder}/sales_pipeline.csv", rows=rows)
    won = bring_in(in_harbour, "transactions", pipeline, f"{folder}/won")
    assert won.row_count == (rows or 5000)
    (sums,) = Transaction.objects.standing().sums()
    assert sums["n"] == won.counts["new"]
    assert Transaction.objects.filter(about="GTX Pro").exists()
    assert not Transaction.objects.filter(about="GTXPro").exists()
    if rows is None:
        assert won.counts == {"new": 2681, "skipped": 2319}
        assert sums["total_e4"] == 6_344_341 * UNIT
        assert Transaction.objects.filter(about="GTX Pro").count() == 448
    again = bring_in(in_harbour, "transactions", pipeline, f"{folder}/won")
    assert again.counts == {"unchanged": won.counts["new"], "skipped": won.counts["skipped"]}


def test_it_takes_a_software_company_and_shows_where_its_tables_disagree(in_harbour):
    folder = "saas-accounts"
    accounts = bring_in(in_harbour, "customers", real(f"{folder}/accounts.csv"), f"{folder}/customers")
    assert accounts.counts == {"new": 350}
    assert disagreements(in_harbour, accounts).waiting == ["a reading of churned", "a running subscription"]
    churn = real(f"{folder}/churn_events.csv")
    events = bring_in(in_harbour, "readings", churn, f"{folder}/churn")
    assert events.counts == {"new": 428}
    refunds = Reading.objects.filter(metric__key="churned").aggregate(total=Sum("value"))
    assert round(refunds["total"], 2) == 5248.47
    found = disagreements(in_harbour, accounts)
    assert found.waiting == ["a running subscription"]
    assert Counter((each.says, each.against) for each in found.found) == {
        ("churn_flag True", "no reading of churned"): 30,
        ("churn_flag False", "a reading of churned"): 187,
    }
    other_way = Counter(each.against for each in disagreements(in_harbour, events).found)
    assert set(other_way) == {"churn_flag False"}
    assert len({each.customer.pk for each in disagreements(in_harbour, events).found}) == 187
    bring_in(in_harbour, "readings", churn, f"{folder}/reasons")
    reasons = Counter(Reading.objects.values_list("metric__key", flat=True))
    assert reasons["left-for-features"] == 80
    assert bring_in(in_harbour, "readings", churn, f"{folder}/returns").counts["new"] == 50


@pytest.mark.parametrize(
    ("subscriptions", "tickets"),
    [(300, 300), pytest.param(None, None, marks=pytest.mark.nightly)],
)
def test_it_takes_what_a_software_company_is_paid_and_asked(in_harbour, subscriptions, tickets):
    folder = "saas-accounts"
    accounts = bring_in(in_harbour, "customers", real(f"{folder}/accounts.csv"), f"{folder}/customers")
    file = real(f"{folder}/subscriptions.csv", rows=subscriptions)
    paid = bring_in(in_harbour, "subscriptions", file, f"{folder}/subscriptions")
    assert paid.counts == {"new": subscriptions or 3492}
    usage = real(f"{folder}/feature_usage.csv", rows=tickets)
    used = bring_in(in_harbour, "readings", usage, f"{folder}/usage", is_partial=True)
    if subscriptions is None:
        assert used.counts == {"new": 17_480}
        assert Reading.objects.aggregate(total=Sum("value"))["total"] == 175_338
    else:
        assert set(refused(used)) == {"no subscription from here has this id"}
        assert used.counts["new"] == Reading.objects.count() > 0
    asked = real(f"{folder}/support_tickets.csv", rows=tickets)
    cases = bring_in(in_harbour, "cases", asked, f"{folder}/cases")
    assert cases.counts == {"new": tickets or 1409}
    early = disagreements(in_harbour, cases)
    assert early.count > 100
    assert early.shown[0].against.startswith("signup_date 20")
    if subscriptions is None:
        total = Subscription.objects.aggregate(total=Sum("amount_e4"))["total"]
        assert total == 7_859_338 * UNIT
        assert Subscription.objects.exclude(ends_on=None).count() == 340
        assert SupportCase.objects.filter(satisfaction=None).count() == 600
        assert early.count == 759
        assert disagreements(in_harbour, paid).count == 0
        running = Counter(each.against for each in disagreements(in_harbour, accounts).found)
        assert running["a running subscription"] == 85
    assert bring_in(in_harbour, "cases", asked, f"{folder}/cases").counts == {"unchanged": tickets or 1409}


def test_it_takes_the_cases_of_a_service_desk_once_each(in_harbour):
    log = real("support-incidents/incident_event_log.csv")
    people = bring_in(in_harbour, "customers", log, "support-incidents/customers")
    assert people.counts["new"] == Customer.objects.count() == 456
    cases = bring_in(in_harbour, "cases", log, "support-incidents/cases")
    assert cases.row_count == 4137
    assert cases.counts == {"new": 600, "unchanged": 7, "skipped": 3530}
    every = SupportCase.objects.all()
    assert every.count() == 600
    assert every.filter(resolved_at=None).count() == 17
    assert every.filter(reassigned_count=0).count() == 314
    assert every.filter(reassigned_count=0, reopened_count=0).count() == 313
    assert set(every.values_list("channel", flat=True)) == {"Phone"}
    again = bring_in(in_harbour, "cases", log, "support-incidents/cases")
    assert again.counts == {"unchanged": 607, "skipped": 3530}


@pytest.mark.parametrize("rows", [500, pytest.param(None, marks=pytest.mark.nightly)])
def test_it_takes_subscribers_without_names(in_harbour, rows):
    file = real("telco-customers/telco_customers.csv", rows=rows)
    import_ = bring_in(in_harbour, "customers", file, "telco-customers/customers")
    assert import_.counts == {"new": rows or 4000}
    assert bring_in(in_harbour, "readings", file, "telco-customers/charges").counts == {"new": rows or 4000}
    if rows is None:
        assert Customer.objects.filter(fields__churn="Yes").count() == 1057
        charges = Reading.objects.aggregate(total=Sum("value"))
        assert round(charges["total"], 2) == 259_804.15


def test_it_takes_businesses_without_a_key_by_their_line(in_harbour):
    file = real("saas-smb-churn/saas_churn.csv")
    import_ = bring_in(in_harbour, "customers", file, "saas-smb-churn/customers")
    assert import_.counts == {"new": 1200}
    assert Customer.objects.filter(fields__churned="yes").count() == 562
    assert Customer.objects.filter(segment__name="1-10").count() == 193
    assert Customer.objects.get(key="smb-2").fields["payroll"] == "Active"
    scores = bring_in(in_harbour, "readings", file, "saas-smb-churn/satisfaction")
    assert scores.counts == {"new": 1200}


def test_it_takes_a_help_desk_and_says_what_does_not_fit(in_harbour):
    folder = "helpdesk-export"
    organisations = real(f"{folder}/organization_data.csv")
    assert bring_in(in_harbour, "customers", organisations, f"{folder}/customers").counts == {"new": 10}
    tickets, users = real(f"{folder}/ticket_data.csv"), real(f"{folder}/user_data.csv")
    first = bring_in(in_harbour, "cases", tickets, f"{folder}/cases-solved")
    assert first.state == "refused"
    assert refused(first) == {"no customer has this key": 7}
    assert first.counts["skipped"] == 3
    bring_in(in_harbour, "customers", tickets, f"{folder}/customers-of-tickets")
    bring_in(in_harbour, "customers", users, f"{folder}/customers-of-users")
    cases = bring_in(in_harbour, "cases", tickets, f"{folder}/cases-solved")
    assert cases.counts == {"new": 7, "skipped": 3}
    assert bring_in(in_harbour, "cases", tickets, f"{folder}/cases-open").counts == {"skipped": 10}
    people = bring_in(in_harbour, "contacts", users, f"{folder}/contacts", is_partial=True)
    assert people.counts == {"new": 7, "refused": 2, "skipped": 1}
    assert all(reason.endswith("has this address for the same customer") for reason in refused(people))
    assert Contact.objects.filter(name="John Doe").count() == 6
