"""Change one thing in what must never be wrong, and see whether a test notices.

`python -m tests.gates.mutants [--sample N] [--seed S] [FILE …]` prints the mutants nobody noticed and the
score; it ends with 1 below 85 %. First all tests that might notice run once, unchanged and measured; then
each mutant meets the tests that take its lines, its own module's first, until one fails: in a fork of a
process that has imported everything (`forking`), or from a copy where it changes what is done on import.
Written here because the tools there are lay out a copy of their own, which settings, static files and a kept
test database do not survive.
"""

import argparse
import os
import pickle
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.gates import forking, proving
from tests.gates.mutating import ROOT, TARGETS, Mutant, all_mutants
from tests.gates.touching import FOLDER, Touching

LEAST = 85.0  # per cent of mutants that a test notices
TESTS = [
    "tests/post", "tests/milestones", "tests/advocacy", "tests/dashboards/customer_page",
    "tests/dashboards/test_status.py",
    "tests/house/test_models.py", "--ignore=tests/advocacy/test_every_order.py",  # that alone takes a minute
]  # fmt: skip
DATABASE = ["tests/post/test_posting.py"]  # makes one
QUICK = "not slow and not browser and not postgres and not nightly"
WORKERS, SECONDS = 2, 900
type Meeting = tuple[Mutant, list[str]]
"""A mutant and the tests it meets."""
NOTICED = (1, 2, 3, 4)  # pytest's: a test failed, or nothing could even be imported


class Copy:
    """A working copy in which one mutant at a time is tried, over one database made by its first test."""

    def __init__(self, folder: Path) -> None:
        self.root, self.state = folder / "copy", folder / "state"
        unneeded = shutil.ignore_patterns(".git", ".venv", "state", "__pycache__", ".*_cache")
        shutil.copytree(ROOT, self.root, ignore=unneeded)
        self.state.mkdir()

    def pytest(self, *arguments: str) -> int:
        """Its exit code; 1 when it does not come to an end."""
        environment = os.environ | {"BOSAI_STATE": str(self.state), "BOSAI_MODE": "test"}
        command = ["-m", "pytest", "-q", "-x", "--reuse-db", "-p", "no:cacheprovider", *arguments]
        try:
            done = subprocess.run(
                [sys.executable, *command],
                cwd=self.root,
                env=environment,
                capture_output=True,
                timeout=SECONDS,
            )
        except subprocess.TimeoutExpired:
            return 1
        return done.returncode

    def notices(self, mutant: Mutant, tests: Sequence[str]) -> bool:
        path = self.root / mutant.path
        before = path.read_text(encoding="utf-8")
        path.write_text(mutant.source(before), encoding="utf-8")
        try:
            return self.pytest(*tests) in NOTICED
        finally:
            path.write_text(before, encoding="utf-8")


def measure(folder: Path) -> None:
    """Who takes which line, all unchanged."""
    environment = os.environ | {FOLDER: str(folder), "COVERAGE_FILE": str(folder / "data")}
    rooms = ",".join(sorted({target.split("/")[0] for target in TARGETS}))
    measured = [sys.executable, "-m", "coverage", "run", f"--source={rooms}"]
    tests = ["-m", "pytest", "-q", "-n", str(WORKERS), "-p", "tests.gates.touching", "-m", QUICK, *TESTS]
    done = subprocess.run([*measured, *tests], env=environment, cwd=ROOT)
    assert done.returncode == 0, "they fail unchanged"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.gates.mutants")
    parser.add_argument("files", nargs="*", help=f"default: {', '.join(TARGETS)}")
    parser.add_argument("--sample", type=int, help="only so many of the mutants, chosen by --seed")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--measured", type=Path, metavar="FOLDER", help="keep, or take, who takes which line")
    parser.add_argument("--write-proof", action="store_true", help="keep the result in docs/proof.md")
    given = parser.parse_args(arguments)
    there_are = all_mutants(given.files)
    wanted = there_are
    if given.sample and given.sample < len(there_are):
        wanted = random.Random(given.seed).sample(there_are, given.sample)
    noticed, missed = try_out(wanted, given.measured)
    for mutant in sorted(missed, key=lambda each: (each.path, each.line)):
        sys.stdout.write(f"{mutant.path}:{mutant.line}  {mutant.said}\n")
    score = 100 * noticed / max(1, len(wanted))
    sys.stdout.write(f"{noticed} of {len(wanted)} mutants noticed, {score:.1f} % ({len(there_are)} in all)\n")
    if given.write_proof:
        row = [given.seed, f"{len(wanted):,}", f"{len(there_are):,}", f"{noticed:,}", f"{score:.1f} %"]
        proving.write(proving.MUTANTS, row)
    return int(score < LEAST)


def try_out(wanted: list[Mutant], kept: Path | None) -> tuple[int, list[Mutant]]:
    """How many were noticed, and those that were not."""
    with tempfile.TemporaryDirectory(prefix="bosai-mutants-") as folder:
        measured = kept or Path(folder) / "measured"
        if not measured.exists():
            measured.mkdir()
            measure(measured)
        touching = Touching(measured)
        meets = [(mutant, tests) for mutant in wanted if (tests := touching.tests_of(mutant))]
        folders = [Path(folder) / str(n) for n in range(WORKERS)]
        with ThreadPoolExecutor(WORKERS) as side_by_side:
            shares = side_by_side.map(try_share, folders, [meets[n::WORKERS] for n in range(WORKERS)])
            noticed = set().union(*shares)
    return len(noticed), [mutant for mutant in wanted if mutant not in noticed]


def try_share(folder: Path, meets: Sequence[Meeting]) -> set[Mutant]:
    """Those that were noticed: tried in forks where that can be, else in a copy."""
    copy = Copy(folder)
    in_functions = [(mutant, tests) for mutant, tests in meets if mutant.function]
    answers = dict(zip([mutant for mutant, _ in in_functions], try_in_forks(copy, in_functions), strict=True))
    noticed = {mutant for mutant, answer in answers.items() if answer == forking.NOTICED}
    others = [each for each in meets if answers.get(each[0], forking.IMPOSSIBLE) == forking.IMPOSSIBLE]
    if others:
        assert copy.pytest(*DATABASE) == 0, "it has no database"
    return noticed | {mutant for mutant, tests in others if copy.notices(mutant, tests)}


def try_in_forks(copy: Copy, meets: Sequence[Meeting]) -> list[int]:
    if not meets:
        return []
    given = copy.state / "mutants"
    given.write_bytes(pickle.dumps(meets))
    state = copy.state / "forks"
    state.mkdir()
    environment = os.environ | {forking.GIVEN: str(given), "BOSAI_STATE": str(state)}
    options = ["-p", "no:cacheprovider", "-p", "tests.gates.forking"]
    command = [sys.executable, "-m", "pytest", "-q", *options, "-m", QUICK, *TESTS]
    done = subprocess.run(command, env=environment | {"BOSAI_MODE": "test"}, cwd=ROOT, capture_output=True)
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
    return forking.answers_of(given)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
