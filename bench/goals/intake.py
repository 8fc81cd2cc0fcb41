"""G13: events in Segment's protocol, judged, beside the same readings written with nothing asked."""

from collections.abc import Sequence

from bench.goals import Effort
from bench.measuring import quantile
from bench.rows import Row
from bench.stage import Stage, inside

GOALS = ("G13",)


def measure(stage: Stage, sizes: Sequence[int], effort: Effort) -> list[Row]:
    rows = []
    for on_postgres, name in ((False, "SQLite"), (True, "PostgreSQL")):
        env = stage.installation(f"intake_{name.lower()}", on_postgres=on_postgres).env
        took = inside("bench.inside.intake", effort.events, effort.singles, env=env)
        rate, bare = took["events"] / took["ours"], took["events"] / took["least"]
        slowest = quantile(took["singles"], 0.99) * 1000
        rows += [
            Row(
                "G13",
                f"{name}: events taken and judged, a second and core",
                rate,
                5000,
                at_most=False,
                unit="/s",
                ours=f"{rate:,.0f} a second",
                ceiling=f"{bare:,.0f} rows a second",
                n=took["events"],
            ),
            Row(
                "G13",
                f"{name}: the same for a second of the worker's own processor time",
                took["events"] / took["cpu"],
                None,
                unit="/s",
                n=took["events"],
            ),
            Row(
                "G13",
                f"{name}: event to achievement and queued celebration, p99",
                slowest,
                1000,
                unit="ms",
                n=len(took["singles"]),
            ),
        ]
        assert min(took["reached"]) >= len(took["singles"]), f"reached {took['reached']}"
    return rows
