"""Storms side by side, each a process of its own: most of a storm is waiting for others."""

import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from time import sleep

from tests.services import processes
from tests.storm.reporting import Report

AT_ONCE = 3
TAIL = 4000  # characters of what a storm said that failed


class StormBrokenOffError(AssertionError):
    """A storm came to no end; nothing is known about its mails."""


@dataclass
class Running:
    process: subprocess.Popen[bytes]
    said: Path

    def report(self) -> Report:
        """Raises StormBrokenOffError."""
        text = self.said.read_text(errors="replace")
        if self.process.returncode:
            raise StormBrokenOffError(text[-TAIL:])
        return Report.of(text.splitlines()[-1])


def storms(
    prepared: Path,
    seeds: Sequence[int],
    *,
    kills: int,
    folder: Path,
    at_once: int = AT_ONCE,
    idempotent: bool = False,
) -> Iterator[Report]:
    """Reports as they come in. Raises StormBrokenOffError, after the others have been ended."""
    waiting, running = list(seeds), list[Running]()
    with ExitStack() as cleaning:
        cleaning.callback(lambda: [processes.stop(each.process, signal.SIGTERM, 30) for each in running])
        while waiting or running:
            while waiting and len(running) < at_once:
                seed = waiting.pop(0)
                running.append(_start(prepared, seed, kills, folder / f"{seed}.said", idempotent))
            for each in [each for each in running if each.process.poll() is not None]:
                running.remove(each)
                yield each.report()
            sleep(0.1)


def _start(prepared: Path, seed: int, kills: int, said: Path, idempotent: bool) -> Running:
    command = [sys.executable, "-m", "tests.storm.one", prepared, str(seed), str(kills)]
    command += ["idempotent"] if idempotent else []
    with said.open("wb") as file:
        return Running(processes.start(command, stdout=file, stderr=file), said)
