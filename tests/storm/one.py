"""One storm in a process of its own: python -m tests.storm.one PREPARED SEED KILLS; its report as JSON."""

import os
import signal
import sys
import tempfile
from pathlib import Path

from tests.storm.storm import storm


def main(prepared: str, seed: str, kills: str) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # leave nothing behind
    with tempfile.TemporaryDirectory(prefix="bosai-storm-", ignore_cleanup_errors=True) as folder:
        for name in ("DATABASE_URL", "REDIS_URL"):
            os.environ.pop(name, None)
        report = storm(Path(prepared), seed=int(seed), kills=int(kills), folder=Path(folder))
    sys.stdout.write(report.json() + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
