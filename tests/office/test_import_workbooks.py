"""Excel workbooks: read like CSV, or refused before they can do harm, with the reason."""

from datetime import date, datetime

import pytest

from customers.models import Customer, Reading
from office.importing import workbooks
from tests.factories import make_customer, make_metric
from tests.office.bringing import bring, refusal
from tests.office.workbook import MAIN, packed, parts, sheet, workbook

ROWS = [["key", "name", "fields.seats", "fields.since", "fields.paid"]]


def test_it_reads_texts_numbers_dates_and_yes_or_no_as_csv_would_say_them(in_harbour):
    rows = [*ROWS, [17, "Möwe & Söhne", 12.5, date(2026, 2, 3), True], ["k2", "Ostra", ("SUM(1,2)", 3), None]]
    import_ = bring(in_harbour, "customers", workbook({"Customers": rows}))
    assert import_.counts == {"new": 2}, import_.state_why
    assert Customer.objects.get(key="17").fields == {"seats": "12.5", "since": "2026-02-03", "paid": "true"}
    assert Customer.objects.get(key="k2").fields == {"seats": "3"}, "a formula's last value"
    assert import_.layout["sheet"] == "Customers"


@pytest.mark.parametrize(("is_1904", "day"), [(False, "2026-02-03"), (True, "2030-02-04")])
def test_it_counts_days_from_where_the_workbook_does(in_harbour, is_1904, day):
    kestrel = make_customer(in_harbour, key="kestrel")
    make_metric(in_harbour)
    rows = [["customer", "metric", "at", "value"], ["kestrel", "score", datetime(2026, 2, 3, 12, 30), 7]]  # noqa: DTZ001
    import_ = bring(in_harbour, "readings", workbook({"R": rows}, is_1904=is_1904))
    assert import_.state == "applied", import_.state_why
    reading = Reading.objects.get(customer=kestrel)
    assert reading.at.isoformat() == f"{day}T11:30:00+00:00"


def test_it_takes_the_first_sheet_that_holds_anything_or_the_one_that_is_named(in_harbour):
    sheets = {"Empty": [], "One": [["key", "name"], ["a", "A"]], "Two": [["key", "name"], ["b", "B"]]}
    bring(in_harbour, "customers", workbook(sheets))
    assert Customer.objects.get().key == "a"
    mapping = {"sheet": "Two", "key": "key", "name": "name"}
    bring(in_harbour, "customers", workbook(sheets), mapping=mapping)
    assert Customer.objects.filter(key="b").exists()
    import_ = bring(in_harbour, "customers", workbook(sheets), mapping=mapping | {"sheet": "Three"})
    assert import_.state_why == "The workbook has no sheet “Three”. It has: Empty, One, Two."


def test_it_says_the_line_of_a_refused_row_as_the_sheet_counts_it(in_harbour):
    rows = [["A title"], [], ["key", "name"], ["a", "A"], [], ["", "Nobody"]]
    import_ = bring(in_harbour, "customers", workbook({"S": rows}))
    assert refusal(import_)[:2] == (6, "key")


@pytest.mark.parametrize(
    ("limit", "value", "why"),
    [
        ("LARGEST_PACKED", 100, "larger than 20 MB"),
        ("LARGEST_UNPACKED", 1000, "would be larger than 200 MB"),
        ("MOST_ROWS", 2, "more than 200,000 rows"),
        ("MOST_CELLS", 3, "more than 10 million cells"),
    ],
)
def test_it_refuses_what_is_too_large(in_harbour, monkeypatch, limit, value, why):
    monkeypatch.setattr(workbooks, limit, value)
    content = workbook({"S": [["key", "name"], ["a", "A"], ["b", "B"], ["c", "C"]]})
    import_ = bring(in_harbour, "customers", content)
    assert why in import_.state_why
    assert import_.state == "refused"


def spread(cells: str) -> bytes:
    text = f'<worksheet xmlns="{MAIN}"><sheetData><row r="1">{cells}</row></sheetData></worksheet>'
    return packed(parts({"S": text}))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (spread('<c r="A1"><v>1</v></c><c r="XFD200000"><v>1</v></c>'), "more than 10 million cells"),
        (spread('<c r="A1"/><c r="A1048576"/>'), "more than 200,000 rows"),
        (spread('<c r="&#65;1048576"/>'), "written in a way no spreadsheet does"),
        (packed({"readme.txt": "hello"}), "This is a zip archive, not an Excel workbook"),
        (packed({"xl/workbook.xml": "<workbook"}), "It begins like an Excel workbook, and is damaged"),
        (packed({f"p{n}": "" for n in range(2001)} | {"xl/workbook.xml": ""}), "larger than 200 MB"),
        (workbook({"S": [["key", "name"]]})[:-300], "is damaged: File is not a zip file"),
        (workbook({}), "The workbook has no sheet"),
        (workbook({"S": []}), "The file is empty."),
    ],
    ids=["spread", "deep", "disguised", "zip", "broken", "many parts", "cut off", "no sheet", "empty"],
)
def test_it_refuses_what_could_do_harm_or_is_none(in_harbour, content, why):
    import_ = bring(in_harbour, "customers", content)
    assert (import_.state, Customer.objects.count()) == ("refused", 0)
    assert why in import_.state_why


def test_it_refuses_a_bomb_before_it_is_unpacked(in_harbour):
    content = packed(parts({"S": sheet([["key"]])}) | {"xl/media/zeros.bin": bytes(201 * 1024**2)})
    assert len(content) < 1_000_000
    assert "would be larger than 200 MB" in bring(in_harbour, "customers", content).state_why


def test_it_does_not_believe_what_an_archive_says_of_its_size(in_harbour):
    content = bytearray(packed(parts({"S": sheet([["key"]])}) | {"big.bin": bytes(3_000_000)}))
    said = (3_000_000).to_bytes(4, "little")
    content = content.replace(said, (10).to_bytes(4, "little"))
    assert "is damaged: Bad CRC-32" in bring(in_harbour, "customers", bytes(content)).state_why
