"""kill -9 of whole processes, in the check and while storing: what comes after is as if nothing happened."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.services.installation import Installation

pytestmark = [pytest.mark.slow, pytest.mark.both]

ROWS = 12_000
LOOK = """
from datetime import timedelta
from time import sleep
from django.db.models.functions import Now
from customers.models import Customer
from office.models import Import, ImportRow
from organisations.models import Event, Organisation
from organisations.tenancy import within
harbour = Organisation.objects.get()
def look():
    with within(harbour):
        newest = Import.objects.newest_first().first()
        rows = ImportRow.objects.filter(of=newest).count() if newest else 0
        made = Event.objects.filter(verb="customer_created").count()
        return newest.state if newest else "none", rows, Customer.objects.count(), made
"""
WATCH = """
print("ready", flush=True)
state = rows = 0
while state not in ("{phase}", "applied") or not rows:
    sleep(0.02)
    state, rows, *_ = look()
print(state, flush=True)
"""
LET_THE_LEASE_RUN_OUT = """
with within(harbour):
    Import.objects.update(lease_until=Now() - timedelta(seconds=1))
"""


def look(installation: Installation, then: str = "") -> list[str]:
    """The newest import's state, its staged rows, customers, and events of their making."""
    out = installation.manage("shell", "-v0", "-c", f"{LOOK}\nprint('said', *look())\n{then}").stdout
    return next(line.split()[1:] for line in out.splitlines() if line.startswith("said"))


@pytest.fixture
def customers(installation: Installation, tmp_path: Path) -> Path:
    if "DATABASE_URL" not in installation.env:
        installation.manage("migrate", "-v0")
    admin = ("--name", "Harbour", "--admin", "ada@harbour.example")
    installation.manage("create_organisation", "--slug", "harbour", *admin)
    path = tmp_path / "customers.csv"
    path.write_text("key,name\n" + "".join(f"k{n},Customer {n}\n" for n in range(ROWS)))
    return path


def begin(installation: Installation, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.Popen(command, env=installation.env, stdout=subprocess.PIPE, text=True)


def kill_when(installation: Installation, phase: str, *arguments: str) -> None:
    """Start a command and kill it -9 in the middle of the phase."""
    with begin(installation, "shell", "-v0", "-c", LOOK + WATCH.format(phase=phase)) as watch:
        assert watch.stdout is not None
        assert watch.stdout.readline() == "ready\n"
        with begin(installation, *arguments) as process:
            assert watch.stdout.readline() == f"{phase}\n"
            os.kill(process.pid, signal.SIGKILL)
        assert process.returncode == -signal.SIGKILL


@pytest.mark.parametrize("phase", ["checking", "applying"])
def test_it_is_whole_after_kill_9(installation: Installation, customers: Path, phase: str):
    file = ("--organisation", "harbour", "--as", "customers", str(customers))
    kill_when(installation, phase, "import_csv", *file)
    state, _, stored, made = look(installation, then=LET_THE_LEASE_RUN_OUT)
    assert (state, stored, made) == (phase, "0", "0")
    installation.manage("sweep")
    assert look(installation) == ["applied", str(ROWS), str(ROWS), str(ROWS)]


NEXT = """
import sys
from office.models import ImportTrace
seen = None
print("ready", flush=True)
for _line in sys.stdin:
    with within(harbour):
        Import.objects.update(lease_until=Now() - timedelta(seconds=1))
    print("free", flush=True)
    token = seen
    while token in (seen, None):
        sleep(0.01)
        with within(harbour):
            newest = Import.objects.newest_first().first()
            token = newest.lease_token if newest else None
            if newest and newest.state in ("applied", "undone"):
                break
    seen = token
    print(newest.state, flush=True)
with within(harbour):
    newest = Import.objects.newest_first().first()
    active = Customer.objects.filter(archived_at=None).count()
    print(newest.state, ImportRow.objects.filter(of=newest).count(), Customer.objects.count(), active,
          Event.objects.filter(verb="customer_created").count(), ImportTrace.objects.count(), flush=True)
"""


@pytest.mark.nightly
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", [1, 2])
def test_ten_kills_are_as_none(installation: Installation, customers: Path, seed: int):
    """Wherever it dies, ten times in a row: every row once, every event once, every trace once."""
    chance = random.Random(seed)
    starts = ["import_csv", "--organisation", "harbour", "--as", "customers", str(customers)]
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", LOOK + NEXT]
    with subprocess.Popen(
        command, env=installation.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as watch:
        assert watch.stdin is not None
        assert watch.stdout is not None
        assert watch.stdout.readline() == "ready\n"
        kills = 0
        for _ in range(10):
            watch.stdin.write("next\n")
            watch.stdin.flush()
            assert watch.stdout.readline() == "free\n"
            with begin(installation, *starts) as process:
                taken = watch.stdout.readline()
                time.sleep(chance.uniform(0, 0.4))
                os.kill(process.pid, signal.SIGKILL)
            kills += taken not in ("applied\n", "")
            starts = ["sweep"]
        watch.stdin.write("next\n")
        watch.stdin.flush()
        assert watch.stdout.readline() == "free\n"
        installation.manage("sweep")
        last, _ = watch.communicate(timeout=60)
    assert kills >= 3
    n = str(ROWS)
    assert last.splitlines()[-1].split() == ["applied", n, n, n, n, n]
