"""The page of results: rows are added, and replaced by a run of the same kind, size and seed."""

import shutil
from dataclasses import replace
from pathlib import Path

from tests.storm import proof
from tests.storm.counting import Count
from tests.storm.reporting import Report

COUNT = Count(1000, 1000, 999, 0, 0, 2, 1, 0, 0, 4, 1333, 1900)
REPORT = Report(
    profile="outgrown",
    seed=7,
    what="kills -9",
    hits={"web": 2, "Redis": 1},
    count=COUNT,
    tries_again={"500": 3},
    seconds={"working": 60, "settling": 9},
    day="2026-03-12",
    versions="Python 3.13.0, PostgreSQL 18.6",
    cores=2,
)
ROW = (
    "| outgrown | 1,000 | 3 | 7 | 2 web, 1 Redis | 1,000 | 999 | 0 | 0 | 2 (1) | 4 | 1,333, 1,900 | 69 "
    "| 2026-03-12 | Python 3.13.0, PostgreSQL 18.6, 2 cores |"
)


def rows_after(tmp_path: Path, *reports: Report) -> list[str]:
    """What the page gained; it loses nothing of what it says."""
    page = Path(shutil.copy(proof.PAGE, tmp_path / "proof.md"))
    before = page.read_text().splitlines()
    for report in reports:
        proof.write(report, page)
    after = page.read_text().splitlines()
    assert [line for line in before if line not in after] == []
    return [line for line in after if line not in before]


def test_a_run_is_a_row_of_its_table(tmp_path):
    restarts = replace(REPORT, what="restarts", hits={"web": 1}, seconds={"working": 8})
    assert rows_after(tmp_path, REPORT) == [ROW]
    [line] = rows_after(tmp_path, restarts)
    assert line.startswith(
        "| outgrown | 1,000 | 1 | 7 | 1 web | 1,000 | 999 | 0 | 0 | 2 | 3 | 1,333, 1,900 | 8 |"
    )


def test_the_same_run_again_takes_the_place_of_its_row(tmp_path):
    again = replace(REPORT, count=replace(COUNT, arrived=1000))
    assert rows_after(tmp_path, REPORT, again) == [ROW.replace("| 999 |", "| 1,000 |")]


def test_rows_stand_in_the_order_of_size_and_seed(tmp_path):
    larger, other = replace(REPORT, count=replace(COUNT, wanted=5000)), replace(REPORT, seed=10)
    found = rows_after(tmp_path, larger, other, REPORT)
    assert found == [ROW, ROW.replace("| 7 |", "| 10 |"), ROW.replace("| 1,000 |", "| 5,000 |", 1)]


def test_a_report_survives_its_journey_between_processes():
    assert Report.of(REPORT.json()) == REPORT
