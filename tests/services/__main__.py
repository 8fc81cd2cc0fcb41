"""`python -m tests.services -- pytest …`: the services first, then the command, then stop them.

They must run before pytest: pytest-django reads the settings, and with them DATABASE_URL, very early.
"""

import subprocess
import sys

from tests.services.processes import ServiceMissingError
from tests.services.running import running


def main() -> int:
    command = sys.argv[2:] if sys.argv[1:2] == ["--"] else sys.argv[1:]
    try:
        with running(workers=2) as services:
            return subprocess.run(command, env=services.outgrown()).returncode
    except ServiceMissingError as missing:
        sys.stderr.write(f"services: {missing}\n")
        return 2


if __name__ == "__main__":
    sys.exit(main())
