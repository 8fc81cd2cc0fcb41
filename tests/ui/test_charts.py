"""Charts: numbers land where they should, inside the box, and gaps do not break them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.generated import patient
from ui.charts import Bar, Span, columns, day_band, funnel, progress_ring, sparkline, whisker
from ui.curves import CohortRow, Curve, CurvePoint, cohort_cells, large_curve, small_curve
from ui.figures import Rate, initials, interval_words, percent, rate_words

MORNING = datetime(2026, 3, 12, 8, 0, tzinfo=UTC)


@patient
@given(st.lists(st.one_of(st.none(), st.floats(-1e6, 1e6)), max_size=60))
def test_it_draws_any_sparkline_inside_its_box(values: list[float | None]) -> None:
    chart = sparkline(values, width=96, height=24)
    if chart.dot is None:
        assert all(value is None for value in values)
        return
    for point in filter(None, chart.line.removeprefix("M").split("L")):
        x, y = (float(number) for number in point.split(" "))
        assert 0 <= x <= 96
        assert 0 <= y <= 24


def test_it_puts_the_highest_value_of_a_sparkline_on_top() -> None:
    heights = [float(point.split(" ")[1]) for point in sparkline([1, 5, 3]).line[1:].split("L")]
    assert heights.index(min(heights)) == 1


def test_it_places_a_rate_between_nought_and_all() -> None:
    chart = whisker(Rate(1, 2, 0.25, 0.75, target=1))
    assert (chart.dot, chart.band, chart.target) == ("80", "M42 10H118", "M156 1V19")


def test_it_leaves_out_what_is_not_known_of_a_rate() -> None:
    chart = whisker(Rate(0, 0))
    assert (chart.dot, chart.band, chart.target) == ("", "", "")


def test_it_draws_columns_in_proportion() -> None:
    low, high, none = columns([Bar("a", 1), Bar("b", 2), Bar("c", 0)])
    assert float(high.y) < float(low.y) < float(none.y)
    assert none.d == ""


def test_it_draws_a_funnel_of_nothing() -> None:
    assert funnel([]) == []
    assert [bar.d for bar in funnel([Bar("a", 0)])] == [""]


@pytest.mark.parametrize(("share", "part"), [(0, "0"), (0.5, "131.9"), (1, "263.9"), (7, "263.9"), (-1, "0")])
def test_it_fills_a_ring_as_far_as_the_share_goes(share: float, part: str) -> None:
    assert progress_ring(share).part == part


def test_it_cuts_the_day_at_its_edges() -> None:
    spans = [
        Span(MORNING - timedelta(hours=3), MORNING - timedelta(hours=1), "before"),
        Span(MORNING - timedelta(hours=1), MORNING + timedelta(hours=2), "over the edge"),
    ]
    band = day_band(
        spans, begins=MORNING, ends=MORNING + timedelta(hours=8), now=MORNING + timedelta(hours=4)
    )
    assert [(drawn.span.label, drawn.x) for drawn in band.spans] == [("over the edge", "0")]
    assert band.now == "M596 2V30"


def test_it_steps_upwards_along_a_curve() -> None:
    chart = small_curve(Curve([CurvePoint(10, 0.5), CurvePoint(20, 1)], horizon=20))
    assert chart.line == "M1 28H55V15H109V2H109"
    assert chart.band == ""


def test_it_draws_a_band_only_when_every_bound_is_known() -> None:
    known = [CurvePoint(0, 0, 0, 0), CurvePoint(10, 0.5, 0.4, 0.6)]
    assert large_curve(Curve(known)).band.endswith("Z")
    assert large_curve(Curve([*known, CurvePoint(20, 0.6)])).band == ""


def test_it_leaves_out_a_target_beyond_the_horizon() -> None:
    points = [CurvePoint(10, 0.5)]
    assert large_curve(Curve(points, horizon=90, target=120)).target == ""
    assert large_curve(Curve(points, horizon=90, target=90, median=200)).median is None


def test_it_draws_a_curve_that_nobody_has_climbed() -> None:
    assert large_curve(Curve([])).line == "M42 238H686"


def test_it_shades_cohort_cells_by_share() -> None:
    cells = cohort_cells(CohortRow("Oct", 14, (0, 0.3, 0.6, 1, None)))
    assert [cell.css for cell in cells] == ["s1", "s2", "s3", "s4", "none"]


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.683, "68%"),
        (0.031, "3.1%"),
        (0, "0%"),
        (1, "100%"),
        (0.999, ">99%"),
        (0.0001, "<0.1%"),
        (0.995, ">99%"),
        (0.768, "77%"),
        (None, "–"),
    ],
)
def test_it_never_rounds_a_share_to_a_lie(share: float | None, said: str) -> None:
    assert percent(share) == said


def test_it_writes_an_interval_rounded() -> None:
    assert interval_words(0.573, 0.768) == "57 to 77%"
    assert interval_words(0.011, 0.088) == "1.1 to 8.8%"
    assert interval_words(None, 0.5) == "–"


def test_it_says_a_rate_with_its_company() -> None:
    assert rate_words(Rate(57, 84, 0.573, 0.768, 0.75)) == "68%, 95% interval 57 to 77%, target 75%"
    assert rate_words(Rate(0, 0)) == "–"


@pytest.mark.parametrize(
    ("name", "letters"), [("Mara Lindqvist", "ML"), ("Ines", "I"), ("Ana-Maria de la Cruz", "AC"), ("", "?")]
)
def test_it_takes_initials(name: str, letters: str) -> None:
    assert initials(name) == letters
