"""Files as people send them: read right, or refused whole with the exact reason."""

import gzip
import random
from pathlib import Path

import pytest

from customers.models import Customer
from office.importing.files import path_of
from office.importing.records import Records, WrongFile
from tests.office.bringing import begin, bring, ends, refusal, work

MESSY = Path(__file__).parents[2].parent / "shared" / "data" / "messy-csv"
NAMES = "key,name\nk1,Café Ångström\nk2,Łódź\n"


def names() -> dict[str, str]:
    return dict(Customer.objects.values_list("key", "name"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_it_reads_unicode_with_and_without_a_mark(in_harbour, encoding):
    import_ = bring(in_harbour, "customers", NAMES.encode(encoding))
    assert names() == {"k1": "Café Ångström", "k2": "Łódź"}, import_.state_why


def test_it_reads_windows_1252(in_harbour):
    bring(in_harbour, "customers", "key,name\nk1,Müller “Söhne” €\n".encode("cp1252"))
    assert names()["k1"] == "Müller “Söhne” €"


def test_it_finds_latin_1_where_windows_1252_has_nothing(in_harbour):
    content = b"key,name\nk1,\xe9\nk2,caf\xe9\nk3,\x9d\n"
    import_ = bring(in_harbour, "customers", content, is_partial=True)
    assert import_.layout["encoding"] == "latin-1"


def test_it_finds_utf_8_wrong_only_far_into_the_file(in_harbour):
    content = b"key,name\n" + b"".join(b"k%d,plain\n" % n for n in range(20_000)) + b"last,caf\xe9\n"
    bring(in_harbour, "customers", content)
    assert names()["last"] == "café"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_it_finds_the_delimiter(in_harbour, delimiter):
    rows = [["key", "name", "about"], ["k1", '"One, two; three | four"', "x"], ["k2", "Plain", "y"]]
    bring(in_harbour, "customers", "\n".join(delimiter.join(row) for row in rows))
    assert names() == {"k1": "One, two; three | four", "k2": "Plain"}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_it_reads_every_kind_of_line_end_and_lines_within_quotes(in_harbour, end):
    content = end.join(["key,name,about", 'k1,"He said ""hi""","two', 'lines"', "", "k2,Plain,"])
    import_ = bring(in_harbour, "customers", content)
    assert names() == {"k1": 'He said "hi"', "k2": "Plain"}
    assert list(ends(import_)) == [2, 5]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "The file is empty."),
        (b"\n\n\r\n", "The file is empty."),
        (b"key,name\n", "The file has a header and no rows."),
        (b"key,name", "The file has a header and no rows."),
        (b"\xef\xbb\xbfkitten,win", "There is no column “key”. There is no column “name”."),
        (b"id no,Title\n1,2\n", "The file has: id no, Title."),
        (b"key,name,name\nk,a,b\n", "“name” stands there more than once: columns 2, 3"),
        (b'key,name\nk1,"open\nk2,x\nk3,y\n', "Line 2 opens a quote that is never closed"),
        (b"k\0ey,key,name\nk1,a,b\n", "Line 1, the header, has NUL characters"),
        (b"PK\x03\x04 whatever", "It begins like an Excel workbook, and is damaged: File is not a zip file."),
        (gzip.compress(b"key,name\nk,n\n", mtime=0), "This is a gzip archive"),
        (b"key,name\nk1," + b"x" * 5_100_000 + b"\n", "more than 5 million characters"),
    ],
)
def test_it_refuses_what_is_no_table_and_says_why(in_harbour, content, why):
    mapping = {"key": "key", "name": "name"} if b"kitten" in content else {}
    import_ = bring(in_harbour, "customers", content, mapping=mapping)
    assert import_.state == "refused"
    assert why in import_.state_why
    assert not Customer.objects.exists()
    assert not import_.rows.exists()


def test_it_refuses_a_file_that_is_not_in_the_encoding_it_is_said_to_be(in_harbour):
    content = "key,name\nk1,café\n".encode("latin-1")
    import_ = bring(in_harbour, "customers", content, mapping={"encoding": "utf-8"})
    assert import_.state == "refused"
    assert "the file is not utf-8" in import_.state_why


def test_it_refuses_one_row_with_a_cell_of_a_megabyte_and_gives_a_piece_of_it_back(in_harbour):
    content = f"key,name\nk1,{'x' * 1_000_000}\nk2,Fine\n"
    import_ = bring(in_harbour, "customers", content, is_partial=True)
    line, column, value, reason = refusal(import_)
    assert (line, column, len(value)) == (2, "name", 200)
    assert "1000000 characters long" in reason
    assert names() == {"k2": "Fine"}


def test_it_refuses_rows_with_nul_and_rows_of_another_width_by_line(in_harbour):
    content = "key,name\nk1,a\0b\nk2\nk3,Fine\nk4,a,b\n"
    import_ = bring(in_harbour, "customers", content, is_partial=True)
    assert {line: end for line, (end, _) in ends(import_).items()} == {
        2: "refused",
        3: "refused",
        4: "new",
        5: "refused",
    }
    assert ends(import_)[3][1] == "has 1 cells, the header names 2 columns"
    assert names() == {"k3": "Fine"}


def test_it_passes_over_titles_above_the_header(in_harbour):
    content = "Our customers in 2026,,\n\nas of March,,\nKey,Name,About\nk1,One,\n"
    import_ = bring(in_harbour, "customers", content)
    assert import_.layout["header_line"] == 4
    assert names() == {"k1": "One"}


def test_it_reads_a_file_without_header_by_the_columns_numbers(in_harbour):
    mapping = {"header_line": 0, "key": "1", "name": "3"}
    bring(in_harbour, "customers", "k1,x,One\nk2,y,Two\n", mapping=mapping)
    assert names() == {"k1": "One", "k2": "Two"}


def test_it_takes_the_line_that_the_mapping_calls_the_header(in_harbour):
    """Though an earlier one would do."""
    content = "key,name,label\nno,No,no\nkey,label,name\nk1,x,One\n"
    bring(in_harbour, "customers", content, mapping={"header_line": 3, "key": "key", "name": "name"})
    assert names() == {"k1": "One"}


def test_it_says_so_when_that_line_is_not_there(in_harbour):
    mapping = {"header_line": 9, "key": "key", "name": "name"}
    import_ = bring(in_harbour, "customers", "key,name\nk1,One\n", mapping=mapping)
    assert "Line 9, which the mapping calls the header, is not there" in import_.state_why
    assert names() == {}


@pytest.mark.parametrize(
    "content",
    [b"key,name\nk1,caf\xc3", b"key,name\nk1,caf\xe9\n" + b"".join(b"k%d,x\n" % n for n in range(2, 9_000))],
    ids=["ends inside a character", "wrong early in a long file"],
)
def test_it_takes_what_is_no_utf_8_for_windows_1252(in_harbour, content):
    import_ = bring(in_harbour, "customers", content)
    assert import_.layout["encoding"] == "cp1252"


def test_it_reads_the_delimiter_that_the_mapping_names(in_harbour):
    mapping = {"delimiter": ";", "key": "key", "name": "name"}
    bring(in_harbour, "customers", "key;name\nk1;One, two\nk2;Three, four\n", mapping=mapping)
    assert names() == {"k1": "One, two", "k2": "Three, four"}


def test_it_skips_rows_of_nothing_but_delimiters(in_harbour):
    import_ = bring(in_harbour, "customers", "key,name\nk1,One\n,\n , \n")
    assert import_.counts == {"new": 1, "skipped": 2}


def test_it_never_crashes_on_rubbish(in_harbour):
    """Random bytes around what matters to a CSV reader: every file ends in a state, none in an error."""
    chance = random.Random(7)
    pieces = [b",", b";", b"\n", b"\r", b'"', b"\0", b"key", b"name", b"\xff\xfe", b"\xef\xbb\xbf"]
    for _ in range(40):
        count = chance.randrange(80)
        content = b"".join(chance.choice([*pieces, chance.randbytes(3)]) for _ in range(count))
        import_ = bring(in_harbour, "customers", content, is_partial=True)
        assert import_.state in ("refused", "applied"), content


def test_it_closes_the_file_when_reading_stops_early(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n")
    with Records(path, encoding="utf-8", delimiter=",") as records:
        assert next(iter(records)).cells == ["a", "b"]
    assert records._file.closed


def test_it_says_so_when_the_kept_file_is_gone(in_harbour):
    import_ = begin(in_harbour, "customers", NAMES)
    path_of(import_).unlink()
    with pytest.raises(WrongFile):
        path_of(import_)
    assert "no longer kept" in work(in_harbour, import_).state_why


# Files nobody here wrote. Each is read by a mapping, or refused with its reason.

KEYED = {"daily": {"key": "SalesOrderNumber", "name": {"format": "Order {SalesOrderNumber}"}}}
READ = {
    "sales_country_typos.csv": ({"key": "SalesID", "name": "Country"}, {"new": 18}),
    "simple.ssv": ({"key": {"format": "{date} {place}"}, "name": "place"}, {"new": 6}),
    "simple.psv": ({"key": "Year", "name": {"format": "Year {Year}"}}, {"new": 28}),
    "null.csv": (
        {"header_line": 0, "key": "1", "name": {"from": "2", "values": {"null": ""}, "empty": "skip"}},
        {"new": 5, "skipped": 5},
    ),
    "excel_pasting.csv": ({"key": "Year", "name": "Year", "fields.y2007": "2007"}, {"new": 16, "skipped": 1}),
    "spanish_chars.csv": (
        {"key": {"format": "{GF_ID}-{FN_ID}-{SF_ID}"}, "name": {"format": "{GF}{F}{SF}"}},
        None,
    ),
}


def messy(name: str) -> bytes:
    path = MESSY / name
    if not path.exists():
        pytest.skip("the shared data sets are not on this machine")
    return path.read_bytes()


@pytest.mark.parametrize("name", READ)
def test_it_reads_files_as_people_send_them(in_harbour, name):
    mapping, counts = READ[name]
    import_ = bring(in_harbour, "customers", messy(name), mapping=mapping, is_partial=True)
    assert import_.state == "applied", import_.state_why
    if counts is not None:
        assert import_.counts == counts


@pytest.mark.parametrize("day", ["23", "24", "25"])
def test_it_reads_a_comma_as_separator_and_as_decimal_sign_in_one_file(in_harbour, day):
    content = messy(f"daily/InternetSales201101{day}.csv")
    customers = {"key": "CustomerKey", "name": {"format": "Customer {CustomerKey}"}}
    bring(in_harbour, "customers", content, mapping=customers, is_partial=True)
    readings = {
        "customer": "CustomerKey",
        "metric": {"const": "sales", "create": True},
        "at": {"from": "OrderDateKey", "date_format": "%Y%m%d"},
        "value": {"from": "SalesAmount", "decimal": ","},
        "id": {"format": "{SalesOrderNumber}-{SalesOrderLineNumber}"},
    }
    import_ = bring(in_harbour, "readings", content, mapping=readings)
    assert import_.state == "applied", import_.state_why
    values = {row.data["value"] for row in import_.rows.all()}
    assert values <= {3578.27, 3374.99, 699.0982, 3399.99}
    assert len(import_.rows.all()) == content.count(b"\n") - 1


def test_it_refuses_numbers_that_a_spreadsheet_has_destroyed_row_by_row(in_harbour):
    content = messy("reseller_sales_damaged.csv")
    customers = {"key": "ResellerKey", "name": {"format": "Reseller {ResellerKey}"}}
    bring(in_harbour, "customers", content, mapping=customers, is_partial=True)
    readings = {
        "customer": "ResellerKey",
        "metric": {"const": "sales", "create": True},
        "at": {"from": "OrderDateKey", "date_format": "%Y%m%d"},
        "value": "SalesAmount",
        "id": {"format": "{SalesOrderNumber}-{SalesOrderLineNumber}"},
    }
    import_ = bring(in_harbour, "readings", content, mapping=readings)
    assert import_.state == "refused"
    assert import_.counts["skipped"] == 412
    assert import_.row_count == 587 + 412
    row = import_.rows.filter(end="refused").first()
    assert (row.line, row.column, row.value) == (2, "SalesAmount", "2,024,994")
    assert "say in the mapping whether it is the decimal or the thousands sign" in row.reason


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("utf8bom.csv", "The file has: kitten, win."),
        ("weird_head_padding.csv", "There is no column “Jahr”."),
    ],
)
def test_it_says_exactly_what_is_wrong_with_files_it_cannot_read(in_harbour, name, why):
    mapping = {"key": "Jahr", "name": "Jahr"}
    import_ = bring(in_harbour, "customers", messy(name), mapping=mapping)
    assert import_.state == "refused"
    assert why in import_.state_why
