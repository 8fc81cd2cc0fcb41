"""Points to SVG path data, shapes to markup. Everything drawn is one kind of thing: a path with a class.

Nothing a person typed ever reaches a `Shape`; that is why its markup may be called safe.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import hypot

from django.utils.safestring import SafeString, mark_safe

type Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Shape:
    """One path. `css` is its class, `d` its SVG path data."""

    css: str
    d: str


def number(value: float) -> str:
    """A coordinate, to a tenth of a pixel, as short as it can be written."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def pair(point: Point) -> str:
    """A point as path data writes it."""
    return f"{number(point[0])} {number(point[1])}"


def _bend(before: Point, start: Point, end: Point, after: Point) -> str:
    """A Bézier segment from start to end that keeps the Catmull-Rom tangents of its neighbours."""
    out = (start[0] + (end[0] - before[0]) / 6, start[1] + (end[1] - before[1]) / 6)
    back = (end[0] - (after[0] - start[0]) / 6, end[1] - (after[1] - start[1]) / 6)
    return f"C{pair(out)} {pair(back)} {pair(end)}"


def closed_curve(points: Sequence[Point]) -> str:
    """A smooth closed line through all points."""
    count = len(points)
    bends = (
        _bend(points[i - 1], points[i], points[(i + 1) % count], points[(i + 2) % count])
        for i in range(count)
    )
    return f"M{pair(points[0])}{''.join(bends)}Z"


def open_curve(points: Sequence[Point]) -> str:
    """A smooth line from the first point to the last."""
    last = len(points) - 1
    bends = (
        _bend(points[max(i - 1, 0)], points[i], points[i + 1], points[min(i + 2, last)]) for i in range(last)
    )
    return f"M{pair(points[0])}{''.join(bends)}"


def graph(points: Sequence[Point]) -> str:
    """A smooth line through points from left to right, never beyond their heights (Fritsch-Carlson)."""
    widths = [b[0] - a[0] for a, b in pairwise(points)]
    slopes = [(b[1] - a[1]) / width for (a, b), width in zip(pairwise(points), widths, strict=True)]
    tangents = [
        slopes[0],
        *(_tangent(*both) for both in pairwise(zip(slopes, widths, strict=True))),
        slopes[-1],
    ]
    bends = []
    for i, width in enumerate(widths):
        (x0, y0), (x1, y1) = points[i], points[i + 1]
        third = width / 3
        out, back = (x0 + third, y0 + tangents[i] * third), (x1 - third, y1 - tangents[i + 1] * third)
        bends.append(f"C{pair(out)} {pair(back)} {pair((x1, y1))}")
    return f"M{pair(points[0])}{''.join(bends)}"


def _tangent(before: Point, after: Point) -> float:
    """The slope at a point between two stretches, each given as (slope, width)."""
    (s0, w0), (s1, w1) = before, after
    if s0 * s1 <= 0:
        return 0.0
    return 3 * (w0 + w1) / ((2 * w1 + w0) / s0 + (w1 + 2 * w0) / s1)


def polyline(points: Iterable[Point]) -> str:
    """Straight lines from point to point."""
    return "M" + "L".join(pair(point) for point in points)


def circle(x: float, y: float, radius: float) -> str:
    """A circle as path data, starting at its top, clockwise."""
    r = number(radius)
    return f"M{number(x)} {number(y - radius)}a{r} {r} 0 1 1 -.01 0Z"


def rectangle(x: float, y: float, width: float, height: float, corner: float = 0) -> str:
    """A rectangle, its corners rounded as far as it is wide and high enough for it."""
    c = max(0.0, min(corner, width / 2, height / 2))
    w, h, r = number(width - 2 * c), number(height - 2 * c), number(c)
    if not c:
        return f"M{number(x)} {number(y)}h{w}v{h}h-{w}Z"
    return (
        f"M{number(x + c)} {number(y)}h{w}a{r} {r} 0 0 1 {r} {r}v{h}a{r} {r} 0 0 1 -{r} {r}"
        f"h-{w}a{r} {r} 0 0 1 -{r} -{r}v-{h}a{r} {r} 0 0 1 {r} -{r}Z"
    )


def between(start: Point, end: Point, after: float, before: float) -> str:
    """A straight line from start to end that begins `after` pixels late and stops `before` pixels early.

    Empty when nothing is left in between.
    """
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = hypot(dx, dy)
    if length <= after + before:
        return ""
    return polyline(
        (start[0] + dx * way, start[1] + dy * way) for way in (after / length, 1 - before / length)
    )


def drawn(shapes: Iterable[Shape]) -> SafeString:
    """The shapes as SVG markup, in the order given."""
    return mark_safe("".join(f'<path class="{s.css}" d="{s.d}"/>' for s in shapes))
