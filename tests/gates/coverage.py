"""At least 95 % of all branches are taken by tests, and everything in what must never be wrong.

`python -m tests.gates.coverage` runs the tests on SQLite and on PostgreSQL under coverage and says what is
missing; `--whole` with those that start whole processes as well. `--only FOLDER` judges data measured
before (`COVERAGE_FILE=FOLDER/x coverage run -m pytest …`), in one run or in parts; `--write-proof` keeps what
came out in docs/proof.md. For the night: measuring makes tests half as slow again.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.gates import proving
from tests.gates.mutating import TARGETS
from tests.services.everything import NOTHING_COLLECTED, PHASES, WORKERS
from tests.services.running import running

ROOT = Path(__file__).resolve().parents[2]
LEAST = 95.0  # per cent of branches, over all rooms
WHOLE = tuple(target if target.endswith(".py") else f"{target}/" for target in TARGETS)
type Report = dict[str, Any]


def measure(folder: Path, *, whole: bool) -> bool:
    """Whether all tests passed. Data files are left in the folder."""
    fine = True
    with running(workers=WORKERS) as services:
        for phase in PHASES:
            chosen = phase.chosen if whole else f"({phase.chosen}) and not slow"
            environment = services.outgrown() if phase.outgrown else services.laptop()
            environment["COVERAGE_FILE"] = str(folder / "data")
            command = ["-m", "coverage", "run", "-m", "pytest", "-q", "-m", chosen, *phase.spread]
            done = subprocess.run([sys.executable, *command], env=environment, cwd=ROOT)
            fine &= done.returncode in (0, NOTHING_COLLECTED)
    return fine


def report_of(folder: Path) -> Report:
    data, out = f"--data-file={folder / 'all'}", folder / "report.json"
    parts = [str(path) for path in folder.iterdir() if path.name not in ("all", "report.json")]
    for command in (
        ["combine", "--keep", "--quiet", data, *parts],
        ["json", "--quiet", data, "-o", str(out)],
    ):
        subprocess.run([sys.executable, "-m", "coverage", *command], check=True, cwd=ROOT)
    return json.loads(out.read_text())


def faults(report: Report) -> Iterator[str]:
    """What is short of the promise, in words."""
    share = branches(report["totals"])
    if share < LEAST:
        yield f"{share:.1f} % of branches in all; {LEAST} % are promised"
    for name, file in sorted(report["files"].items()):
        if name.startswith(WHOLE) and (missing := [*_missing(file)]):
            yield f"{name}: {', '.join(missing)}; all of it is promised"


def _missing(file: Report) -> Iterator[str]:
    yield from (f"line {line}" for line in file["missing_lines"])
    yield from (f"{line} to {to if to > 0 else 'the end'}" for line, to in file["missing_branches"])


def branches(summary: Report) -> float:
    return 100 * summary["covered_branches"] / summary["num_branches"] if summary["num_branches"] else 100.0


def by_room(report: Report) -> Iterator[str]:
    for room in sorted({name.split("/")[0] for name in report["files"]}):
        lines, taken = shares(report, (f"{room}/",))
        yield f"{room:<14} {lines:5.1f} % of lines  {taken:5.1f} % of branches"


def shares(report: Report, where: tuple[str, ...] = ("",)) -> tuple[float, float]:
    """Per cent of the lines and of the branches that tests take, in files whose names begin so."""
    sums = dict.fromkeys(COUNTED, 0)
    for name, file in report["files"].items():
        for counted in COUNTED if name.startswith(where) else ():
            sums[counted] += file["summary"][counted]
    return 100 * sums["covered_lines"] / max(1, sums["num_statements"]), branches(sums)


COUNTED = ("covered_lines", "num_statements", "covered_branches", "num_branches")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.gates.coverage")
    parser.add_argument("--whole", action="store_true", help="measure tests of whole processes too")
    parser.add_argument("--only", type=Path, metavar="FOLDER", help="judge what was measured before")
    parser.add_argument("--write-proof", action="store_true", help="keep the result in docs/proof.md")
    given = parser.parse_args(arguments)
    if given.only:
        fine, report = True, report_of(given.only)
    else:
        with tempfile.TemporaryDirectory(prefix="bosai-coverage-") as folder:
            fine = measure(Path(folder), whole=given.whole)
            report = report_of(Path(folder))
    found = list(faults(report))
    for line in [*by_room(report), *found]:
        sys.stdout.write(line + "\n")
    for where, names in (("what must never be wrong", WHOLE), ("in all", ("",))):
        lines, taken = shares(report, names)
        sys.stdout.write(f"{where}: {lines:.1f} % of lines, {taken:.1f} % of branches\n")
        if given.write_proof:
            proving.write(proving.COVERAGE, [where, f"{lines:.1f} %", f"{taken:.1f} %"])
    return int(bool(found) or not fine)


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main(sys.argv[1:]))
