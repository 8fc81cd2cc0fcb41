"""python -m tests.model: the send protocol, every order of its steps, by the model checker Spin.

With the lease token there must be no second copy and no delivery left lying; without the token Spin must find
a second copy, or the model would prove nothing. Promela rather than TLA+: Debian has Spin, and it needs a C
compiler where TLC needs Java.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.services import processes
from tests.services.processes import ServiceMissingError

MODEL = Path(__file__).with_name("send.pml")
PACKAGES = ("spin", "gcc", "libc6-dev")
DEEPEST = 100_000  # steps; reaching it would be an error of its own


@dataclass(frozen=True)
class Checked:
    states: int
    fault: str
    """Spin's own words for the first fault; empty when there is none."""
    is_complete: bool


def check(*defined: str, only_assertions: bool = False) -> Checked:
    """Search the whole model. Raises CalledProcessError when it cannot be built."""
    with tempfile.TemporaryDirectory(prefix="bosai-model-") as folder:
        _run(["spin", *(f"-D{name}" for name in defined), "-a", str(MODEL)], folder)
        _run(["gcc", "-O1", "-DSAFETY", "-o", "pan", "pan.c"], folder)
        said = _run(["./pan", f"-m{DEEPEST}", *(["-E"] if only_assertions else [])], folder)
    states = re.search(r"(\d+) states, stored", said)
    fault = re.search(r"pan:1: (.*) \(at depth \d+\)", said)
    is_complete = "Search not completed" not in said and "max search depth too small" not in said
    return Checked(int(states[1]) if states else 0, fault[1] if fault else "", is_complete)


def _run(command: list[str], folder: str) -> str:
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


def need_spin() -> None:
    """Raises ServiceMissingError."""
    if all(map(shutil.which, ("spin", "gcc"))) or processes.apt_install(*PACKAGES):
        return
    raise ServiceMissingError(f"no model checker: apt install {' '.join(PACKAGES)}")


def main() -> int:
    try:
        need_spin()
    except ServiceMissingError as missing:
        sys.stderr.write(f"model: {missing}\n")
        return 2
    with_token = check()
    without = check("NO_TOKEN", only_assertions=True)
    is_kept = with_token.is_complete and not with_token.fault and with_token.states > 1000
    is_sharp = "copies<=1" in without.fault
    sys.stdout.write(
        f"with the lease token      {with_token.states} states: {with_token.fault or 'never a second copy'}\n"
        f"without the lease token   {without.fault or 'NO fault found: the model proves nothing'}\n"
    )
    return 0 if is_kept and is_sharp else 1


if __name__ == "__main__":
    sys.exit(main())
