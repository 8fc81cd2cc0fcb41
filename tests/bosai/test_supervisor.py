import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bosai import supervisor
from post import smtp
from tests.services import processes
from tests.services.processes import alive_in_session, wait_until


class Stack:
    """A running supervisor and what it said."""

    def __init__(self, state: Path, *kinds: str, port: int | None = None, **env: str) -> None:
        self.port = port or processes.free_port()
        self.output = state.parent / f"output-{time.monotonic_ns()}"
        given = {"BOSAI_MODE": "live", "BOSAI_STATE": str(state), "PORT": str(self.port), **env}
        kept = {key: value for key, value in os.environ.items() if key not in ("BOSAI_URL", "BOSAI_BIND")}
        with self.output.open("wb") as file:
            command = [sys.executable, "-m", "tests.bosai.fake_stack", *kinds]
            self.process = processes.start(command, stdout=file, stderr=file, env=kept | given)

    def said(self) -> str:
        return self.output.read_text()

    def pids(self, kind: str) -> list[int]:
        """Every process id this child has had, oldest first."""
        return [int(pid) for pid in re.findall(rf"^{kind} +\| I am (\d+)$", self.said(), re.MULTILINE)]

    def wait_for(self, kind: str, times: int = 1) -> int:
        return wait_until(lambda: self.pids(kind)[times - 1 :], f"{kind} to start ({times})")[0]

    def wait_until_says(self, text: str) -> None:
        wait_until(lambda: text in self.said(), f"{text!r} in {self.output}")


@pytest.fixture
def start(tmp_path):
    stacks = []

    def started(*kinds, **env):
        stacks.append(Stack(tmp_path / "state", *kinds, **env))
        return stacks[-1]

    yield started
    for stack in stacks:
        processes.stop(stack.process)
        for kind in ("steady", "stubborn"):
            for pid in stack.pids(kind):
                wait_until(lambda pid=pid: not alive_in_session(pid), f"{kind} {pid} to end")


def test_it_says_ready_on_a_line_of_its_own_when_the_first_page_answers(start):
    stack = start("web")
    stack.wait_until_says("\nready\n")
    assert f"Bosai is running at http://127.0.0.1:{stack.port}" in stack.said()


def test_it_finds_its_first_page_when_it_listens_everywhere(start):
    stack = start("web", BOSAI_BIND="0.0.0.0")
    stack.wait_until_says("\nready\n")
    assert f"Bosai is running at http://127.0.0.1:{stack.port}" in stack.said()


@pytest.mark.parametrize("port", ["http", "0", "70000"])
def test_it_refuses_a_port_that_is_none(start, port):
    stack = start("web", PORT=port)
    assert stack.process.wait(10) == 2
    assert stack.said() == f"PORT must be a number from 1 to 65535, not {port!r}.\n"


def test_it_says_so_when_it_cannot_keep_anything(start):
    stack = start("web", BOSAI_STATE="/proc/nowhere")
    assert stack.process.wait(10) == 1
    assert stack.said().startswith("BOSAI_STATE must be a folder that Bosai may write in: ")


def test_it_brings_a_killed_child_back_and_leaves_no_orphan(start):
    stack = start("steady")
    first = stack.wait_for("steady")
    wait_until(lambda: len(alive_in_session(first)) == 2, "the grandchild")
    os.kill(first, signal.SIGKILL)
    second = stack.wait_for("steady", times=2)
    assert second != first
    assert alive_in_session(first) == []
    assert "steady | killed by SIGKILL, comes back in 0.5 s" in stack.said()


@pytest.mark.parametrize("kind", ["steady", "stubborn"])
def test_kill_9_of_the_supervisor_leaves_nothing_alive_after_five_seconds(start, kind):
    stack = start(kind)
    child = stack.wait_for(kind)
    wait_until(lambda: len(alive_in_session(child)) == 2, "the grandchild")
    os.kill(stack.process.pid, signal.SIGKILL)
    wait_until(lambda: not alive_in_session(child), "everything to end", seconds=5)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_ctrl_c_stops_all_and_ends_well(start, tmp_path, number):
    stack = start("steady")
    child = stack.wait_for("steady")
    stack.process.send_signal(number)
    assert stack.process.wait(5) == 0
    assert alive_in_session(child) == []
    assert (tmp_path / "state" / "bosai.lock").read_text() == ""


def test_it_kills_what_will_not_stop_after_the_grace(start):
    stack = start("stubborn", GRACE="0.5")
    child = stack.wait_for("stubborn")
    stack.process.send_signal(signal.SIGTERM)
    assert stack.process.wait(5) == 0
    assert alive_in_session(child) == []


def test_a_second_ctrl_c_waits_for_nobody(start):
    stack = start("stubborn", GRACE="600")
    stack.wait_for("stubborn")
    stack.process.send_signal(signal.SIGINT)
    with pytest.raises(subprocess.TimeoutExpired):
        stack.process.wait(1)
    stack.process.send_signal(signal.SIGINT)
    assert stack.process.wait(5) == 0


def test_a_second_start_says_where_the_first_one_runs_and_ends_well(start):
    first = start("steady")
    first.wait_for("steady")
    second = start("steady")
    assert second.process.wait(10) == 0
    expected = f"Bosai is already running at http://127.0.0.1:{first.port} (process {first.process.pid}).\n"
    assert second.said() == expected


def test_a_lock_left_by_a_killed_supervisor_holds_nobody_up(start):
    first = start("steady")
    first.wait_for("steady")
    os.kill(first.process.pid, signal.SIGKILL)
    first.process.wait()
    start("steady").wait_for("steady")


def test_it_waits_for_the_port_of_a_supervisor_that_was_killed(start):
    first = start("web", "steady")
    first.wait_until_says("\nready\n")
    os.kill(first.process.pid, signal.SIGKILL)
    first.process.wait()
    start("web", "steady", port=first.port).wait_until_says("\nready\n")


def test_it_names_a_taken_port_and_the_line_to_type(start):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        stack = start("steady", port=port)
        assert stack.process.wait(10) == 1
    assert stack.said() == f"Port {port} is taken by another program. Choose one: PORT={port + 1} ./run up\n"


def test_it_keeps_every_childs_words_in_a_file(start, tmp_path):
    stack = start("steady")
    child = stack.wait_for("steady")
    log = tmp_path / "state" / "logs" / "steady.log"
    wait_until(log.exists, "the log")
    assert log.read_text() == f"I am {child}\n"


def test_it_imports_no_django():
    seen = "import sys, bosai.supervisor; sys.exit(any(m in sys.modules for m in ('django', 'celery')))"
    assert subprocess.run([sys.executable, "-c", seen]).returncode == 0


def test_whoever_sends_gets_the_time_to_finish_the_open_mail(tmp_path):
    graces = {child.name: child.grace for child in supervisor.children("127.0.0.1", 8000, tmp_path)}
    assert min(graces["post"], graces["worker"]) > smtp.DATA_SECONDS
