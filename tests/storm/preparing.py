"""A Bosai as it lies before the storm: migrated and filled once, copied for every storm of that size."""

import json
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.services import databases, postgres
from tests.services.installation import Installation

STATE, DATA, ABOUT = "state", "postgres", "prepared.json"


def prepare(profile: str, achievements: int, folder: Path, like: Path | None = None) -> Path:
    """Fill `folder`: the state folder, PostgreSQL's data if the profile has one, what there is to do.

    `like` is the state folder of a first start on the same database, if there is one already.
    """
    folder.mkdir(parents=True)
    about: dict[str, Any] = {"profile": profile, "achievements": achievements}
    with ExitStack() as cleaning:
        server = postgres.our_own() if profile == "outgrown" else None
        if server is not None:
            cleaning.callback(server.stop)
        owner = databases.prepare(server, workers=0) if server is not None else ""
        installation = Installation(folder / STATE, like=like, DATABASE_URL=owner)
        if like is None:
            installation.prepare()
        about["work"] = fill(installation, achievements)
        if server is not None:
            about["database"] = urlsplit(installation.env["DATABASE_URL"]).path.removeprefix("/")
            subprocess.run(["cp", "-a", server.shut_down(), folder / DATA], check=True)
    (folder / ABOUT).write_text(json.dumps(about))
    return folder


def about(prepared: Path) -> dict[str, Any]:
    """profile, achievements, work (see `seeding`), database."""
    told: dict[str, Any] = json.loads((prepared / ABOUT).read_text())
    return told


def fill(installation: Installation, achievements: int) -> dict[str, list[str]]:
    """Customers on their journey; returns what there is to do, see `seeding`."""
    command = [sys.executable, "-m", "tests.storm.seeding", str(achievements)]
    done = subprocess.run(command, env=installation.env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    given: dict[str, list[str]] = json.loads(done.stdout.splitlines()[-1])
    return given
