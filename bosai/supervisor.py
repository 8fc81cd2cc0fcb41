"""`./run demo` and `./run up`: prepare the database, then keep web, worker, beat and post running.

No Django in here: this process lives as long as Bosai does and stays small. What Bosai needs to know is
handed down in the environment: BOSAI_MODE, BOSAI_STATE, BOSAI_URL.
"""

import errno
import os
import socket
import sys
import threading
import time
import zlib
from pathlib import Path

from bosai.children import Child, Family, Log, say
from bosai.lifeline import SUPERVISED
from bosai.lockfile import AlreadyRunningError, held
from bosai.programs import programs

FIRST_PAGE = "/accounts/login/"
PORT_WAIT_SECONDS = 6.0  # children of a supervisor that was killed are gone after five

DEMO_WELCOME = """
Sign in with the password bosai-demo as
    ada@harbour.example     admin
    theo@harbour.example    manager
    mara@harbour.example    CSM
    rio@harbour.example     read-only"""


def children(host: str, port: int, state: Path) -> list[Child]:
    """What runs side by side."""
    return [
        Child(name, program.command, program.grace) for name, program in programs(host, port, state).items()
    ]


def prepare(family: Family, mode: str, state: Path) -> bool:
    """Bring the database up to date and, for the demo, fill it once. False when a step failed."""
    seen, fingerprint = state / "static.seen", static_fingerprint()
    steps = [["migrate", "--verbosity", "0"]]
    if "DATABASE_URL" in os.environ:
        steps += [["roles"]]
    if not seen.exists() or seen.read_text() != fingerprint:
        steps += [["collectstatic", "--no-input", "--clear", "--verbosity", "0"]]
    if mode == "demo":
        steps += [["seed_demo"]]
    for step in steps:
        if family.run_once(Child(step[0], ["manage", *step])) != 0:
            if not family.stops:
                say(f"Bosai did not start: `{step[0]}` failed, see the lines above.")
            return False
    seen.write_text(fingerprint)
    return True


def setup_link(family: Family) -> str:
    """What to tell the first person; empty when there is an organisation already."""
    lines: list[str] = []
    family.run_once(
        Child("setup_link", ["manage", "setup_link"]), hear=lambda _, line: lines.append(line.decode())
    )
    return "\n".join(["", *lines]) if lines else ""


def static_fingerprint() -> str:
    """Changes when a file in static/ does or another version of a package is installed.

    Hashing and compressing them takes three seconds, which a warm start should not wait for.
    """
    files = sorted(path for path in Path("static").rglob("*") if path.is_file())
    facts = [f"{path} {path.stat().st_mtime_ns} {path.stat().st_size}" for path in files]
    facts.append(Path("requirements.lock").read_text())
    return str(zlib.crc32("\n".join(facts).encode()))


def port_is_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise
    return True


def cannot_be_written(state: Path) -> str:
    """Why nothing can be kept there; empty when something can. Makes the folder when it is missing."""
    try:
        state.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        return str(error)
    return "" if os.access(state, os.W_OK | os.X_OK) else f"{state} belongs to somebody else"


def reachable(host: str) -> str:
    """The address to try when `host` means every address."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)


def answers(host: str, port: int) -> bool:
    """Whether the first page says 200."""
    try:
        with socket.create_connection((reachable(host), port), timeout=5) as connection:
            request = f"GET {FIRST_PAGE} HTTP/1.0\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            connection.sendall(request.encode())
            return b" 200 " in connection.makefile("rb").readline()
    except OSError:
        return False


def greet_when_ready(host: str, port: int, lines: str) -> None:
    """From a thread: say `ready` on a line of its own when the first page answers."""

    def wait() -> None:
        while not answers(host, port):
            time.sleep(0.1)
        say(f"{lines}\n\nCtrl-C stops Bosai.\nready")

    threading.Thread(target=wait, daemon=True).start()


def run(mode: str, state: Path, host: str, port: int) -> int:
    word = "demo" if mode == "demo" else "up"
    address = os.environ.setdefault("BOSAI_URL", f"http://{reachable(host)}:{port}")
    os.environ[SUPERVISED] = "1"
    if fault := cannot_be_written(state):
        say(f"BOSAI_STATE must be a folder that Bosai may write in: {fault}")
        return 1
    with held(state / "bosai.lock", address) as cut_off:
        patience = time.monotonic() + (PORT_WAIT_SECONDS if cut_off else 0)
        while not port_is_free(host, port):
            if time.monotonic() >= patience:
                say(f"Port {port} is taken by another program. Choose one: PORT={port + 1} ./run {word}")
                return 1
            time.sleep(0.2)
        family = Family(Log(state / "logs", width=6))
        if prepare(family, mode, state):
            welcome = DEMO_WELCOME if mode == "demo" else setup_link(family)
            greet_when_ready(host, port, f"\nBosai is running at {address}{welcome}")
            family.keep(children(host, port, state), on_turn=lambda: None)
        return 0 if family.stops else 1


def main() -> int:
    mode, port = os.environ["BOSAI_MODE"], os.environ.get("PORT", "8000")
    state = Path(os.environ["BOSAI_STATE"]) / ("demo" if mode == "demo" else "")
    host = "127.0.0.1" if mode == "demo" else os.environ.get("BOSAI_BIND", "127.0.0.1")
    if not port.isdecimal() or not 0 < int(port) < 65536:
        say(f"PORT must be a number from 1 to 65535, not {port!r}.")
        return 2
    try:
        return run(mode, state, host, int(port))
    except AlreadyRunningError as other:
        say(f"Bosai is already running at {other.address} (process {other.pid}).")
        return 0


if __name__ == "__main__":
    sys.exit(main())
