"""A journey in a table cell, 120 by 20 pixels: circles instead of wood, so that fifty rows cost nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import cos, pi, sin

from django.utils.safestring import SafeString

from ui.shapes import Point, Shape, between, circle, drawn, number, polyline
from ui.stones import Stone, StoneState

WIDTH, HEIGHT, MIDDLE = 120, 20, 12.5
BOLD = "stone__edge stone__edge--bold"


@dataclass(frozen=True, slots=True)
class _TinyStone:
    state: StoneState
    share: float
    is_late: bool


@lru_cache(maxsize=4096)
def _tiny(stones: tuple[_TinyStone, ...]) -> SafeString:
    gap = WIDTH / len(stones)
    growth = 1.7 / max(1, len(stones) - 1)
    places = [(gap * (i + 0.5), min(4.7 + growth * i, gap / 2 - 1.2)) for i in range(len(stones))]
    shapes = []
    for here, there in pairwise(zip(stones, places, strict=True)):
        ahead = there[0].state == StoneState.NOT_YET
        way = between((here[1][0], MIDDLE), (there[1][0], MIDDLE), _reach(*here), _reach(*there))
        if way:
            shapes.append(Shape("rings__way rings__way--ahead" if ahead else "rings__way", way))
    for stone, (x, radius) in zip(stones, places, strict=True):
        shapes += _tiny_stone(stone, x, radius)
        if stone.is_late:
            shapes.append(Shape("rings__late", polyline([(x - 3.2, 0), (x + 3.2, 0), (x, 4.6)]) + "Z"))
    return drawn(_joined(shapes))


def _joined(shapes: Sequence[Shape]) -> list[Shape]:
    """One path for each class instead of one for each shape: a list of fifty customers is a fifth smaller.

    Claimed and evidenced stones have a ground, so their edges come before whatever lies on it.
    """
    of_class = {BOLD: ""}
    for shape in shapes:
        of_class[shape.css] = of_class.get(shape.css, "") + shape.d
    return [Shape(css, d) for css, d in of_class.items() if d]


def _reach(stone: _TinyStone, place: Point) -> float:
    """How far from a stone's middle the way begins."""
    return 1.6 + (1.6 if stone.state == StoneState.NOT_YET else place[1])


def _tiny_stone(stone: _TinyStone, x: float, r: float) -> list[Shape]:
    y, inner = MIDDLE, r - 0.6
    bold = Shape(BOLD, circle(x, y, inner))
    full = [Shape("stone__body", circle(x, y, r)), Shape("stone__grain", circle(x, y, r * 0.52))]
    match stone.state:
        case StoneState.NOT_YET:
            return [Shape("stone__seed stone__seed--ahead", circle(x, y, 1.6))]
        case StoneState.GROWING:
            part = _arc(x, y, r - 0.5, stone.share)
            ghost = Shape("stone__ghost", circle(x, y, r - 0.5))
            edge = [Shape("stone__edge stone__edge--part", part)] if part else []
            return [ghost, *edge, Shape("stone__seed", circle(x, y, 1.6))]
        case StoneState.CLAIMED:
            return [bold]
        case StoneState.EVIDENCED:
            i = number(inner)
            half = f"M{number(x - inner)} {number(y)}a{i} {i} 0 0 0 {number(2 * inner)} 0Z"
            return [bold, Shape("stone__body", half)]
        case StoneState.VERIFIED:
            return full
        case StoneState.MENDED:
            seam = polyline([(x, y), (x + r * 0.55, y - r * 0.3), (x + r * 0.85, y - r * 0.95)])
            return [*full, Shape("stone__seam", seam)]
        case StoneState.CONTESTED:
            q = number(r - 0.4)
            start, end = (r - 0.4) * 0.995, (r - 0.4) * 0.219
            notch = (
                f"M{number(x)} {number(y)}L{number(x + start)} {number(y - (r - 0.4) * 0.1)}"
                f"A{q} {q} 0 1 1 {number(x + end)} {number(y - (r - 0.4) * 0.976)}Z"
            )
            return [Shape("stone__open", notch)]


def _arc(x: float, y: float, radius: float, share: float) -> str:
    """A part of a circle, clockwise from its top."""
    if share <= 0:
        return ""
    if share >= 1:
        return circle(x, y, radius)
    angle = 2 * pi * share - pi / 2
    r, large = number(radius), int(share > 0.5)
    end = f"{number(x + radius * cos(angle))} {number(y + radius * sin(angle))}"
    return f"M{number(x)} {number(y - radius)}A{r} {r} 0 {large} 1 {end}"


def tiny_path(stones: Sequence[Stone]) -> SafeString:
    """The inside of the drawing. Customers in the same situation share one."""
    if not stones:
        return drawn(())
    return _tiny(tuple(_TinyStone(s.state, _share(s), bool(s.warning)) for s in stones))


def _share(stone: Stone) -> float:
    return round(stone.met / stone.rings, 2) if stone.rings > 0 else 0.0


@lru_cache(maxsize=512)
def _alone(stone: _TinyStone) -> SafeString:
    return drawn(_tiny_stone(stone, 0, 6.2))


def tiny_stone(stone: Stone) -> SafeString:
    """One stone in the manner of the table cell, around the middle line of a box of 16 pixels."""
    return _alone(_TinyStone(stone.state, _share(stone), False))
