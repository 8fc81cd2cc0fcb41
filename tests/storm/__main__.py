"""./run storm --profile outgrown|embedded --seed N --achievements M --kills K"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from tests.storm.stacks import PROFILES
from tests.storm.storm import storm


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="./run storm",
        description="Customers, a CSM and an admin at work, 30 % of all mails failing, and kill -9 of all "
        "in turn. Ends with 1 unless every achievement is cheered once, or flagged because a kill met it.",
    )
    parser.add_argument("--profile", choices=list(PROFILES), default="embedded")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--achievements", type=int, default=200)
    parser.add_argument("--kills", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bosai-storm-", ignore_cleanup_errors=True) as folder:
        os.environ |= {"BOSAI_MODE": "test", "BOSAI_STATE": folder}
        os.environ.pop("REDIS_URL", None)
        report = storm(
            given.profile,
            seed=given.seed,
            achievements=given.achievements,
            kills=given.kills,
            folder=Path(folder),
        )
    sys.stdout.write("\n".join([*report.lines(), ""]))
    return 1 if report.count.faults() else 0


if __name__ == "__main__":
    sys.exit(main())
