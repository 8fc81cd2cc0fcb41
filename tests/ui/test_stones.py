"""Stones: deterministic, inside their box, and seven states that cannot be taken for one another."""

import re
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.generated import patient
from ui.paths import LARGEST, PAGE_HEIGHT, furthest, page_path, summary
from ui.slices import cut
from ui.stones import Stone, StoneState, stone_shapes
from ui.tiny import HEIGHT, WIDTH, tiny_path, tiny_stone

NUMBERS = re.compile(r"-?\d+(?:\.\d+)?")
STATES = st.sampled_from(StoneState)
STONES = st.lists(
    st.builds(Stone, name=st.just("A"), state=STATES, rings=st.integers(1, 6), met=st.integers(0, 6)),
    min_size=1,
    max_size=9,
)


def points(d: str) -> list[tuple[float, float]]:
    """The end points and handles of an absolute path of M, L and C."""
    assert set(re.findall(r"[A-Za-z]", d)) <= set("MLCZ"), d
    numbers = [float(number) for number in NUMBERS.findall(d)]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def drawing(state: StoneState, **given: object) -> list[tuple[str, str]]:
    stone = Stone("A milestone", state, rings=3, met=1)
    return [(shape.css, shape.d) for shape in stone_shapes(stone, seed="seed", radius=24, **given)]  # type: ignore[arg-type]


@patient
@given(seed=st.text(max_size=12), rings=st.integers(1, 9), radius=st.floats(8, 200))
def test_it_keeps_a_slice_inside_a_tenth_more_than_its_radius(seed: str, rings: int, radius: float) -> None:
    wood = cut(seed, radius, rings)
    assert all(x * x + y * y <= (1.1 * radius) ** 2 for x, y in points(wood.ring(1)))


@patient
@given(seed=st.text(max_size=12), widths=st.lists(st.floats(0, 1000), min_size=1, max_size=9))
def test_it_orders_rings_from_the_pith_outwards(seed: str, widths: list[float]) -> None:
    rings = cut(seed, 24, len(widths), tuple(widths)).rings
    assert list(rings) == sorted(set(rings))
    assert rings[-1] == pytest.approx(1)


def test_it_makes_a_ring_as_wide_as_its_criterion_took() -> None:
    rings = cut("seed", 24, 2, (1.0, 2.0)).rings
    assert (1 - rings[0]) / (rings[0] - 0.35 * 1.5 / 3.525) == pytest.approx(2, abs=0.01)


@pytest.mark.parametrize("state", StoneState)
def test_it_draws_the_same_stone_for_the_same_seed(state: StoneState) -> None:
    assert drawing(state) == drawing(state)
    stone = Stone("A milestone", state, rings=3, met=1)
    assert stone_shapes(stone, seed="other", radius=24) != stone_shapes(stone, seed="seed", radius=24)


@pytest.mark.parametrize(("one", "other"), list(combinations(StoneState, 2)))
def test_it_tells_states_apart_by_shape_alone(one: StoneState, other: StoneState) -> None:
    """Without classes, so without colours: the outlines themselves differ."""
    assert [d for _css, d in drawing(one)] != [d for _css, d in drawing(other)]
    tiny_one, tiny_other = (tiny_stone(Stone("", state, rings=3, met=1)) for state in (one, other))
    assert re.findall(r'd="[^"]*"', tiny_one) != re.findall(r'd="[^"]*"', tiny_other)


@pytest.mark.parametrize("met", [0, 1, 2, 3])
def test_it_draws_a_solid_ring_for_each_criterion_met(met: int) -> None:
    stone = Stone("A milestone", StoneState.GROWING, rings=4, met=met)
    css = [shape.css for shape in stone_shapes(stone, seed="seed", radius=24)]
    assert css.count("stone__edge") == met
    assert css.count("stone__ghost") == 4 - met


def test_it_keeps_the_seam_of_a_mended_contest() -> None:
    full = drawing(StoneState.VERIFIED)
    mended = drawing(StoneState.MENDED)
    assert mended[: len(full)] == full
    assert [css for css, _d in mended[len(full) :]] == ["stone__seam"]


def test_it_shows_fine_rings_only_when_asked() -> None:
    fine = [css for css, _d in drawing(StoneState.VERIFIED, fine=True)]
    assert "stone__fine" in fine
    assert "stone__fine" not in [css for css, _d in drawing(StoneState.VERIFIED)]


@patient
@given(stones=STONES)
def test_it_keeps_the_tiny_path_inside_its_cell(stones: list[Stone]) -> None:
    for d in re.findall(r' d="M(-?[\d.]+) (-?[\d.]+)', tiny_path(stones)):
        assert 0 <= float(d[0]) <= WIDTH
        assert 0 <= float(d[1]) <= HEIGHT


@patient
@given(stones=STONES, seed=st.text(max_size=8))
def test_it_keeps_the_page_path_inside_its_box(stones: list[Stone], seed: str) -> None:
    page = page_path(stones, seed=seed)
    assert len(page.stones) == len(stones)
    for placed in page.stones:
        assert LARGEST <= float(placed.x) <= page.width - LARGEST
        assert LARGEST <= float(placed.y) <= PAGE_HEIGHT - LARGEST


@patient
@given(stones=STONES)
def test_it_rakes_sand_only_as_far_as_the_customer_has_come(stones: list[Stone]) -> None:
    page = page_path(stones, seed="seed")
    if furthest(stones) < 0:
        assert page.sand == ""
        return
    last = float(page.stones[furthest(stones)].x)
    lines = [d for d in re.findall(r' d="([^"]*)"', page.sand) if "C" in d]
    ends = [points(d)[-1][0] for d in lines]
    is_finished = furthest(stones) == len(stones) - 1 and stones[-1].state.is_full
    assert all(end > page.width - 11 for end in ends) if is_finished else max(ends) < last + 60


def test_it_draws_a_pennant_only_with_a_target() -> None:
    stones = [
        Stone("late", StoneState.GROWING, warning="2 days past target"),
        Stone("soon", StoneState.NOT_YET, target_ahead=True),
        Stone("free", StoneState.NOT_YET),
    ]
    late, soon, free = page_path(stones, seed="seed").stones
    assert (bool(late.flag), late.is_late) == (True, True)
    assert (bool(soon.flag), soon.is_late) == (True, False)
    assert free.flag == ""
    assert tiny_path(stones).count("rings__late") == 1


def test_it_says_the_path_in_words() -> None:
    stones = [
        Stone("a", StoneState.VERIFIED),
        Stone("b", StoneState.VERIFIED),
        Stone("c", StoneState.GROWING, warning="2 days past target"),
        Stone("d", StoneState.NOT_YET),
    ]
    assert summary(stones) == "2 verified, 1 in progress, 1 not yet, 1 past target"


def test_it_draws_nothing_for_no_stones() -> None:
    assert tiny_path([]) == ""
    assert page_path([], seed="seed").stones == ()
    assert summary([]) == ""
