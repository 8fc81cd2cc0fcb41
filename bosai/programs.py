"""What runs side by side: the command of each process, told in this one place.

The supervisor runs them all; `python -m bosai.programs web` becomes one of them, for containers and systemd.
No Django in here. How many work at once comes from the environment:

WEB_PROCESSES     processes that serve pages, four requests each (default 1)
WORKER_PROCESSES  tasks at the same time in one worker (default 2)
"""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

SENDING_GRACE = 70.0  # for those who send: an open SMTP conversation is finished, not cut


@dataclass(frozen=True)
class Program:
    """`command` follows `python -m`; `grace` is seconds between asking it to stop and killing it."""

    command: list[str]
    grace: float = 15.0


def programs(host: str, port: int, state: Path) -> dict[str, Program]:
    celery = ["celery", "--app", "bosai.celery", "--quiet"]
    web = ["granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    web += ["--workers", os.environ.get("WEB_PROCESSES", "1"), "--blocking-threads", "4"]
    web += ["--http", "1", "--no-ws", "--log-level", "warning", "bosai.wsgi:application"]
    worker = ["worker", "--loglevel", "info", "--concurrency", os.environ.get("WORKER_PROCESSES", "2")]
    worker += ["--without-mingle", "--without-gossip", "--without-heartbeat"]
    return {
        "web": Program(web),
        "worker": Program([*celery, *worker], grace=SENDING_GRACE),
        "beat": Program([*celery, "beat", "--schedule", str(state / "beat"), "--pidfile="]),
        "post": Program(["manage", "post"], grace=SENDING_GRACE),
    }


def main(arguments: list[str]) -> int:
    """Become the program; the environment says where, as it does for the supervisor."""
    state = Path(os.environ.get("BOSAI_STATE", "state"))
    port = int(os.environ.get("PORT", "8000"))
    known = programs(os.environ.get("BOSAI_BIND", "127.0.0.1"), port, state)
    if len(arguments) != 1 or arguments[0] not in known:
        sys.stderr.write(f"usage: ./run process {'|'.join(known)}\n")
        return 2
    os.execv(sys.executable, [sys.executable, "-m", *known[arguments[0]].command])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
