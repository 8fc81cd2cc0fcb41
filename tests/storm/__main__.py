"""./run storm --profile outgrown embedded --seed 1 2 3 --achievements M --kills K"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from tests.services.processes import ServiceMissingError
from tests.storm import proof
from tests.storm.many import AT_ONCE, StormBrokenOffError, storms
from tests.storm.preparing import prepare
from tests.storm.reporting import Report
from tests.storm.stacks import PROFILES


def main() -> int:
    given = arguments()
    is_kept = True
    with tempfile.TemporaryDirectory(prefix="bosai-storms-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        os.environ |= {"BOSAI_MODE": "test", "BOSAI_STATE": name}
        try:
            for profile in given.profile:
                prepared = prepare(profile, given.achievements, folder / profile)
                size = {"kills": given.kills, "folder": folder, "at_once": given.at_once}
                size |= {"idempotent": given.idempotent}
                for report in storms(prepared, given.seed, **size):
                    is_kept &= tell(report, given.write_proof)
        except (StormBrokenOffError, ServiceMissingError) as error:
            sys.stderr.write(f"storm: {error}\n")
            return 2
    return 0 if is_kept else 1


def tell(report: Report, is_written: bool) -> bool:
    """Print it, write it down when asked to; whether all was kept."""
    sys.stdout.write("\n".join([*report.lines(), "", ""]))
    sys.stdout.flush()
    if is_written:
        proof.write(report)
    return not report.count.faults()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./run storm",
        description="Customers, a CSM and an admin at work, 30 % of all mails failing, and kill -9 of all "
        "in turn. Ends with 1 unless every achievement is cheered once, or flagged because a kill met it.",
    )
    parser.add_argument("--profile", choices=list(PROFILES), nargs="+", default=["embedded"])
    parser.add_argument("--seed", type=int, nargs="+", default=[1], help="one storm for each")
    parser.add_argument("--achievements", type=int, default=200)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--at-once", type=int, default=AT_ONCE, help="storms side by side")
    parser.add_argument(
        "--idempotent",
        action="store_true",
        help="with a provider that knows a Message-ID again, and 3 %% of its answers lost",
    )
    parser.add_argument("--write-proof", action="store_true", help="keep the results in docs/proof.md")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
