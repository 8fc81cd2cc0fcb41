"""A journey as a path of stones, wide on the customer's page, and as words."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from ui.sand import Disc, rake
from ui.shapes import Shape, between, drawn, number
from ui.stones import Stone, StoneState, stone_shapes

PAGE_HEIGHT, PAGE_MIDDLE, SWAY = 120, 58, 4.5
SMALLEST, LARGEST = 17, 24  # radius of the first and of the last stone on the page
COLUMN = 187  # pixels a stone takes on the page when it has room
SPOKEN = (
    StoneState.VERIFIED,
    StoneState.MENDED,
    StoneState.EVIDENCED,
    StoneState.CLAIMED,
    StoneState.CONTESTED,
    StoneState.GROWING,
    StoneState.NOT_YET,
)


def summary(stones: Sequence[Stone]) -> str:
    """The path in words: "2 verified, 1 in progress, 3 not yet, 1 past target"."""
    late = sum(1 for stone in stones if stone.warning)
    return _summary(tuple(stone.state for stone in stones), late, get_language())


@lru_cache(maxsize=4096)
def _summary(states: tuple[StoneState, ...], late: int, language: str | None) -> str:
    parts = [
        _("%(count)d %(state)s") % {"count": states.count(state), "state": state.words}
        for state in SPOKEN
        if state in states
    ]
    if late:
        parts.append(ngettext("%(count)d past target", "%(count)d past target", late) % {"count": late})
    return ", ".join(parts)


def furthest(stones: Sequence[Stone]) -> int:
    """The index of the last stone that has been reached or begun; -1 when none has."""
    return max((i for i, stone in enumerate(stones) if stone.state != StoneState.NOT_YET), default=-1)


@dataclass(frozen=True, slots=True)
class PlacedStone:
    """A stone and where it lies. `drawing` is around the origin."""

    stone: Stone
    x: str
    y: str
    drawing: SafeString
    flag: str
    """Path data of the pennant's pole and cloth, empty without a target."""
    is_late: bool


@dataclass(frozen=True, slots=True)
class PagePath:
    """The wide drawing."""

    width: int
    height: int
    sand: SafeString
    ways: SafeString
    stones: tuple[PlacedStone, ...]


def page_path(stones: Sequence[Stone], *, seed: str) -> PagePath:
    """Stones left and right of a line, sand raked as far as the customer came."""
    count = len(stones)
    width = max(720, COLUMN * count)
    column = width / max(1, count)
    discs = [
        Disc(
            x=column * (i + 0.5),
            y=PAGE_MIDDLE + SWAY * (1 if i % 2 else -1) * (0.9 if i % 3 else 0.5),
            radius=SMALLEST + (LARGEST - SMALLEST) * i / max(1, count - 1),
        )
        for i in range(count)
    ]
    last = furthest(stones)
    is_finished = bool(stones) and last == count - 1 and stones[last].state.is_full
    sand = rake(tuple(discs[: last + 1]), width=width, is_finished=is_finished)
    ways = (
        between((a.x, a.y), (b.x, b.y), a.radius + 9, b.radius + 9)
        for a, b in zip(discs[max(0, last) :], discs[max(0, last) + 1 :], strict=False)
    )
    return PagePath(
        width=width,
        height=PAGE_HEIGHT,
        sand=drawn(sand),
        ways=drawn(Shape("rings__way rings__way--ahead", way) for way in ways if way),
        stones=tuple(_placed(stones[i], discs[i], f"{seed}-{i}") for i in range(count)),
    )


def _placed(stone: Stone, disc: Disc, seed: str) -> PlacedStone:
    return PlacedStone(
        stone=stone,
        x=number(disc.x),
        y=number(disc.y),
        drawing=drawn(stone_shapes(stone, seed=seed, radius=round(disc.radius, 1))),
        flag=pennant(disc.radius) if stone.warning or stone.target_ahead else "",
        is_late=bool(stone.warning),
    )


def pennant(radius: float) -> str:
    """Pole and cloth at the upper right of a stone around the origin."""
    x, y = number(radius * 0.72), radius * 0.74
    return f"M{x} {number(-y)}V{number(-y - 20)}l11 4.2l-11 4.2"
