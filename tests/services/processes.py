"""Processes the tests start: they end with us, even when we are killed."""

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

PR_SET_PDEATHSIG = 1


class ServiceMissingError(Exception):
    """A service the tests need is not there; the message is the line to type."""


def start(
    command: Sequence[str | Path], at_our_death: int = signal.SIGKILL, **options: Any
) -> subprocess.Popen[bytes]:
    """Start a process in its own session; it gets `at_our_death` when this thread dies (on Linux)."""

    def die_with_us() -> None:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, at_our_death)

    return subprocess.Popen(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=die_with_us if sys.platform == "linux" else None,
        **options,
    )


def stop(process: subprocess.Popen[bytes], number: int = signal.SIGTERM, grace: float = 10) -> None:
    """End the process, then whatever is left of its group."""
    if process.poll() is None:
        process.send_signal(number)
        try:
            process.wait(grace)
        except subprocess.TimeoutExpired:
            process.kill()
    kill_group(process)
    process.wait()
    for pipe in (process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()


def kill_group(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until[T](question: Callable[[], T], what: str, seconds: float = 30) -> T:
    """The first true answer; AssertionError naming `what` when time is up."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := question():
            return answer
        time.sleep(0.05)
    raise AssertionError(f"waited {seconds:g} s in vain for {what}")


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def alive_in_session(leader: int) -> list[int]:
    """Processes of the session that `leader` opened, zombies aside."""
    rows = subprocess.run(["ps", "-eo", "pid=,sess=,stat="], capture_output=True, text=True, check=True)
    found = [line.split() for line in rows.stdout.splitlines()]
    return [int(pid) for pid, session, state in found if int(session) == leader and state[0] != "Z"]


def children_of(parent: int) -> list[int]:
    """Those it started itself, zombies included."""
    rows = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True)
    found = [line.split() for line in rows.stdout.splitlines()]
    return [int(pid) for pid, ppid in found if int(ppid) == parent]


def is_alive(pid: int) -> bool:
    """Whether there is such a process, zombies aside."""
    row = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    return row.stdout.strip()[:1] not in ("", "Z")


def apt_install(*packages: str) -> bool:
    """Install Debian packages when we may; False when we may not or it did not work."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
    install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
    if subprocess.run(install, stderr=subprocess.DEVNULL, **quiet).returncode == 0:
        return True
    subprocess.run(["apt-get", "update", "-q"], **quiet)
    return subprocess.run(install, **quiet).returncode == 0
