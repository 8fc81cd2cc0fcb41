"""A slice of wood: an outline that wobbles, rings that lean towards a pith off the centre. Pure geometry."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import cos, pi, sin, tau
from random import Random

from ui.shapes import Point, closed_curve, open_curve

# (waves around the outline, height of a wave as a share of the radius)
WAVES = ((2, 0.034), (3, 0.020), (5, 0.008))
OUTLINE_POINTS, INNER_POINTS, ARC_POINTS = 10, 8, 11


@dataclass(frozen=True, slots=True)
class Slice:
    """A trunk cut through. Distances from the pith run from 0 (pith) to 1 (outline)."""

    radius: float
    pith: Point
    rings: tuple[float, ...]
    """Where each ring ends, from the pith outwards; the last one is 1."""
    wobble: tuple[tuple[int, float, float], ...]

    def at(self, distance: float, angle: float, grown: float = 0) -> Point:
        """The point at that distance and angle (radians, clockwise from the right), `grown` pixels out."""
        waves = sum(height * cos(count * angle + phase) for count, height, phase in self.wobble)
        reach = self.radius * distance * (1 + waves * (0.35 + 0.65 * distance)) + grown
        lean = 1 - distance
        return (self.pith[0] * lean + reach * cos(angle), self.pith[1] * lean + reach * sin(angle))

    def ring(self, distance: float, grown: float = 0) -> str:
        """The whole ring at that distance, as path data."""
        count = OUTLINE_POINTS if distance > 0.5 else INNER_POINTS
        return closed_curve([self.at(distance, tau * i / count, grown) for i in range(count)])

    def arc(self, distance: float, start: float, end: float) -> str:
        """A part of the ring, from one angle to another, as path data."""
        step = (end - start) / (ARC_POINTS - 1)
        return open_curve([self.at(distance, start + step * i) for i in range(ARC_POINTS)])

    def lower_half(self, distance: float, tilt: float = 0.16) -> str:
        """The lower half of the ring, its water line a little tilted."""
        return self.arc(distance, -tilt, pi - tilt)


@lru_cache(maxsize=2048)
def cut(seed: str, radius: float, rings: int, widths: tuple[float, ...] = ()) -> Slice:
    """The slice that belongs to this seed, always the same. `widths` are the relative widths of its rings."""
    random = Random(seed)  # not for secrets: a picture
    wobble = tuple(
        (count, height * random.uniform(0.5, 1), random.uniform(0, tau)) for count, height in WAVES
    )
    angle = random.uniform(0, tau)
    pith = (0.14 * radius * cos(angle), 0.11 * radius * sin(angle))
    count = max(1, rings)
    if len(widths) == count and min(widths) >= 0 and sum(widths) > 0:
        shares = list(widths)
    else:
        shares = [random.uniform(0.8, 1.25) for _ in range(count)]
    return Slice(radius=radius, pith=pith, rings=_ring_ends(shares), wobble=wobble)


def _ring_ends(shares: Sequence[float]) -> tuple[float, ...]:
    """Cumulated widths, behind a small heart that no ring counts.

    No ring is drawn narrower than a third of the mean, so that the quickest criterion can still be seen.
    """
    least = sum(shares) / len(shares) / 3
    eased = [max(share, least) for share in shares]
    heart = 0.35 * sum(eased) / len(eased)
    total, reached, ends = heart + sum(eased), heart, []
    for share in eased:
        reached += share
        ends.append(reached / total)
    return tuple(ends)
