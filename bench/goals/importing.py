"""G6: a file of customers and one of ten times as many readings, against bare SQL that writes the same."""

from collections.abc import Sequence
from typing import Any

from bench.goals import Effort
from bench.rows import Row
from bench.stage import Stage, inside

GOALS = ("G6",)


def measure(stage: Stage, sizes: Sequence[int], effort: Effort) -> list[Row]:
    rows = []
    for size in sizes:
        env = stage.installation(f"importing_{size}", on_postgres=True).env
        found = inside("bench.inside.files", size, env=env)
        for kind, count in (("customers", size), ("readings", 10 * size)):
            rows += rows_of(kind, count, size, found[kind])
        rows.append(Row("G6", "peak memory of the import", found["peak_mb"], 300, unit="MB", size=size, n=1))
    return rows


def rows_of(kind: str, count: int, size: int, took: dict[str, Any]) -> list[Row]:
    ours = took["checked"] + took["applied"]
    words = {"ours": f"{count / ours:,.0f} a second", "ceiling": f"{count / took['bare']:,.0f} a second"}
    again = {
        "ours": f"{count / took['again']:,.0f} a second",
        "ceiling": f"{count / took['copied']:,.0f} a second",
    }
    about = f"{count:,} {kind}"
    return [
        percent(f"{about} checked and applied, of bare SQL", took["bare"] / ours, 70, size, **words),
        percent(f"{about} checked and applied, of a bare COPY", took["copied"] / ours, None, size),
        percent(f"{about} unchanged, of a bare COPY", took["copied"] / took["again"], 75, size, **again),
        Row("G6", f"{about} applied", took["applied"], None, unit="s", size=size, n=1),
        Row("G6", f"{about} undone", took["undone"], None, unit="s", size=size, n=1),
    ]


def percent(what: str, ratio: float, limit: float | None, size: int, **words: str) -> Row:
    return Row("G6", what, 100 * ratio, limit, at_most=False, unit="%", size=size, n=1, **words)
