"""CSV that spreadsheets open without calculating, and that comes back as it was."""

import csv
import io

import pytest

from ui.spreadsheets import csv_lines, csv_response, safe


@pytest.mark.parametrize(
    "text", ["=1+1", "+SUM(A1)", "-cmd|' /C calc'!A0", "@now", "\t=1", "\r=1", "=", "+1-555-CALL"]
)
def test_it_marks_what_a_spreadsheet_would_calculate(text):
    assert safe(text) == f"'{text}"


@pytest.mark.parametrize("value", ["-5", "+31", "-1,234.5", "a=b", "", "Fine", "x@y.example"])
def test_it_leaves_numbers_and_words_alone(value):
    assert safe(value) == value


def test_it_writes_none_as_nothing_and_numbers_as_numbers():
    assert [safe(None), safe(0), safe(-3)] == ["", "0", "-3"]


def test_it_writes_a_mark_quotes_and_line_ends_that_spreadsheets_know():
    text = "".join(csv_lines(["name", "says"], [["Ada", 'a "b", c'], ["=x", "two\nlines"]]))
    assert text.startswith("\ufeffname,says\r\n")
    assert list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))) == [
        ["name", "says"],
        ["Ada", 'a "b", c'],
        ["'=x", "two\nlines"],
    ]


def test_it_names_the_file_harmlessly():
    response = csv_response('x"; filename="../é.csv', ["a"], [])
    assert response["Content-Disposition"] == 'attachment; filename="x-filename-..-.csv"'
    assert b"".join(response.streaming_content) == b"\xef\xbb\xbfa\r\n"
