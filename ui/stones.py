"""A milestone as a stone: its states, and how each is drawn. The shape says the state; colour only agrees."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from math import tau

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ui.shapes import Shape, circle, open_curve, pair, polyline
from ui.slices import Slice, cut

NOTCH_FROM, NOTCH_WIDE = -1.28, 0.86  # radians: a contested stone is open at about one o'clock
SEAM = ((0.0, -0.75), (0.3, -0.61), (0.52, -0.85), (0.78, -0.66), (1.16, -0.77))  # distance, angle
FINE_RING_PIXELS = 7


class StoneState(StrEnum):
    NOT_YET = "not_yet"
    GROWING = "growing"
    CLAIMED = "claimed"
    EVIDENCED = "evidenced"
    VERIFIED = "verified"
    CONTESTED = "contested"
    MENDED = "mended"

    @property
    def css(self) -> str:
        return f"stone stone--{self.value.replace('_', '-')}"

    @property
    def words(self) -> Promise:
        return WORDS[self]

    @property
    def is_full(self) -> bool:
        """Verified, with or without a contest on the way."""
        return self in (StoneState.VERIFIED, StoneState.MENDED)


WORDS = {
    StoneState.NOT_YET: _("not yet"),
    StoneState.GROWING: _("in progress"),
    StoneState.CLAIMED: _("claimed"),
    StoneState.EVIDENCED: _("evidenced"),
    StoneState.VERIFIED: _("verified"),
    StoneState.CONTESTED: _("contested"),
    StoneState.MENDED: _("verified after a contest"),
}


@dataclass(frozen=True)
class Stone:
    """One milestone of one customer, ready to be drawn. Every word in it is already translated."""

    name: str
    state: StoneState
    said: str = ""
    """The words beneath the name, such as "Verified 14 Nov"."""
    rings: int = 1
    """Criteria in all."""
    met: int = 0
    """Criteria met; counts only while the milestone grows."""
    warning: str = ""
    """Such as "2 days past target"; draws the filled pennant."""
    target_ahead: bool = False
    """Draws the open pennant."""
    is_current: bool = False
    href: str = ""
    widths: tuple[float, ...] = ()
    """How long each criterion took, in any unit; a ring is as wide as its share."""

    @property
    def words(self) -> str:
        return self.said or str(self.state.words)


def stone_shapes(stone: Stone, *, seed: str, radius: float, fine: bool = False) -> tuple[Shape, ...]:
    """The stone around the origin. With `fine`, a full stone shows thin rings between its rings."""
    return _shapes(stone.state, seed, radius, max(1, stone.rings), stone.met, stone.widths, fine)


@lru_cache(maxsize=2048)
def _shapes(
    state: StoneState,
    seed: str,
    radius: float,
    rings: int,
    met: int,
    widths: tuple[float, ...],
    fine: bool,
) -> tuple[Shape, ...]:
    wood = cut(seed, radius, rings, widths)
    match state:
        case StoneState.NOT_YET:
            return (Shape("stone__ghost", wood.ring(1)), _seed(wood, max(2, radius * 0.11)))
        case StoneState.GROWING:
            return _growing(wood, met)
        case StoneState.CLAIMED:
            return (
                Shape("stone__edge stone__edge--bold", wood.ring(1)),
                _seed(wood, max(1.6, radius * 0.085)),
            )
        case StoneState.EVIDENCED:
            return _half_full(wood)
        case StoneState.CONTESTED:
            return _notched(wood)
        case StoneState.VERIFIED:
            return _full(wood, fine)
        case StoneState.MENDED:
            seam = polyline([wood.at(distance, angle) for distance, angle in SEAM])
            return (*_full(wood, fine), Shape("stone__seam", seam))


def _seed(wood: Slice, radius: float) -> Shape:
    return Shape("stone__seed", circle(*wood.pith, radius))


def _growing(wood: Slice, met: int) -> tuple[Shape, ...]:
    edges = (
        Shape("stone__edge" if index < met else "stone__ghost", wood.ring(end))
        for index, end in enumerate(wood.rings)
    )
    return (Shape("stone__ground", wood.ring(1)), *edges, _seed(wood, max(2, wood.radius * 0.11)))


def _half_full(wood: Slice) -> tuple[Shape, ...]:
    grain = (Shape("stone__grain", wood.lower_half(end)) for end in wood.rings[:-1])
    return (
        Shape("stone__ground", wood.ring(1)),
        Shape("stone__body", f"{wood.lower_half(1)}Z"),
        *grain,
        Shape("stone__edge stone__edge--over", wood.ring(1)),
    )


def _full(wood: Slice, fine: bool) -> tuple[Shape, ...]:
    grain = [Shape("stone__grain", wood.ring(end)) for end in wood.rings[:-1]]
    pith = circle(*wood.pith, min(7, max(1.2, wood.radius * 0.07)))
    bark = wood.ring(1, min(6, max(2.6, wood.radius * 0.13)))
    return (
        Shape("stone__body", wood.ring(1)),
        *(_fine_rings(wood) if fine else ()),
        *grain,
        Shape("stone__pith", pith),
        Shape("stone__bark", bark),
    )


def _fine_rings(wood: Slice) -> Sequence[Shape]:
    lines, start = [], 0.0
    for end in wood.rings:
        count = max(1, round((end - start) * wood.radius / FINE_RING_PIXELS))
        step = (end - start) / (count + 1)
        lines += [Shape("stone__fine", wood.ring(start + step * (i + 1))) for i in range(count)]
        start = end
    return lines


def _notched(wood: Slice) -> tuple[Shape, ...]:
    start, end = NOTCH_FROM + NOTCH_WIDE, NOTCH_FROM + tau
    outline = open_curve([wood.at(1, start + (end - start) * i / 10) for i in range(11)])
    cracks = (
        Shape("stone__crack", wood.arc(ring, start + 0.05 / ring, end - 0.05 / ring))
        for ring in wood.rings[:-1]
    )
    return (Shape("stone__open", f"{outline}L{pair(wood.pith)}Z"), *cracks)
