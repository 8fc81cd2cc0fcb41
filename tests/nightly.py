"""`./run nightly`: what proves the most and takes too long for `./run test`.

A step is a name and a command that ends with 0 when all is well; what it needs and cannot find it says
itself, with the line to type. All steps run, whatever became of the others; the outcomes come last.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

ROOT = Path(__file__).resolve().parents[1]
SEEDS = 20


@dataclass(frozen=True)
class Step:
    name: str
    module: str
    """Run as `python -m`."""
    arguments: Callable[[int], Sequence[str]] = lambda seeds: ()
    """For so many seeds."""


def storm(profile: str) -> Callable[[int], Sequence[str]]:
    def arguments(seeds: int) -> Sequence[str]:
        numbers = [str(number) for number in range(1, seeds + 1)]
        size = ["--achievements", "5000", "--kills", "20", "--write-proof"]
        return ["--profile", profile, *size, "--seed", *numbers]

    return arguments


def idempotent(seeds: int) -> Sequence[str]:
    return [*storm("outgrown")(min(seeds, 5)), "--idempotent"]


def restarts(seeds: int) -> Sequence[str]:
    return ["--achievements", "2000", "--restarts", "50", "--write-proof"]


NIGHT = "nightly and not slow"


def on_postgresql(seeds: int) -> Sequence[str]:
    return ["--", sys.executable, "-m", "pytest", "-q", "--reuse-db", "-m", f"{NIGHT} and not browser"]


def public_data(seeds: int) -> Sequence[str]:
    return [
        "--",
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "--reuse-db",
        "tests/stories/test_learning_journeys.py",
    ]


STEPS = [
    Step("model", "tests.model"),
    Step("crawls-sqlite", "pytest", lambda seeds: ["-q", "-m", f"{NIGHT} and not postgres"]),
    Step("crawls-postgresql", "tests.services", on_postgresql),
    Step("public-data-postgresql", "tests.services", public_data),
    Step("coverage", "tests.gates.coverage", lambda seeds: ["--write-proof"]),
    Step("mutants", "tests.gates.mutants", lambda seeds: ["--sample", "150", "--write-proof"]),
    Step("storm-embedded", "tests.storm", storm("embedded")),
    Step("storm-outgrown", "tests.storm", storm("outgrown")),
    Step("storm-idempotent", "tests.storm", idempotent),
    Step("restarts", "tests.storm.rolling", restarts),
]


@dataclass(frozen=True)
class Outcome:
    name: str
    code: int
    seconds: float

    @property
    def words(self) -> str:
        return "passed" if self.code == 0 else f"FAILED (exit code {self.code})"


def main(steps: Sequence[Step] = STEPS) -> int:
    given = _arguments([step.name for step in steps])
    chosen = [step for step in steps if not given.only or step.name in given.only]
    if given.list:
        say("\n".join(f"{step.name:<20} {' '.join(command(step, given.seeds)[1:])}" for step in chosen))
        return 0
    outcomes = [run(step, given.seeds) for step in chosen]
    return conclude(outcomes)


def command(step: Step, seeds: int) -> list[str]:
    return [sys.executable, "-m", step.module, *step.arguments(seeds)]


def run(step: Step, seeds: int) -> Outcome:
    say(f"\n===== {step.name} =====")
    began = monotonic()
    code = subprocess.run(command(step, seeds)).returncode
    return Outcome(step.name, code, monotonic() - began)


def conclude(outcomes: Sequence[Outcome]) -> int:
    """Every step, and the sum alone on a line."""
    failed = sum(outcome.code != 0 for outcome in outcomes)
    rows = [f"{outcome.name:<20} {outcome.seconds:>7.0f} s  {outcome.words}" for outcome in outcomes]
    say("\n".join(["", *rows, f"{len(outcomes) - failed} passed, {failed} failed"]))
    return 1 if failed else 0


def _arguments(names: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run nightly", description=__doc__)
    parser.add_argument(
        "--only", action="append", choices=names, help="this step; may be given several times"
    )
    parser.add_argument("--seeds", type=int, default=SEEDS, help="storms for each profile")
    parser.add_argument("--list", action="store_true", help="say what would run")
    return parser.parse_args()


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())
