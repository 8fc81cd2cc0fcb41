"""Stones for mails: nested table cells with round corners. Where those are missing, squares still read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ui.colours import MailColours, mail_colours
from ui.paths import furthest, summary
from ui.stones import Stone

SMALLEST, LARGEST = 22, 30  # pixels across, first and last stone


@dataclass(frozen=True, slots=True)
class MailStone:
    """A stone and what leads to it and away from it: "way", "ahead" or "" at the ends."""

    stone: Stone
    size: int
    half: int
    """Half of it, for what is filled from below."""
    before: str
    after: str

    @property
    def is_last_reached(self) -> bool:
        return self.before != "ahead" and self.after != "way"


def path(stones: Sequence[Stone], *, accent: str) -> dict[str, Any]:
    """What the template needs to draw the path in an organisation's colour."""
    colours: MailColours = mail_colours(accent)
    last = furthest(stones)
    step = (LARGEST - SMALLEST) / max(1, len(stones) - 1)
    drawn = []
    for index, stone in enumerate(stones):
        size = round((SMALLEST + step * index) / 2) * 2
        before = "" if index == 0 else "way" if index <= last else "ahead"
        after = "" if index == len(stones) - 1 else "way" if index < last else "ahead"
        drawn.append(MailStone(stone, size, size // 2, before, after))
    width = round(100 / max(1, len(stones)), 2)
    return {"stones": drawn, "colours": colours, "width": width, "title": summary(stones)}
