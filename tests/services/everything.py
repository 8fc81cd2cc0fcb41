"""`./run test`: the checks, then every test on SQLite, then on PostgreSQL and Redis; at last what none used.

What measures time (`alone`) runs by itself; all else on several workers, so that some work while others wait
for processes and browsers.
On PostgreSQL, browser tests run only when marked `both`: pages are the same, the database is not. Nor does
what asks no database run there again.
Arguments are handed to pytest in every phase, and the checks are left out.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.gates import usage
from tests.services.processes import ServiceMissingError
from tests.services.running import Services, running

WORKERS = 3
NOTHING_COLLECTED = 5


@dataclass(frozen=True)
class Phase:
    name: str
    outgrown: bool
    chosen: str  # pytest's -m
    workers: int = WORKERS

    @property
    def spread(self) -> list[str]:
        """What tells pytest to use several workers."""
        return ["-n", str(self.workers), "--no-loadscope-reorder"] if self.workers > 1 else []


ON_SQLITE = "not postgres and not nightly"
AGAIN = "slow and (postgres or both) or not slow and not once and (postgres or both or not browser)"
ON_POSTGRESQL = f"not nightly and ({AGAIN})"
PHASES = [
    Phase("SQLite", False, f"not alone and {ON_SQLITE}"),
    Phase("SQLite, measured", False, f"alone and {ON_SQLITE}", workers=1),
    Phase("PostgreSQL", True, f"not alone and {ON_POSTGRESQL}"),
    Phase("PostgreSQL, measured", True, f"alone and {ON_POSTGRESQL}", workers=1),
]


@dataclass
class Outcome:
    name: str
    code: int
    counts: dict[str, int]
    seconds: float
    busy: float
    """Seconds of processor, all cores together."""

    @property
    def words(self) -> str:
        listed = ", ".join(f"{count} {what}" for what, count in self.counts.items() if count)
        code = "" if self.fine else f"  (exit code {self.code})"
        return f"{self.name}: {listed or 'nothing to run'}{code} · {self.took}"

    @property
    def took(self) -> str:
        return f"{self.seconds:.0f} s, {self.busy:.0f} s of processor"

    @property
    def fine(self) -> bool:
        return self.code in (0, NOTHING_COLLECTED)


def run_phase(phase: Phase, services: Services, arguments: list[str]) -> Outcome:
    say(f"\n===== {phase.name} =====")
    spread = [] if arguments else phase.spread
    command = [sys.executable, "-m", "pytest", "-m", phase.chosen, *spread, *arguments]
    with tempfile.NamedTemporaryFile(prefix="bosai-summary-") as summary:
        environment = services.outgrown() if phase.outgrown else services.laptop()
        environment["BOSAI_TEST_SUMMARY"] = summary.name
        code, *took = timed(command, environment)
        written = Path(summary.name).read_text()
    return Outcome(phase.name, code, json.loads(written or "{}"), *took)


def run_checks() -> Outcome:
    say("\n===== checks =====")
    code, *took = timed([sys.executable, "-m", "tests.checks"])
    return Outcome("checks", code, {}, *took)


def run_gate(folder: str) -> Outcome:
    """Whether every address, template, mail, task and command was used."""
    say("\n===== what tests used =====")
    code, *took = timed([sys.executable, "-m", "tests.gates.usage", folder])
    return Outcome("usage", code, {}, *took)


def timed(command: list[str], environment: dict[str, str] | None = None) -> tuple[int, float, float]:
    """Exit code, seconds, seconds of processor of it and of all that it waited for."""
    began = time.monotonic()
    with subprocess.Popen(command, env=environment) as process:
        _pid, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, time.monotonic() - began, used.ru_utime + used.ru_stime


def main(arguments: list[str]) -> int:
    """With arguments a part of the tests, which proves nothing about the rest: no checks, no gate."""
    checks: list[Outcome] = []
    try:
        with ThreadPoolExecutor() as beside, tempfile.TemporaryDirectory() as used:
            checking = None if arguments else beside.submit(run_checks)  # while the services come up
            with running(workers=WORKERS) as services:
                if checking:
                    checks.append(checking.result())
                    services.shared[usage.FOLDER] = used
                phases = [run_phase(phase, services, arguments) for phase in PHASES]
                if not arguments:
                    checks.append(run_gate(used))
    except ServiceMissingError as missing:
        sys.stderr.write(f"services: {missing}\n")
        return 2
    return conclude(checks, phases)


def conclude(checks: list[Outcome], phases: list[Outcome]) -> int:
    """The last lines: every phase, and the sum alone on a line."""
    say("")
    for check in checks:
        say(f"{check.name}: {'fine' if check.fine else 'NOT fine, see above'} · {check.took}")
    for phase in phases:
        say(phase.words)
    passed = sum(phase.counts.get("passed", 0) for phase in phases)
    failed = sum(phase.counts.get(what, 0) for phase in phases for what in ("failed", "errors"))
    say(f"{passed} passed, {failed} failed")
    ran = any(phase.code != NOTHING_COLLECTED for phase in phases)
    return 0 if ran and all(outcome.fine for outcome in [*checks, *phases]) else 1


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    os.chdir(Path(__file__).resolve().parents[2])
    sys.exit(main(sys.argv[1:]))
