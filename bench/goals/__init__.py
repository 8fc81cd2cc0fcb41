"""One module for each goal or group of goals; each measures on a stage and returns rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.rows import Row
from bench.stage import Stage


@dataclass(frozen=True)
class Effort:
    """How much of everything is measured."""

    rounds: int = 5
    seconds: float = 0.8
    """Of each page in each round."""
    judgings: int = 3
    mails: int = 600
    far_mails: int = 25
    """With a mail server 20 ms away."""
    cheers: int = 20
    imported: int = 10_000
    first_views: int = 5


type Measure = Callable[[Stage, Sequence[int], Effort], list[Row]]
