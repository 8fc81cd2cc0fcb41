"""The child's end of the supervisor's pipe: when the supervisor is gone, so are we.

`python -m bosai.lifeline FD MODULE ARGS…` runs MODULE as if by `python -m MODULE ARGS…`, with a thread
that reads FD. Nothing is ever written there; the read returns only when the supervisor's end closes,
even by kill -9. Processes that MODULE starts itself cannot rely on that descriptor and follow their
parent instead (`follow_parent`).
"""

import os
import runpy
import signal
import subprocess
import sys
import threading
import time

GRACE_SECONDS = 3  # from SIGTERM to SIGKILL of the whole group; everything is over within five seconds
PARENT_POLL_SECONDS = 0.5
SUPERVISED = "BOSAI_SUPERVISED"


def follow_pipe(descriptor: int) -> None:
    """Stop this process group once the other end of `descriptor` is closed."""
    threading.Thread(target=_stop_at_end_of, args=(descriptor,), name="lifeline", daemon=True).start()


def _stop_at_end_of(descriptor: int) -> None:
    while os.read(descriptor, 1):
        pass
    # We may be gone at once and leave children behind, so somebody else counts the seconds.
    last_word = f"sleep {GRACE_SECONDS}; kill -KILL -{os.getpgrp()}"
    quiet = subprocess.DEVNULL
    subprocess.Popen(["/bin/sh", "-c", last_word], stdin=quiet, stdout=quiet, stderr=quiet)
    os.kill(os.getpid(), signal.SIGTERM)


def follow_parent() -> None:
    """End this process when its parent dies; does nothing outside the supervisor."""
    if os.environ.get(SUPERVISED):
        threading.Thread(target=_end_with, args=(os.getppid(),), name="parent", daemon=True).start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(PARENT_POLL_SECONDS)
    os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    descriptor, module = int(sys.argv[1]), sys.argv[2]
    os.set_inheritable(descriptor, False)
    follow_pipe(descriptor)
    sys.argv = [module, *sys.argv[3:]]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
