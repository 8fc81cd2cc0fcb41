"""`./run check`: everything a machine can say about the code without running it, all problems at once."""

import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
ROOMS = [
    "bosai",
    "dashboards",
    "office",
    "advocacy",
    "coaching",
    "milestones",
    "customers",
    "post",
    "organisations",
    "ui",
]


def checks() -> dict[str, list[str]]:
    """Each check's command; the slowest first, because two run side by side."""
    templates = [str(path) for path in sorted((ROOT / "templates").rglob("*.html"))]
    return {
        "types": [f"{BIN}/mypy", *ROOMS],
        "migrations": [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
        "django": [sys.executable, "manage.py", "check", "--fail-level", "WARNING"],
        "imports": [f"{BIN}/lint-imports"],
        "format": [f"{BIN}/ruff", "format", "--check", "."],
        "lint": [f"{BIN}/ruff", "check", "."],
        "image": [f"{BIN}/hadolint", "Dockerfile"],
        "compose": [f"{BIN}/docker-compose", "--env-file", "deploy/env.example", "config", "--quiet"],
        "templates": [f"{BIN}/djade", "--target-version", "6.1", "--check", *templates],
    }


def run(command: list[str]) -> subprocess.CompletedProcess[str]:
    with tempfile.TemporaryDirectory() as state:
        environment = {**os.environ, "BOSAI_STATE": state, "BOSAI_MODE": "test", "NO_COLOR": "1"}
        return subprocess.run(
            command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )


def main() -> int:
    wanted = checks()
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as side_by_side:
        done = dict(zip(wanted, side_by_side.map(run, wanted.values()), strict=True))
    for name, result in done.items():
        sys.stdout.write(f"check {name}: {'fine' if result.returncode == 0 else 'NOT fine'}\n")
        if result.returncode:
            sys.stdout.write(result.stdout.rstrip() + "\n")
    return int(any(result.returncode for result in done.values()))


if __name__ == "__main__":
    sys.exit(main())
