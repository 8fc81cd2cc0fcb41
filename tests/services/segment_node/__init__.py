"""Segment's own client for Node: installed once from a lock with hashes, run by Node on PATH."""

import json
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest

HERE = Path(__file__).parent
MISSING = "needs Node 20 with npm: apt-get install nodejs npm"


def send(host: str, write_key: str, *, count: int) -> dict[str, object]:
    """What the client says of the messages: {"accepted": n, "failed": [...]}."""
    node = shutil.which("node")
    if node is None:
        pytest.fail(MISSING, pytrace=False)
    command = [node, str(_installed() / "send.js"), host, write_key, str(count)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    said: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return said


def _installed() -> Path:
    """A folder beside the virtual environment, by the hash of the lock."""
    lock = (HERE / "package-lock.json").read_bytes()
    folder = Path(__file__).resolve().parents[3] / ".venv" / f"segment-node-{sha256(lock).hexdigest()[:12]}"
    if not (folder / "node_modules" / "@segment").exists():
        npm = shutil.which("npm")
        if npm is None:
            pytest.fail(MISSING, pytrace=False)
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, folder)
        install = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        subprocess.run(install, cwd=folder, check=True, timeout=300)
    shutil.copy(HERE / "send.js", folder)
    return folder
