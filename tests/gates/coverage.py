"""At least 95 % of all branches are taken by tests, and everything in what must never be wrong.

`python -m tests.gates.coverage` runs the tests on SQLite and on PostgreSQL under coverage and says what is
missing; `--whole` with those that start whole processes as well. `--only FOLDER` judges data measured
before (`COVERAGE_FILE=FOLDER/x coverage run -m pytest …`), in one run or in parts. For the night: measuring
makes tests half as slow again.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.services.everything import PHASES, WORKERS
from tests.services.running import running

ROOT = Path(__file__).resolve().parents[2]
LEAST = 95.0  # per cent of branches, over all rooms
WHOLE = ("post/", "milestones/judging.py", "milestones/verifying/")
type Report = dict[str, Any]


def measure(folder: Path, *, whole: bool) -> bool:
    """Whether all tests passed. Data files are left in the folder."""
    fine = True
    with running(workers=WORKERS) as services:
        for phase in PHASES:
            if phase.is_whole and not whole:
                continue
            environment = services.outgrown() if phase.outgrown else services.laptop()
            environment["COVERAGE_FILE"] = str(folder / "data")
            parallel = ["-n", str(WORKERS)] if phase.parallel else []
            command = ["-m", "coverage", "run", "-m", "pytest", "-q", "-m", phase.chosen, *parallel]
            fine &= subprocess.run([sys.executable, *command], env=environment, cwd=ROOT).returncode == 0
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
    rooms: dict[str, Report] = {}
    for name, file in report["files"].items():
        sums = rooms.setdefault(name.split("/")[0], dict.fromkeys(COUNTED, 0))
        for counted in COUNTED:
            sums[counted] += file["summary"][counted]
    for room, sums in sorted(rooms.items()):
        lines = 100 * sums["covered_lines"] / max(1, sums["num_statements"])
        yield f"{room:<14} {lines:5.1f} % of lines  {branches(sums):5.1f} % of branches"


COUNTED = ("covered_lines", "num_statements", "covered_branches", "num_branches")


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["--only"]:
        fine, report = True, report_of(Path(arguments[1]))
    else:
        with tempfile.TemporaryDirectory(prefix="bosai-coverage-") as folder:
            fine = measure(Path(folder), whole="--whole" in arguments)
            report = report_of(Path(folder))
    found = list(faults(report))
    for line in [*by_room(report), *found]:
        sys.stdout.write(line + "\n")
    totals = report["totals"]
    lines = 100 * totals["covered_lines"] / totals["num_statements"]
    sys.stdout.write(f"in all: {lines:.1f} % of lines, {branches(totals):.1f} % of branches\n")
    return int(bool(found) or not fine)


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main(sys.argv[1:]))
