"""One module for each goal or group of goals; each measures on a stage and returns rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bench.rows import Row
from bench.stage import Stage


@dataclass(frozen=True)
class Effort:
    """How much of everything is measured."""

    rounds: int = 5
    seconds: float = 0.6
    """Of each page in each round."""
    requests: int = 5
    """In each round at least, however slow the page."""
    judgings: int = 3
    mails: int = 600
    far_mails: int = 25
    """With a mail server 20 ms away."""
    cheers: int = 15
    imported: int = 10_000
    first_views: int = 5
    events: int = 20_000
    singles: int = 200
    """Events sent one by one, each reaching a milestone."""

    weeks: int = 200
    """Of a coach, made at random."""

    def of_pages(self) -> dict[str, Any]:
        return {"rounds": self.rounds, "seconds": self.seconds, "least": self.requests}


type Measure = Callable[[Stage, Sequence[int], Effort], list[Row]]
