"""Calls into days: as good as the best there is, held against a solver of integer programs (HiGHS)."""

from random import Random

import pytest

from bench.goals.planning import LENGTHS, best, random_week
from coaching.packing import Item, pack

pytestmark = pytest.mark.once
WEEKS = 200


def check(items: list[Item], rooms: list[int], packing) -> None:
    """It says what it holds, and no day holds more than it has."""
    chosen = {item.key: item for item in items if item.key in packing.place_of}
    assert packing.worth == sum(item.worth for item in chosen.values()) <= packing.bound
    for place, room in enumerate(rooms):
        assert sum(chosen[key].minutes for key, at in packing.place_of.items() if at == place) <= room


def test_it_is_as_good_as_the_best_on_two_hundred_weeks():
    dice, reached = Random(7), []
    for _week in range(WEEKS):
        items, rooms = random_week(dice)
        packing, most = pack(items, rooms), best(items, rooms)
        check(items, rooms, packing)
        assert packing.worth <= most <= packing.bound
        if packing.is_best:
            assert packing.worth == most
        reached.append(packing.worth / most if most else 1)
    assert min(reached) >= 0.95
    assert sum(share == 1 for share in reached) >= 0.97 * WEEKS


def test_a_long_list_is_packed_well_and_says_how_well():
    """Eighty calls for a week: far more than fit."""
    items, rooms = random_week(Random(3), 80)
    items += [Item(100 + n, LENGTHS[n % 7], 20 + n * 13 % 90) for n in range(60)]
    packing = pack(items, [max(room, 120) for room in rooms])
    check(items, [max(room, 120) for room in rooms], packing)
    assert packing.worth >= 0.95 * packing.bound


def test_what_cannot_be_is_left_out():
    assert pack([], []).place_of == {}
    assert pack([Item(1, 30, 5)], []).worth == 0
    packing = pack([Item(1, 90, 50), Item(2, 30, 1), Item(3, 20, 0)], [60, 45])
    assert packing.place_of == {2: 1}
    assert packing.is_best
