"""Child processes that are kept running: started in their own session, brought back, stopped whole.

A child that dies takes what is left of its process group with it before it comes back, so that no
orphaned pool or second beat survives. Waits between restarts double up to half a minute.
"""

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import IO

FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0  # seconds
STEADY_SECONDS = 30.0  # a child that lived this long starts again with the shortest wait
LOG_BYTES = 5_000_000  # per log file; one older file is kept beside it
Hear = Callable[[str, bytes], None]  # who said it, one line


class Child:
    """One program: its process, its log, and when it may start again."""

    def __init__(self, name: str, command: list[str], grace: float = 15.0) -> None:
        """`command` is what follows `python -m`; `grace` is seconds between SIGTERM and SIGKILL."""
        self.name = name
        self.command = command
        self.grace = grace
        self.process: subprocess.Popen[bytes] | None = None
        self.started_at = 0.0
        self.wait = FIRST_WAIT
        self.due_at = 0.0

    def start(self, lifeline: int) -> IO[bytes]:
        """Start the process; returns the pipe with all that it writes."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bosai.lifeline", str(lifeline), *self.command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            bufsize=0,
            pass_fds=(lifeline,),
            start_new_session=True,
        )
        self.started_at = time.monotonic()
        output = self.process.stdout
        assert output is not None
        os.set_blocking(output.fileno(), False)
        return output

    def terminate(self) -> None:
        """Ask the main process alone: its own children are its business until the grace is over."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def kill_group(self) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):  # all gone; macOS: a group of zombies
                os.killpg(self.process.pid, signal.SIGKILL)

    def bury(self) -> str:
        """After the end: clear the group away, choose when to come back. Returns how it ended, in words."""
        assert self.process is not None
        code = self.process.wait()
        self.kill_group()
        self.process = None
        if time.monotonic() - self.started_at > STEADY_SECONDS:
            self.wait = FIRST_WAIT
        self.due_at = time.monotonic() + self.wait
        ended = f"killed by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
        return f"{ended}, comes back in {self.wait:g} s"

    def grow_wait(self) -> None:
        self.wait = min(self.wait * 2, LONGEST_WAIT)


class Log:
    """Lines of every child, prefixed on our own output and kept in a file each."""

    def __init__(self, folder: Path, width: int) -> None:
        self.folder = folder
        self.width = width
        folder.mkdir(parents=True, exist_ok=True)

    def line(self, name: str, text: bytes) -> None:
        say(f"{name:<{self.width}} | ".encode() + text)
        path = self.folder / f"{name}.log"
        if path.exists() and path.stat().st_size > LOG_BYTES:
            path.replace(path.with_suffix(".log.1"))
        with path.open("ab") as file:
            file.write(text + b"\n")


def say(text: bytes | str = b"") -> None:
    """Write one line for the person at the terminal; a closed terminal is no reason to stop."""
    line = text.encode() if isinstance(text, str) else text
    with suppress(OSError):
        sys.stdout.buffer.write(line + b"\n")
        sys.stdout.buffer.flush()


class Family:
    """Children, the pipe that tells them we live, and the loop that looks after them."""

    def __init__(self, log: Log) -> None:
        self.log = log
        self.children: list[Child] = []
        self.selector = selectors.DefaultSelector()
        self.lifeline, self._alive = os.pipe()  # our end closes with us; nothing is ever written
        self.stops = 0
        self._listen()

    def _listen(self) -> None:
        """SIGINT, SIGTERM and SIGHUP count in `stops`; every signal wakes the loop."""
        heard, tell = os.pipe()
        for end in (heard, tell):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(tell, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop_asked)
        self.selector.register(heard, selectors.EVENT_READ, lambda: os.read(heard, 512))

    def _stop_asked(self, *_: object) -> None:
        self.stops += 1

    def run_once(self, child: Child, hear: Hear | None = None) -> int:
        """Run to the end; `hear` gets its lines instead of the log. The exit code, -1 when asked to stop."""
        self._start(child, hear)
        assert child.process is not None
        while child.process.poll() is None and not self.stops:
            self._turn()
        self._turn()
        code = child.process.poll()
        if code is None:
            self.stop([child])
            return -1
        child.kill_group()
        return code

    def keep(self, children: list[Child], on_turn: Callable[[], None]) -> None:
        """Keep all running until we are asked to stop; then stop them."""
        self.children = children
        while not self.stops:
            self._turn()
            for child in self.children:
                self._look_after(child)
            on_turn()
        self.stop(children)

    def _look_after(self, child: Child) -> None:
        if child.process is None:
            if time.monotonic() >= child.due_at:
                self._start(child)
        elif child.process.poll() is not None:
            self.log.line(child.name, child.bury().encode())
            child.grow_wait()

    def stop(self, children: list[Child]) -> None:
        """SIGTERM to every main process, SIGKILL to every group after its grace or a second request."""
        asked, requests = time.monotonic(), self.stops
        for child in children:
            child.terminate()
        while running := [c for c in children if c.process is not None and c.process.poll() is None]:
            self._turn()
            for child in running:
                if self.stops > requests or time.monotonic() - asked > child.grace:
                    child.kill_group()
        for child in children:
            child.kill_group()
        self._turn(0)

    def _start(self, child: Child, hear: Hear | None = None) -> None:
        output = child.start(self.lifeline)
        rest = bytearray()

        def read() -> None:
            self._read(output, rest, partial(hear or self.log.line, child.name))

        self.selector.register(output, selectors.EVENT_READ, read)

    def _read(self, output: IO[bytes], rest: bytearray, hear: Callable[[bytes], None]) -> None:
        data = output.read(65536)
        if data is None:
            return
        rest += data
        *lines, last = bytes(rest).split(b"\n")
        rest[:] = last
        if not data:
            self.selector.unregister(output)
            output.close()
            lines += [last] if last else []
        for line in lines:
            hear(line)

    def _turn(self, seconds: float = 0.5) -> None:
        for key, _ in self.selector.select(seconds):
            key.data()
