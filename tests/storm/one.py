"""One storm in a process of its own, its report as JSON.

python -m tests.storm.one PREPARED SEED KILLS [idempotent]
"""

import os
import signal
import sys
import tempfile
from pathlib import Path

from tests.storm.storm import storm


def main(prepared: str, seed: str, kills: str, how: str = "") -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # leave nothing behind
    with tempfile.TemporaryDirectory(prefix="bosai-storm-", ignore_cleanup_errors=True) as folder:
        for name in ("DATABASE_URL", "REDIS_URL"):
            os.environ.pop(name, None)
        given = {"seed": int(seed), "kills": int(kills), "idempotent": how == "idempotent"}
        report = storm(Path(prepared), folder=Path(folder), **given)
    sys.stdout.write(report.json() + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
