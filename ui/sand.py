"""Raked sand: the lines of a slow flow past the stones, and ripples round each stone that has been reached.

A line of sand is where the flow function y − Σ r²·dy/d² has the same value all along; it is found by halving.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from random import Random

from ui.shapes import Shape, circle, graph

LINES = (-26.5, -20.0, -14.0, -8.5, -3.0, 3.0, 8.5, 14.0, 20.0, 26.5)  # pixels above and below the middle
# A line is computed at these places beside a stone, in swept radii, and every FAR pixels between stones.
BENDS = (-1.6, -1.25, -1, -0.93, -0.75, -0.42, 0, 0.42, 0.75, 0.93, 1, 1.25, 1.6)
FAR = 34
HALVINGS = 13  # 160 pixels halved so often leave 1/50 pixel
FARTHEST = 160
RIPPLES, RIPPLE_GAP, RIPPLE_PAD = 2, 5, 5


@dataclass(frozen=True, slots=True)
class Disc:
    """A stone as the sand sees it."""

    x: float
    y: float
    radius: float

    @property
    def swept(self) -> float:
        """The radius of the raked circle around it."""
        return self.radius + RIPPLE_PAD + RIPPLE_GAP * RIPPLES


@lru_cache(maxsize=512)
def rake(discs: tuple[Disc, ...], *, width: float, is_finished: bool) -> tuple[Shape, ...]:
    """Sand round the discs reached so far, from the left edge; to the right edge when the walk is finished.

    Depends on nothing but places, so all customers on the same stretch share one computation.
    """
    if not discs:
        return ()
    random = Random(len(discs))
    middle = sum(disc.y for disc in discs) / len(discs)
    lines = []
    for height in LINES:
        start = random.uniform(0, 10)
        end = _end_of_line(discs[-1], height, width, is_finished, random)
        lines.append(Shape("rings__sand", graph(_line(discs, middle, height, start, end))))
    return (*_ripples(discs), *lines)


def _ripples(discs: tuple[Disc, ...]) -> list[Shape]:
    return [
        Shape("rings__sand", circle(disc.x, disc.y, disc.radius + RIPPLE_PAD + RIPPLE_GAP * (ripple - 0.5)))
        for disc in discs
        for ripple in range(1, RIPPLES + 1)
    ]


def _end_of_line(last: Disc, height: float, width: float, is_finished: bool, random: Random) -> float:
    """The rake lifts behind the last stone reached, a little later the farther out it runs."""
    if is_finished:
        return width - random.uniform(0, 10)
    return min(width, last.x + last.swept * 0.62 + abs(height) * 0.55 + random.uniform(-3, 3))


def _line(
    discs: tuple[Disc, ...], middle: float, height: float, start: float, end: float
) -> list[tuple[float, float]]:
    side = 1 if height > 0 else -1
    return [
        (x, middle + side * _distance(discs, middle, side, x, abs(height))) for x in _marks(discs, start, end)
    ]


def _marks(discs: tuple[Disc, ...], start: float, end: float) -> list[float]:
    """The places along the line to compute, from left to right."""
    bends = sorted(disc.x + disc.swept * bend for disc in discs for bend in BENDS)
    marks = [start]
    for x in (*(bend for bend in bends if start < bend < end), end):
        between = round((x - marks[-1]) / FAR)
        marks += [marks[-1] + (x - marks[-1]) * i / between for i in range(1, between)]
        marks.append(x)
    return marks


def _distance(discs: tuple[Disc, ...], middle: float, side: int, x: float, height: float) -> float:
    """How far from the middle the flow function equals `height` at this x, outside every raked circle."""
    lowest = 0.0
    near = []
    for disc in discs:
        across, swept = (x - disc.x) ** 2, disc.swept**2
        offset = side * (disc.y - middle)
        if across < swept:
            lowest = max(lowest, offset + sqrt(swept - across))
        near.append((across, swept, offset))

    def flow(y: float) -> float:
        return y - sum(s * max(0.0, y - o * 0.8) / (a + (y - o) ** 2 + 1e-6) for a, s, o in near)

    return _halve(flow, height, lowest, lowest + FARTHEST)


def _halve(function: Callable[[float], float], value: float, low: float, high: float) -> float:
    for _ in range(HALVINGS):
        half = (low + high) / 2
        if function(half) < value:
            low = half
        else:
            high = half
    return low
