"""A deploy while everybody works: each process in turn is asked to stop, waited for, and started again.

python -m tests.storm.rolling --restarts N --achievements M --seed S [--write-proof]

Nothing is killed, so nothing may be uncertain, and nobody may see a failure: two web processes stand behind
a balancer, which sends nobody to the one that is being restarted.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from random import Random

from bosai.programs import programs
from bosai.supervisor import answers
from tests.services import processes
from tests.services.processes import wait_until
from tests.storm import preparing, proof
from tests.storm.balancing import Balancer
from tests.storm.counting import count
from tests.storm.preparing import prepare
from tests.storm.reporting import Report
from tests.storm.stacks import Outgrown
from tests.storm.storm import FAILING, FAR_AWAY, Clock, People, in_turn, report_of, settle

STOPPING_SECONDS = 90  # a worker finishes its round, the post loop its mail


class Deploying:
    """Bosai with a second web process beside it."""

    def __init__(self, folder: Path, dice: Random, prepared: Path) -> None:
        self.stack = Outgrown(folder, dice, prepared)
        self.installation = self.stack.installation
        self.second_port = processes.free_port()
        self.second: subprocess.Popen[bytes] | None = None
        self.balancer = Balancer(self.installation.port, self.second_port)
        self.installation.env["BOSAI_URL"] = self.balancer.url
        children = ("web", "worker", "beat", "post")
        self.kinds: dict[str, Callable[[], None]] = {
            "second web": self.restart_second_web,
            "supervisor": self.restart_supervisor,
            **{name: partial(self.restart_child, name) for name in children},
        }

    def start(self) -> None:
        self.stack.start()
        self._start_second_web()

    def stop(self) -> None:
        self.balancer.close()
        if self.second is not None:
            processes.stop(self.second, signal.SIGKILL)
        self.stack.stop()

    def _start_second_web(self) -> None:
        web = programs("127.0.0.1", self.second_port, self.installation.state)["web"]
        with self.installation.log.with_suffix(".second").open("ab") as log:
            command = [sys.executable, "-m", *web.command]
            self.second = processes.start(command, stdout=log, stderr=log, env=self.installation.env)
        self._wait_for_web(self.second_port)

    def _wait_for_web(self, port: int) -> None:
        wait_until(lambda: answers("127.0.0.1", port), f"the web process at {port}", 60)

    def restart_second_web(self) -> None:
        assert self.second is not None
        with self.balancer.without(self.second_port):
            self.second.terminate()
            assert self.second.wait(STOPPING_SECONDS) == 0
            self._start_second_web()

    def restart_child(self, name: str) -> None:
        """Its supervisor brings it back."""
        with ExitStack() as around:
            if name == "web":
                around.enter_context(self.balancer.without(self.installation.port))
            before = wait_until(lambda: self.installation.children().get(name), f"{name} to run")
            os.kill(before, signal.SIGTERM)
            wait_until(
                lambda: self.installation.children().get(name, before) != before,
                f"{name} to be another",
                STOPPING_SECONDS,
            )
            if name == "web":
                self._wait_for_web(self.installation.port)

    def restart_supervisor(self) -> None:
        """With all its children: what `./run up` does when it is stopped and started."""
        process = self.installation.process
        assert process is not None
        with self.balancer.without(self.installation.port):
            process.terminate()
            assert process.wait(STOPPING_SECONDS) == 0
            self.installation.start()


def roll(prepared: Path, *, restarts: int, achievements: int, seed: int, folder: Path) -> Report:
    """`achievements` of those that `prepared` has; restarts go on until enough were made, or are made."""
    dice, clock = Random(seed), Clock()
    with ExitStack() as cleaning:
        bosai = Deploying(folder, dice, prepared)
        cleaning.callback(bosai.stop)
        bosai.stack.sink.misbehave(**FAILING, **FAR_AWAY)
        bosai.start()
        clock.ends("starting")
        work = part_of(preparing.about(prepared)["work"], achievements)
        people = People(bosai.balancer.url, seed, work, folder)
        cleaning.callback(people.stop)
        order = in_turn(list(bosai.kinds), restarts, dice)
        for place, kind in enumerate(order):
            people.wait_for(achievements * (place + 0.2) / restarts)
            bosai.kinds[kind]()
        people.wait_to_the_end()
        clock.ends("working")
        bosai.stack.sink.misbehave(**FAR_AWAY)
        settle(bosai.stack)
        clock.ends("settling")
        counted = count(sum(map(len, work.values())), bosai.stack)
        return report_of(bosai.stack, "restarts", seed, Counter(order), counted, people, clock)


def part_of(work: dict[str, list[str]], achievements: int) -> dict[str, list[str]]:
    """About so many of them, as many of each kind as there are in the whole."""
    whole = sum(map(len, work.values()))
    return {kind: whats[: len(whats) * achievements // whole] for kind, whats in work.items()}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.storm.rolling", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--achievements", type=int, default=120)
    parser.add_argument("--restarts", type=int, default=6)
    parser.add_argument("--write-proof", action="store_true", help="keep the result in docs/proof.md")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bosai-rolling-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        os.environ |= {"BOSAI_MODE": "test", "BOSAI_STATE": name}
        size = {"achievements": given.achievements, "restarts": given.restarts}
        prepared = prepare("outgrown", given.achievements, folder / "outgrown")
        report = roll(prepared, **size, seed=given.seed, folder=folder)
    sys.stdout.write("\n".join([*report.lines(), ""]))
    if given.write_proof:
        proof.write(report)
    return 1 if report.count.faults() or report.tries_again else 0


if __name__ == "__main__":
    sys.exit(main())
