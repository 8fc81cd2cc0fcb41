"""What a column holds, by its first rows, and what it becomes: proposed from names and contents."""

import pytest

from office.importing.guessing import Content, content_of, contents, propose


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["2026-02-25", "", "2026-12-01 10:30"], Content("c", "date")),
        (["25.02.2026", "01.03.2026"], Content("c", "date", date_format="%d.%m.%Y")),
        (["02/25/2026", "03/01/2026"], Content("c", "date", date_format="%m/%d/%Y")),
        (["25/02/2026", "01/03/2026"], Content("c", "date", date_format="%d/%m/%Y")),
        (["01/02/2026", "03/04/2026"], Content("c", "date", date_format="%d/%m/%Y", is_unsure=True)),
        (["20110123", "20111231"], Content("c", "date", date_format="%Y%m%d")),
        (["25.02.2026 14:30"], Content("c", "date", date_format="%d.%m.%Y %H:%M")),
        (["00:00.0", "12:30.5"], Content("c")),
        (["3578,27", "2171,2942", "7"], Content("c", "number", decimal=",")),
        (["1.234,50", "20.000"], Content("c", "number", decimal=",", thousands=".")),
        (["229,932.50", "10,105.40", "NULL"], Content("c", "number", thousands=",")),
        (["2,666", "498"], Content("c", "number", thousands=",")),
        (["41.5", "-3", "1e3", "n/a"], Content("c", "number")),
        (["2,024,994", "10124,97"], Content("c")),
        (["a@b.example", "c@d.example"], Content("c", "address")),
        (["null", "", "-"], Content("c", "empty")),
        (["Spain", "Italy", "Spain"], Content("c", values=("Spain", "Italy"))),
    ],
)
def test_it_tells_what_a_column_holds(texts, expected):
    assert content_of("c", texts) == expected


def proposed(kind: str, header: list[str], *rows: list[str], remembered=None):
    return propose(kind, contents(header, rows), remembered)


def test_it_proposes_by_name_by_words_and_by_content():
    header = ["Customer No", "Company Name", "Key account", "Rel. since", "E-mail of CSM"]
    rows = ["7", "Ostra", "yes", "2026-01-01", "mara@harbour.example"]
    assert proposed("customers", header, rows) == {
        "key": {"from": "Customer No"},
        "name": {"from": "Company Name"},
        "owner": {"from": "E-mail of CSM"},
    }
    assert proposed(
        "readings", ["customer", "metric", "Day", "Amount"], ["k", "m", "25.02.2026", "1.234,5"]
    ) == {
        "customer": {"from": "customer"},
        "metric": {"from": "metric"},
        "at": {"from": "Day", "date_format": "%d.%m.%Y"},
        "value": {"from": "Amount", "decimal": ",", "thousands": "."},
    }


def test_it_proposes_for_what_is_paid_and_asked():
    header = ["Customer ID", "Order ID", "Order date", "Total amount", "Currency", "Product"]
    row = ["c1", "o1", "25.02.2026", "1.234,50", "EUR", "Tea"]
    assert proposed("transactions", header, row) == {
        "customer": {"from": "Customer ID"},
        "id": {"from": "Order ID"},
        "at": {"from": "Order date", "date_format": "%d.%m.%Y"},
        "amount": {"from": "Total amount", "decimal": ",", "thousands": "."},
        "currency": {"from": "Currency"},
        "about": {"from": "Product"},
    }
    header = ["Ticket ID", "Customer", "Created at", "Solved at", "Priority", "Reopens"]
    row = ["1", "c1", "29/2/2016 01:16", "29/2/2016 11:29", "high", "0"]
    assert proposed("cases", header, row) == {
        "customer": {"from": "Customer"},
        "id": {"from": "Ticket ID"},
        "opened_at": {"from": "Created at", "date_format": "%d/%m/%Y %H:%M"},
        "resolved_at": {"from": "Solved at", "date_format": "%d/%m/%Y %H:%M"},
        "urgency": {"from": "Priority"},
        "reopened_count": {"from": "Reopens"},
    }


def test_it_does_not_choose_between_two_that_fit():
    header = ["customer", "metric", "Ordered", "Shipped", "Net", "Gross"]
    row = ["k", "m", "2026-02-25", "2026-02-26", "1", "2"]
    assert proposed("readings", header, row).keys() == {"customer", "metric"}


def test_it_proposes_what_was_said_before_when_its_columns_are_here():
    before = {
        "key": {"from": "Nr"},
        "name": "Firma",
        "segment": {"from": "Land", "values": {"DE": "Germany"}},
    }
    assert proposed("customers", ["Nr", "Firma", "Land"], ["1", "A", "DE"], remembered=before) is before
    assert "segment" not in proposed("customers", ["Nr", "Firma"], ["1", "A"], remembered=before)
    before["segment"] |= {"optional": True}
    assert proposed("customers", ["Nr", "Firma"], ["1", "A"], remembered=before) is before
