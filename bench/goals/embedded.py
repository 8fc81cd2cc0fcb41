"""G14: the embedded default, SQLite and nothing else, with as many customers as it is meant for."""

from collections.abc import Sequence
from contextlib import ExitStack

from bench.goals import Effort
from bench.goals.pages import DASHBOARDS, open_house
from bench.measuring import load
from bench.rows import Row
from bench.stage import Stage, inside

GOALS = ("G14",)
PAGES = {"list": ("customer list", "list"), "customer": ("customer page", "customer")} | {
    page: (what, "list") for page, what in DASHBOARDS.items()
}


def measure(stage: Stage, sizes: Sequence[int], effort: Effort) -> list[Row]:
    size = max(sizes)
    with ExitStack() as up:
        house = open_house(stage, up, size, on_postgres=False)
        wanted = [*PAGES, *(f"least {least}" for _, least in PAGES.values())]
        targets = [target for target in house.targets if target.name in map(house.name, wanted)]
        timed = load(targets, **effort.of_pages())
    rows = []
    for page, (what, least) in PAGES.items():
        ours, theirs = timed[house.name(page)], timed[house.name(f"least {least}")]
        rows.append(
            Row(
                "G14",
                f"SQLite: {what}, p95",
                ours.ratio(theirs, 0.95),
                2,
                size=size,
                ours=ours.words(),
                ceiling=theirs.words(),
                n=ours.n,
            )
        )
    return rows + imported(stage, size, effort)


def imported(stage: Stage, size: int, effort: Effort) -> list[Row]:
    """New customers from a file into the same organisation."""
    env = stage.installations[f"ours_sqlite_{size}"].env
    took = inside("bench.inside.importing", effort.imported, env=env)
    rows = f"{effort.imported:,} rows"
    return [
        Row("G14", f"SQLite: {rows} applied", took["applied"], 5, unit="s", size=size, n=1),
        Row("G14", f"SQLite: {rows} from click to result", took["all"], 15, unit="s", size=size, n=1),
    ]
