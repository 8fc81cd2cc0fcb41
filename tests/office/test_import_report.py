"""What the check found, row by row: looked through, page by page, and as a file; templates to begin with."""

import csv
import io

import pytest
from django.urls import reverse

from office.importing import tables
from office.importing.examples import template_of
from office.importing.mapping import Mapping
from office.importing.rows import RowReader, by_name
from office.models import Import
from organisations import tenancy
from tests.factories import make_customer
from tests.office.bringing import bring

REFUSED = "key,name,owner\n" + "".join(f"k{n},,\n" for n in range(4)) + "x,X,=cmd|calc\nyy,Y,y@y.example\n"


@pytest.fixture
def checked(harbour) -> Import:
    with tenancy.within(harbour):
        return bring(harbour, "customers", REFUSED, apply_at_once=False)


def look(client, import_: Import, name: str = "import_detail", **query: object):
    return client.get(reverse(f"office:{name}", args=["harbour", import_.pk]), query)


def lines(page: str) -> list[int]:
    return [int(part.split("<")[0]) for part in page.split('<td class="end">')[1:]]


def test_it_looks_through_refused_rows_by_column_text_and_line(client_for, theo, checked):
    client = client_for(theo)
    page = look(client, checked, end="refused").content.decode()
    assert lines(page) == [2, 3, 4, 5, 6, 7]
    assert '<option value="owner">' in page
    assert lines(look(client, checked, end="refused", column="owner").content.decode()) == [6, 7]
    assert lines(look(client, checked, end="refused", q="Y@Y").content.decode()) == [7]
    assert lines(look(client, checked, end="refused", q="4").content.decode()) == [4]
    assert "No row fits." in look(client, checked, end="refused", q="nowhere").content.decode()


def test_it_goes_page_by_page_by_line(client_for, theo, checked, monkeypatch):
    monkeypatch.setattr(tables, "SHOWN", 4)
    client = client_for(theo)
    page = look(client, checked, end="refused").content.decode()
    assert (lines(page), "after=5" in page) == ([2, 3, 4, 5], True)
    page = look(client, checked, end="refused", after=5).content.decode()
    assert (lines(page), "after=" in page.split('class="pages"')[1]) == ([6, 7], False)


def test_the_file_holds_what_was_looked_for_and_is_safe_in_spreadsheets(client_for, theo, checked):
    answer = look(client_for(theo), checked, "import_rows", end="refused", column="owner")
    assert answer["Content-Disposition"] == 'attachment; filename="refused-customers.csv"'
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    header, first, second = list(csv.reader(io.StringIO(text)))
    assert header == ["_line", "_column", "_value", "_reason", "key", "name", "owner"]
    assert (first[0], first[2], first[6]) == ("6", "'=cmd|calc", "'=cmd|calc")
    assert second[:3] == ["7", "owner", "y@y.example"]


def test_changed_rows_say_from_what_to_what(client_for, harbour, theo):
    with tenancy.within(harbour):
        make_customer(harbour, "Old", key="k")
        import_ = bring(harbour, "customers", "key,name\nk,New\n", apply_at_once=False)
    assert "“Old” becomes “New”" in look(client_for(theo), import_, end="changed").content.decode()


@pytest.mark.parametrize("kind", Import.Kind.values)
def test_every_kind_has_a_template_that_reads(client_for, harbour, theo, kind):
    answer = client_for(theo).get(reverse("office:import_template", args=["harbour", kind]))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    header, row = list(csv.reader(io.StringIO(text)))
    assert header == template_of(kind)[0]
    by_name(kind, header)
    values = RowReader(Mapping(kind), header, zone=harbour.tzinfo).read(row)
    assert len(values) >= 3
    assert not [name for name, cell in zip(header, row, strict=True) if cell == name.replace("_", " ")]
