"""Contradictions between a file and what is stored: both sides shown, in whichever order the files came."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from office import importing
from office.importing.mapping import Mapping, WrongMapping
from office.models import Import
from organisations.models import Organisation, User
from tests.factories import make_customer, make_metric, make_reading, make_subscription, make_transaction
from tests.office.bringing import NOW, bring

ClientFor = Callable[[User], Client]
ACCOUNTS = "key,name,gone\nkestrel,Kestrel,True\nheron,Heron,False\nswift,Swift,\n"
COMPARE = [
    {"when": {"fields.gone": "True"}, "has": {"readings": "churned"}},
    {"when": {"fields.gone": ["False"]}, "has_no": {"readings": "churned"}},
]


def accounts(organisation: Organisation, compare: list[object]) -> Import:
    mapping = {"key": "key", "name": "name", "fields.gone": "gone", "compare": compare}
    return bring(organisation, "customers", ACCOUNTS, mapping=mapping)


def found(organisation: Organisation, import_: Import) -> list[tuple[int, str, str, str]]:
    every = importing.Disagreements(organisation, import_, today=NOW.date()).every()
    return [(each.line, each.customer.key, each.says, each.against) for each in every]


def customer_of(organisation: Organisation, key: str):
    from customers.models import Customer

    return Customer.objects.get(key=key)


def test_it_waits_until_there_is_something_to_compare_with(in_harbour):
    import_ = accounts(in_harbour, COMPARE)
    disagreements = importing.Disagreements(in_harbour, import_, today=NOW.date())
    assert disagreements.waiting == ["a reading of churned"]
    assert disagreements.count == 0


def test_it_finds_both_directions_whenever_the_other_file_comes(in_harbour):
    import_ = accounts(in_harbour, COMPARE)
    make_reading(customer_of(in_harbour, "heron"), make_metric(in_harbour, "churned"), 1)
    assert found(in_harbour, import_) == [
        (2, "kestrel", "gone True", "no reading of churned"),
        (3, "heron", "gone False", "a reading of churned"),
    ]
    mapping = {"customer": "customer", "metric": "metric", "at": "at", "value": "value"}
    mapping["compare"] = [{"field": {"gone": "True"}}]
    content = "customer,metric,at,value\nheron,churned,2026-01-02,5\nkestrel,churned,2026-01-02,5"
    other = bring(in_harbour, "readings", content, mapping=mapping)
    assert found(in_harbour, other) == [(2, "heron", "2026-01-02", "gone False")]


@pytest.mark.parametrize(
    ("has", "against"),
    [
        ({"subscriptions": "running"}, "a running subscription"),
        ({"subscriptions": "any"}, "a subscription"),
        ({"transactions": "any"}, "a transaction"),
    ],
)
def test_it_holds_a_row_against_what_a_customer_has(in_harbour, has, against):
    import_ = accounts(in_harbour, [{"when": {"fields.gone": "True"}, "has_no": has}])
    kestrel, heron = (customer_of(in_harbour, key) for key in ("kestrel", "heron"))
    for customer in (kestrel, heron):
        make_subscription(customer, 5)
        make_transaction(customer, 5)
    assert found(in_harbour, import_) == [(2, "kestrel", "gone True", against)]


def test_it_knows_a_subscription_that_no_longer_runs(in_harbour):
    import_ = accounts(in_harbour, [{"has": {"subscriptions": "running"}}])
    make_subscription(customer_of(in_harbour, "heron"), 5)
    make_subscription(customer_of(in_harbour, "kestrel"), 5, ends_on=date(2026, 3, 11))
    assert [row[1:] for row in found(in_harbour, import_)] == [
        ("kestrel", "", "no running subscription"),
        ("swift", "", "no running subscription"),
    ]


def test_it_finds_what_came_before_the_beginning_and_after_the_end(in_harbour):
    make_customer(in_harbour, "Kestrel", key="kestrel", fields={"since": "2026-02-01"})
    make_customer(in_harbour, "Heron", key="heron", left_on=date(2026, 2, 1))
    content = (
        "customer,id,opened_at\nkestrel,c1,2026-01-31 23:59\nkestrel,c2,2026-02-01\nheron,c3,2026-02-02\n"
    )
    mapping = {"customer": "customer", "id": "id", "opened_at": "opened_at"}
    import_ = bring(in_harbour, "cases", content, mapping=mapping | {"compare": [{"not_before": "since"}]})
    assert found(in_harbour, import_) == [
        (2, "kestrel", "2026-01-31", "since 2026-02-01"),
        (4, "heron", "2026-02-02", "they left on 2026-02-01"),
    ]
    plain = bring(in_harbour, "cases", content, mapping=mapping)
    assert [row[1] for row in found(in_harbour, plain)] == ["heron"]


@pytest.mark.once
@pytest.mark.parametrize(
    ("compare", "problem"),
    [
        ({}, "a list of objects"),
        (["x"], "a list of objects"),
        ([{"when": {}}], "one of has, has_no, field and not_before"),
        ([{"has": {"cases": "any"}, "field": {"a": "b"}}], "one of has"),
        ([{"has": {"calls": "any"}}], "a customer can have readings, subscriptions"),
        ([{"has": {"readings": 1}}], "a customer can have"),
        ([{"has": "readings"}], "has is an object with one name"),
        ([{"when": [], "field": {"a": "b"}}], "when is an object"),
        ([{"not_before": "since"}], "not_before names a further fact"),
        ([{"field": {"a": "b"}, "why": 1}], "one of has"),
    ],
)
def test_a_rule_that_cannot_be_used_refuses_the_mapping(compare, problem):
    with pytest.raises(WrongMapping, match=problem):
        Mapping.from_json({"key": "key", "compare": compare}, kind="customers")


def test_the_pages_show_both_sides(client_for: ClientFor, in_harbour, theo, mara, eve):
    import_ = accounts(in_harbour, COMPARE)
    client = client_for(theo)
    here = f"/o/harbour/imports/{import_.pk}/"
    assert "Not yet compared with: a reading of churned." in client.get(here).text
    assert "Nothing disagrees" in client.get(f"{here}disagreements/").text
    make_reading(customer_of(in_harbour, "kestrel"), make_metric(in_harbour, "churned"), 1)
    assert "Compared with what is stored: nothing disagrees." in client.get(here).text
    make_reading(customer_of(in_harbour, "heron"), make_metric(in_harbour, "else"), 1)
    import_.rows.filter(line=2).update(data={"key": "kestrel", "name": "Kestrel", "fields.gone": "False"})
    assert "1 row disagrees with what is stored." in client.get(here).text
    page = client.get(f"{here}disagreements/").text
    for words in ("Kestrel", "gone False", "a reading of churned", "gone False: a reading of churned"):
        assert words in page
    csv = client.get(f"{here}disagreements/", {"format": "csv"}).getvalue().decode("utf-8-sig")
    assert csv.splitlines()[1:] == ["2,kestrel,Kestrel,gone False,a reading of churned"]
    assert client_for(mara).get(f"{here}disagreements/").status_code == 403
    assert client_for(eve).get(f"{here}disagreements/").status_code == 404
    assert client_for(eve).get(f"/o/rival/imports/{import_.pk}/disagreements/").status_code in (403, 404)
