"""A database of an earlier state, with rows in its tables, comes up to now and its pages answer."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.services.installation import Installation

pytestmark = [pytest.mark.slow, pytest.mark.both]
STATES = sorted(Path(__file__).parent.glob("*.json"))


@pytest.mark.parametrize("state", STATES, ids=lambda path: path.stem)
def test_a_database_of_an_earlier_state_comes_up_to_now(state, tmp_path):
    made = Installation(tmp_path / "state", BOSAI_MODE="demo", BOSAI_DEBUG="True")
    if "DATABASE_URL" in os.environ:
        _empty(made)
    command = [sys.executable, "-m", "tests.upgrading.rows", "upgrade", str(state)]
    done = subprocess.run(command, env=made.env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    statuses, outcomes = json.loads(done.stdout.splitlines()[-1])
    assert len(statuses) > 10
    assert set(statuses.values()) == {200}, statuses
    customers = json.loads(state.read_text(encoding="utf-8"))["rows"]["customers_customer"]
    names = ("id", "outcome", "outcome_by", "outcome_metric_id", "outcome_baseline", "outcome_target")
    wanted = sorted([*(row[name] for name in names), 1] for row in customers if row.get("outcome"))
    assert outcomes == wanted


def _empty(made):
    """The database is copied from a migrated one; here its tables come from then."""
    words = "from bosai.backups import postgresql; postgresql.clear()"
    command = [
        sys.executable,
        "-c",
        f"import sys, django; sys.argv[1:] = ['migrate']; django.setup(); {words}",
    ]
    env = made.env | {"DJANGO_SETTINGS_MODULE": "bosai.settings"}
    subprocess.run(command, env=env, check=True)


def test_there_is_a_state_to_come_from():
    assert STATES
