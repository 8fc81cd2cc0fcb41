"""Mapping files: what they say, what is wrong with them, and what they make of a row."""

from zoneinfo import ZoneInfo

import pytest

from office.importing.mapping import Mapping, WrongMapping
from office.importing.rows import Refused, RowReader, Skipped, guess

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
READING = {"customer": "c", "metric": {"const": "score"}, "at": "day", "value": "v"}


def reader(mapping: dict, header: list[str], kind: str = "readings") -> RowReader:
    return RowReader(Mapping.from_json(mapping, kind=kind), header, zone=AMSTERDAM)


def read(mapping: dict, header: list[str], cells: list[str], kind: str = "readings") -> dict:
    return reader(mapping, header, kind).read(cells)


def reading(cells: list[str], **changes: object) -> dict:
    return read(READING | changes, ["c", "day", "v"], cells)


def test_it_reads_a_row_by_the_columns_it_names():
    assert reading(["k1", "2026-01-15", "12.5"]) == {
        "customer": "k1",
        "metric": "score",
        "at": "2026-01-14T23:00:00+00:00",  # midnight in Amsterdam
        "value": 12.5,
    }


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2026-07-01 10:30", "2026-07-01T08:30:00+00:00"),
        ("2026-07-01T10:30:00Z", "2026-07-01T10:30:00+00:00"),
        ("2026-07-01T10:30:00+05:00", "2026-07-01T05:30:00+00:00"),
    ],
)
def test_it_takes_a_time_without_a_zone_as_the_organisations(cell, expected):
    assert reading(["k", cell, "1"])["at"] == expected


def test_it_counts_days_from_day_0_on_both_sides_of_a_change_of_clocks():
    at = {"from": "day", "days_from": "2026-03-28"}
    assert reading(["k", "-1", "1"], at=at)["at"] == "2026-03-26T23:00:00+00:00"
    assert reading(["k", "2", "1"], at=at)["at"] == "2026-03-29T22:00:00+00:00"


@pytest.mark.parametrize(
    ("how", "cell", "expected"),
    [
        ({"decimal": ","}, "3578,27", 3578.27),
        ({"decimal": ",", "thousands": "."}, "1.003.578,27", 1003578.27),
        ({"thousands": ","}, "22,927", 22927.0),
        ({}, "1 234.5", 1234.5),
        ({}, "-1e3", -1000.0),
    ],
)
def test_it_reads_numbers_as_the_mapping_says_they_are_written(how, cell, expected):
    assert reading(["k", "2026-01-15", cell], value={"from": "v", **how})["value"] == expected


@pytest.mark.parametrize(
    ("how", "cell", "reason"),
    [
        ({}, "2,024,994", "has a comma"),
        ({"decimal": ","}, "12.5", "has a point"),
        ({}, "n/a", "not a number"),
        ({}, "NaN", "not a number"),
        ({}, "inf", "not a number"),
        ({}, "1_000", "not a number"),
        ({}, "", "is empty"),
    ],
)
def test_it_refuses_what_is_no_number_rather_than_guess(how, cell, reason):
    with pytest.raises(Refused, match=reason) as refused:
        reading(["k", "2026-01-15", cell], value={"from": "v", **how})
    assert (refused.value.column, refused.value.value) == ("v", cell)


@pytest.mark.parametrize(
    ("how", "cell", "reason"),
    [
        ({}, "25.02.2026", "needs date_format"),
        ({}, "20260225", "needs date_format"),
        ({}, "00:00.0", "needs date_format"),
        ({"date_format": "%d.%m.%Y"}, "2026-02-25", "in the form %d.%m.%Y"),
        ({"date_format": "%d.%m.%Y"}, "31.02.2026", "in the form"),
        ({"days_from": "2026-01-01"}, "1.5", "whole number of days"),
        ({"days_from": "2026-01-01"}, "99999999999", "whole number of days"),
        ({}, "0026-02-25", "not a date"),
    ],
)
def test_it_refuses_what_is_no_date(how, cell, reason):
    with pytest.raises(Refused, match=reason):
        reading(["k", cell, "1"], at={"from": "day", **how})


def test_it_maps_values_and_makes_empty_what_is_mapped_to_null():
    metric = {"from": "m", "values": {"1752": "first", "none": None}, "empty": "skip"}
    header = ["c", "m", "day", "v"]
    assert read(READING | {"metric": metric}, header, ["k", "1752", "2026-01-01", "1"])["metric"] == "first"
    assert read(READING | {"metric": metric}, header, ["k", "other", "2026-01-01", "1"])["metric"] == "other"
    with pytest.raises(Skipped, match="m is empty"):
        read(READING | {"metric": metric}, header, ["k", "none", "2026-01-01", "1"])


def test_it_fills_a_form_from_several_columns():
    mapping = {"key": "id", "name": {"format": "{first} {last}"}}
    header = ["id", "first", "last"]
    assert read(mapping, header, ["7", " Ada ", "Okonjo"], "customers")["name"] == "Ada Okonjo"
    assert "name" not in read(mapping, header, ["7", "", ""], "customers")


@pytest.mark.parametrize(
    ("wanted", "cell", "is_meant"),
    [
        ("FALSE", "FALSE", True),
        (False, "FALSE", True),
        ("FALSE", "TRUE", False),
        (["a", "b"], "b", True),
        (["a", "b"], "c", False),
        (None, "", True),
        ({"at_most": 100}, "100", True),
        ({"more_than": 100}, "100", False),
        ({"more_than": 100}, "101", True),
        ({"at_least": 5, "less_than": 10}, "7.5", True),
        ({"at_least": 5, "less_than": 10}, "10", False),
        ({"at_most": 100}, "", False),
    ],
)
def test_it_takes_only_the_rows_that_are_meant(wanted, cell, is_meant):
    both = reader(READING | {"only_where": {"flag": wanted}}, ["c", "day", "v", "flag"])
    cells = ["k", "2026-01-01", "1", cell]
    if is_meant:
        assert both.read(cells)["customer"] == "k"
    else:
        with pytest.raises(Skipped, match="flag is not"):
            both.read(cells)


@pytest.mark.parametrize(
    ("mapping", "problem"),
    [
        ([], "JSON object"),
        ({"colour": "c"} | READING, "“colour” is no target column of readings"),
        ({"customer": "c", "metric": "m", "at": "d"}, "Nothing is mapped to “value”"),
        (READING | {"value": {}}, "needs one of from, const and format"),
        (READING | {"value": {"from": "v", "const": 1}}, "needs one of from, const and format"),
        (READING | {"value": {"from": "v", "decimel": ","}}, "unknown option “decimel”"),
        (READING | {"value": {"from": 7}}, "from has the wrong type"),
        (READING | {"value": {"from": "v", "empty": "zero"}}, "empty is skip or refuse"),
        (READING | {"value": 7}, "needs a column name or an object"),
        (READING | {"value": {"from": "v", "edited": "mine"}}, "edited is keep or take"),
        (READING | {"value": {"from": "v", "decimal": ";"}}, "a point or a comma"),
        (READING | {"value": {"from": "v", "decimal": ",", "thousands": ","}}, "are the same sign"),
        (READING | {"value": {"from": "v", "values": {"a": ["b"]}}}, "maps a text to a text"),
        (READING | {"at": {"from": "d", "days_from": "yesterday"}}, "days_from is a date"),
        (READING | {"at": {"from": "d", "days_from": "2026-01-01", "date_format": "%d"}}, "one is enough"),
        (READING | {"only_where": ["a"]}, "only_where is an object"),
        (READING | {"only_where": {"a": {"between": 3}}}, "can be bound by"),
        (READING | {"only_where": {"a": {"at_most": "x"}}}, "can be bound by"),
        (READING | {"only_where": {"a": []}}, "a value, or a list"),
        (READING | {"note": "a\0b"}, "NUL character"),
        (READING | {"delimiter": "#"}, "delimiter is one of"),
        (READING | {"encoding": "klingon"}, "no encoding we know"),
        (READING | {"header_line": "first"}, "header_line is a line number"),
    ],
)
def test_it_says_what_is_wrong_with_a_mapping(mapping, problem):
    with pytest.raises(WrongMapping, match=problem):
        Mapping.from_json(mapping, kind="readings")


def test_it_says_everything_that_is_wrong_at_once():
    with pytest.raises(WrongMapping) as wrong:
        Mapping.from_json({"colour": "c", "value": {}, "only_where": 3}, kind="readings")
    assert len(wrong.value.problems) == 6  # colour, value, only_where, and three targets missing


def test_it_names_the_columns_that_are_there_when_a_mapped_one_is_not():
    with pytest.raises(WrongMapping, match=r"no column “v”.*The file has: c, day, \(no name\), amount\."):
        reader(READING, ["c", "day", "", "amount"])


def test_it_refuses_a_mapped_column_that_is_there_twice_and_lets_others_be():
    with pytest.raises(WrongMapping, match="“v” stands there more than once: columns 3, 4"):
        reader(READING, ["c", "day", "v", "v"])
    assert reader(READING, ["c", "day", "v", "x", "x"])


def test_it_finds_columns_whatever_their_case_and_spaces():
    mapping = Mapping("customers")
    found = RowReader(mapping, ["Key", "NAME", "Outcome by", "fields.plan"], zone=AMSTERDAM)
    assert found.read(["k", "n", "her", "gold"]) == {
        "key": "k",
        "name": "n",
        "outcome_by": "her",
        "fields.plan": "gold",
    }


def test_it_guesses_columns_by_name_and_by_alias_once_each():
    assert guess("contacts", ["Customer ID", "E-Mail", "Name", "Time zone"]) == {
        "customer": "Customer ID",
        "name": "Name",
        "address": "E-Mail",
        "zone": "Time zone",
    }


def test_it_says_which_column_a_file_without_mapping_lacks():
    with pytest.raises(
        WrongMapping, match=r"no column “metric”.*The file has: customer, at, value.*mapping file"
    ):
        RowReader(Mapping("readings"), ["customer", "at", "value"], zone=AMSTERDAM)


@pytest.mark.parametrize("cells", [["k", "2026-01-01"], ["k", "2026-01-01", "1", "extra"]])
def test_it_refuses_a_row_of_another_width(cells):
    with pytest.raises(Refused, match=f"has {len(cells)} cells, the header names 3 columns"):
        reading(cells)


def test_it_lets_empty_cells_hang_over_at_the_end():
    assert reading(["k", "2026-01-01", "1", "", " "])["value"] == 1


def test_it_takes_back_the_apostrophe_that_exports_put_before_formulas():
    mapping, header = {"key": "id", "name": "n"}, ["id", "n"]
    assert read(mapping, header, ["7", "'=Sum of all"], "customers")["name"] == "=Sum of all"
    assert read(mapping, header, ["7", "'t Gooi"], "customers")["name"] == "'t Gooi"


def test_it_refuses_control_characters():
    with pytest.raises(Refused, match="control character"):
        read({"key": "id", "name": "n"}, ["id", "n"], ["7", "a\0b"], "customers")


@pytest.mark.parametrize(
    ("target", "cell", "reason"),
    [
        ("address", "nobody", "not an e-mail address"),
        ("address", f"{'a' * 250}@x.test", "too long"),
        ("zone", "Mars/Olympus", "not a time zone"),
        ("language", "english please", "not a language code"),
        ("primary", "perhaps", "neither yes nor no"),
        ("phone", "1" * 51, "at most 50 fit"),
    ],
)
def test_it_refuses_what_a_contact_cannot_have(target, cell, reason):
    mapping = {"customer": "c", "key": "k", target: "x"}
    with pytest.raises(Refused, match=reason):
        read(mapping, ["c", "k", "x"], ["1", "2", cell], "contacts")


def test_it_takes_the_first_of_an_hour_that_comes_twice():
    assert reading(["k", "2026-10-25 02:30", "1"])["at"] == "2026-10-25T00:30:00+00:00"
