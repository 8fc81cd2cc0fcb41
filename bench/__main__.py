"""./run bench [--goal G1 …] [--customers 10000,100000] [--check] [--dry]"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from bench import machine, reporting
from bench.goals import (
    Effort,
    embedded,
    first_view,
    footprint,
    importing,
    intake,
    judging,
    latency,
    mail,
    pages,
    planning,
)
from bench.rows import Row, shortfalls, table
from bench.stage import Stage, say
from tests.services.processes import ServiceMissingError

MODULES: tuple[ModuleType, ...] = (
    pages,
    importing,
    judging,
    mail,
    latency,
    footprint,
    intake,
    embedded,
    first_view,
    planning,
)
GOALS = [goal for module in MODULES for goal in module.GOALS]


def arguments(given: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./run bench",
        description="Measures the named goals, each beside its ceiling in the same run. About eight minutes;"
        " quiet machines give quiet figures. Results go to bench/results, the newest into the README.",
    )
    parser.add_argument(
        "--goal", nargs="+", choices=GOALS, default=GOALS, metavar="G1", help=", ".join(GOALS)
    )
    parser.add_argument("--customers", default="10000,100000", help="sizes, smallest first")
    parser.add_argument(
        "--check", action="store_true", help="end with 1 when a row misses by more than 30 %%"
    )
    parser.add_argument("--dry", action="store_true", help="write no files")
    found = parser.parse_args(given)
    found.sizes = sorted(int(size) for size in found.customers.split(","))
    return found


def measured(goals: Sequence[str], sizes: Sequence[int], effort: Effort, folder: Path) -> list[Row]:
    """The rows of these goals. Raises ServiceMissingError with the line to type."""
    os.environ |= {"BOSAI_MODE": "test", "BOSAI_STATE": str(folder)}
    os.environ.pop("DATABASE_URL", None)
    rows: list[Row] = []
    stage = Stage(folder)
    with stage.stack:
        for module in MODULES:
            if not set(module.GOALS).isdisjoint(goals):
                began = time.monotonic()
                rows += [row for row in module.measure(stage, sizes, effort) if row.goal in goals]
                say(f"{', '.join(module.GOALS)} took {time.monotonic() - began:.0f} s")
    return sorted(rows, key=lambda row: GOAL_ORDER[row.goal])


GOAL_ORDER = {goal: int(goal[1:]) for goal in GOALS}


def main() -> int:
    wanted = arguments(sys.argv[1:])
    facts = machine.facts()
    try:
        with tempfile.TemporaryDirectory(prefix="bosai-bench-", ignore_cleanup_errors=True) as folder:
            rows = measured(wanted.goal, wanted.sizes, Effort(), Path(folder))
    except ServiceMissingError as missing:
        sys.stderr.write(f"bench: {missing}\n")
        return 2
    sys.stdout.write(f"{table(rows)}\n\n{shortfalls(rows)}\n")
    if not wanted.dry:
        say(f"written to {reporting.write(rows, facts)}")
        if wanted.goal == GOALS:
            reporting.show_in_readme(rows, facts)
    failed = [row for row in rows if row.fails]
    for row in failed:
        say(f"{row.goal} {row.what}: {row.value_words}, goal {row.goal_words}")
    return int(wanted.check and bool(failed))


if __name__ == "__main__":
    sys.exit(main())
