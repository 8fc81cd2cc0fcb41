"""What was measured: one row per question, with the goal it is held against."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

SLACK = 0.30  # a shared machine is allowed that much before `--check` calls a row failed


@dataclass(frozen=True)
class Row:
    """`value` is what the goal speaks of: a ratio to the ceiling of the same run, or a plain amount."""

    goal: str
    what: str
    value: float
    limit: float | None
    """None: reported, held against nothing."""
    at_most: bool = True
    unit: str = "×"
    size: int | None = None
    """How many customers there were."""
    ours: str = ""
    ceiling: str = ""
    n: int = 0

    @property
    def is_met(self) -> bool:
        if self.limit is None:
            return True
        return self.value <= self.limit if self.at_most else self.value >= self.limit

    @property
    def fails(self) -> bool:
        """Worse than its goal by more than the slack."""
        if self.limit is None:
            return False
        if self.at_most:
            return self.value > self.limit * (1 + SLACK)
        return self.value < self.limit * (1 - SLACK)

    @property
    def verdict(self) -> str:
        if self.limit is None:
            return "–"
        return "met" if self.is_met else "FAILS" if self.fails else "short, within 30 %"

    @property
    def value_words(self) -> str:
        return f"{plain(self.value)} {self.unit}".strip()

    @property
    def goal_words(self) -> str:
        if self.limit is None:
            return "–"
        return f"{'≤' if self.at_most else '≥'} {plain(self.limit)} {self.unit}".strip()

    @property
    def size_words(self) -> str:
        return f"{self.size:,}" if self.size else ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"verdict": self.verdict}


def plain(value: float) -> str:
    """Three digits that mean something."""
    if value >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def table(rows: Sequence[Row]) -> str:
    """All of it, as Markdown."""
    head = ["goal", "what", "customers", "ours", "ceiling", "result", "goal is", "n", "verdict"]
    cells = [
        [r.goal, r.what, r.size_words, r.ours, r.ceiling, r.value_words, r.goal_words, str(r.n), r.verdict]
        for r in rows
    ]
    return _markdown(head, cells)


def compact(rows: Sequence[Row]) -> str:
    """What the README shows: every row that has a goal, what falls short in bold."""
    cells = [
        [
            row.goal,
            row.what,
            row.size_words,
            row.value_words if row.is_met else f"**{row.value_words}**",
            row.goal_words,
        ]
        for row in rows
        if row.limit is not None
    ]
    return _markdown(["goal", "what", "customers", "result", "goal is"], cells)


def shortfalls(rows: Sequence[Row]) -> str:
    """One plain sentence on what falls short."""
    short = [row for row in rows if not row.is_met]
    if not short:
        return "Every goal measured is met."
    said = "; ".join(
        f"{row.goal} {row.what}{f' at {row.size_words}' if row.size else ''}"
        f" ({row.value_words}, goal {row.goal_words})"
        for row in short
    )
    return f"Falls short: {said}."


def _markdown(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
