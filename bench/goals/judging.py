"""G7: judging all enrolments, and the celebrations that follow, against bare SQL that writes the same."""

import statistics
from collections.abc import Sequence

from bench.goals import Effort
from bench.rows import Row
from bench.stage import Stage, inside

GOALS = ("G7",)


def measure(stage: Stage, sizes: Sequence[int], effort: Effort) -> list[Row]:
    rows = []
    for size in sizes:
        env = stage.installation(f"judging_{size}", on_postgres=True).env
        found = inside("bench.inside.judging", size, effort.judgings, env=env)
        rows.append(row("enrolments judged, of bare SQL", found["judge"], size, size))
        count = found["celebrated"]
        rows.append(row(f"{count:,} celebrations gathered, of bare SQL", found["celebrate"], count, size))
    return rows


def row(what: str, pairs: Sequence[tuple[float, float]], done: int, size: int) -> Row:
    ours, bare = (statistics.median(seconds) for seconds in zip(*pairs, strict=True))
    return Row(
        "G7",
        what,
        statistics.median(theirs / mine for mine, theirs in pairs) * 100,
        80,
        at_most=False,
        unit="%",
        size=size,
        ours=f"{done / ours:,.0f} a second",
        ceiling=f"{done / bare:,.0f} a second",
        n=len(pairs),
    )
