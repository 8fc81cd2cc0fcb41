"""The arithmetic of the bench: quantiles, ratios within a round, verdicts, and what the README says."""

import pytest

from bench import reporting
from bench.measuring import Timed, quantile
from bench.rows import Row, compact, shortfalls

FACTS = {
    "date": "2026-03-12",
    "machine": "Quiet Box",
    "processor": "One",
    "cores": 2,
    "memory_gb": 8,
    "load_before": 0.1,
    "python": "3.13",
    "versions": {"django": "6.1"},
}


def row(value, limit=2.0, *, at_most=True):
    return Row("G1", "customer list", value, limit, at_most=at_most, size=10_000, n=5)


def test_a_quantile_is_a_value_that_was_measured():
    seconds = [n / 100 for n in range(100, 0, -1)]
    assert quantile(seconds, 0.5) == 0.5
    assert quantile(seconds, 0.95) == 0.95
    assert quantile([3.0], 0.95) == 3.0


def test_a_ratio_is_taken_within_each_round():
    ours = Timed([[2.0], [20.0], [3.0]])  # the second round met a busy moment, on both sides
    least = Timed([[1.0], [10.0], [1.0]])
    assert ours.ratio(least, 0.95) == 2.0
    assert ours.n == 3
    assert ours.quantile(0.5) == 3.0


@pytest.mark.parametrize(
    ("value", "at_most", "is_met", "fails"),
    [
        (2.0, True, True, False),
        (2.1, True, False, False),
        (2.6, True, False, False),
        (2.61, True, False, True),
        (2.0, False, True, False),
        (1.9, False, False, False),
        (1.4, False, False, False),
        (1.39, False, False, True),
    ],
)
def test_a_row_fails_when_it_misses_by_more_than_thirty_percent(value, at_most, is_met, fails):
    found = row(value, at_most=at_most)
    assert (found.is_met, found.fails) == (is_met, fails)


def test_a_row_without_a_goal_cannot_fail():
    assert row(99.0, None).is_met
    assert not row(99.0, None).fails


def test_the_readme_shows_the_newest_table_and_says_what_falls_short(tmp_path):
    readme = tmp_path / "README.md"
    readme.write_text(f"# Before\n\n{reporting.BEGIN}\nold\n{reporting.END}\n\n# After\n")
    rows = [row(1.5), Row("G9", "Milestones", 50.0, 2.0, size=100_000), row(7.0, None)]
    reporting.show_in_readme(rows, FACTS, readme)
    text = readme.read_text()
    assert text.startswith("# Before\n")
    assert text.endswith(f"{reporting.END}\n\n# After\n")
    assert "old" not in text
    assert "| G1 | customer list | 10,000 | 1.50 × | ≤ 2 × |" in text
    assert "Falls short: G9 Milestones at 100,000 (50 ×, goal ≤ 2 ×)." in text
    assert "7 ×" not in text  # held against nothing, so only in the long table


def test_results_keep_machine_versions_and_n(tmp_path):
    readable = reporting.write([row(1.5)], FACTS, tmp_path)
    assert readable.name == "2026-03-12-quiet-box.md"
    kept = readable.with_suffix(".json").read_text()
    assert '"n": 5' in kept
    assert '"django": "6.1"' in kept
    assert "2 cores, 8 GB" in readable.read_text()


def test_all_met_is_said_as_well():
    assert shortfalls([row(1.0)]) == "Every goal measured is met."
    assert "**" not in compact([row(1.0)])
