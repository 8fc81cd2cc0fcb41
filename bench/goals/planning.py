"""G16: how near a proposed week is to the best there is, and how long finding it takes. Needs no database."""

import time
from collections.abc import Sequence
from random import Random

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from bench.goals import Effort
from bench.rows import Row
from bench.stage import Stage
from coaching.packing import Item, pack

GOALS = ("G16",)
CALLS, LENGTHS, ROOMS = 12, (15, 20, 25, 30, 45, 60, 90), (0, 30, 45, 60, 90, 120, 180)
LONG = 40  # calls that are due in a full week


def measure(stage: Stage, sizes: Sequence[int], effort: Effort) -> list[Row]:
    dice, shares, spent = Random(7), [], []
    for _week in range(effort.weeks):
        items, rooms = random_week(dice)
        most = best(items, rooms)
        shares.append(pack(items, rooms).worth / most if most else 1.0)
    for _week in range(effort.weeks):
        items, rooms = random_week(dice, LONG, LONG)
        began = time.perf_counter()
        pack(items, rooms)
        spent.append((time.perf_counter() - began) * 1000)
    slow = sorted(spent)[int(0.95 * (len(spent) - 1))]
    n, about = effort.weeks, f"up to {CALLS} calls in 5 days"
    return [
        Row(
            "G16",
            f"a week, {about}: share of the best, worst",
            min(shares),
            0.95,
            at_most=False,
            unit="",
            n=n,
        ),
        Row("G16", f"a week of {LONG} calls, p95", slow, 500, unit="ms", n=n),
    ]


def random_week(dice: Random, most: int = CALLS, least: int = 1) -> tuple[list[Item], list[int]]:
    n = dice.randint(least, most)
    items = [Item(key, dice.choice(LENGTHS), dice.randint(1, 120)) for key in range(n)]
    return items, [dice.choice(ROOMS) for _day in range(5)]


def best(items: Sequence[Item], rooms: Sequence[int]) -> int:
    """The optimum by integer programming (HiGHS): x[item, day] is 0 or 1."""
    n, days = len(items), len(rooms)
    once, fits = np.zeros((n, n * days)), np.zeros((days, n * days))
    for i, item in enumerate(items):
        once[i, i * days : (i + 1) * days] = 1
        fits[range(days), range(i * days, (i + 1) * days)] = item.minutes
    found = milp(
        np.repeat([-item.worth for item in items], days),
        constraints=[LinearConstraint(once, ub=1), LinearConstraint(fits, ub=rooms)],
        integrality=np.ones(n * days),
        bounds=Bounds(0, 1),
    )
    return round(-found.fun)
