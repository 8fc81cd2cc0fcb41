"""The real children under the real supervisor, on SQLite and files, and on PostgreSQL and Redis."""

import json
import os
import re
import signal
import urllib.request
from pathlib import Path

import pytest

from tests.services.processes import alive_in_session, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.both]
NAMES = {"web", "worker", "beat", "post"}
# MB, the share of every process added up; PostgreSQL and Redis bring clients of their own
MOST_MEMORY = {"embedded": 420, "outgrown": 485}


def all_processes(installation):
    leaders = installation.children().values()
    return [pid for leader in leaders for pid in alive_in_session(leader)]


def shared_memory(pids):
    """Proportional set size in MB."""
    lines = [line for pid in pids for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def answers(installation):
    try:
        with urllib.request.urlopen(f"{installation.url}/accounts/login/", timeout=5) as page:
            return page.status == 200
    except OSError:
        return False


def heard(installation):
    """Whose heartbeats the numbers for Prometheus know."""
    asked = urllib.request.Request(f"{installation.url}/metrics", headers={"Authorization": "Bearer t"})
    with urllib.request.urlopen(asked, timeout=5) as page:
        return set(re.findall(r'bosai_heartbeat_age_seconds{process="(\w+)"}', page.read().decode()))


def test_it_starts_small_and_stops_whole(installation):
    installation.env |= {"BOSAI_METRICS_TOKEN": "t", "BOSAI_LOG": "json"}
    installation.start()
    assert "Set Bosai up, once, at:" in installation.said()
    wait_until(lambda: set(installation.children()) == NAMES, "all four children")
    pids = all_processes(installation)
    profile = "outgrown" if "DATABASE_URL" in installation.env else "embedded"
    assert shared_memory([*pids, installation.process.pid]) < MOST_MEMORY[profile]
    wait_until(lambda: heard(installation) >= {"post", "beat", "broker"}, "the first heartbeats")
    leaders = installation.children().values()
    installation.process.send_signal(signal.SIGINT)
    assert installation.process.wait(30) == 0
    lines = (installation.state / "logs" / "post.log").read_text().splitlines()
    assert json.loads(lines[0])["message"].startswith("the post loop runs")
    web = (installation.state / "logs" / "web.log").read_text()
    assert '"view": "metrics"' in web
    assert [pid for leader in leaders for pid in alive_in_session(leader)] == []


def test_every_child_comes_back(installation):
    installation.start()
    wait_until(lambda: set(installation.children()) == NAMES, "all four children")
    gone = {name: installation.kill(name) for name in NAMES}
    wait_until(lambda: set(installation.children()) == NAMES, "all four children again")
    now = installation.children()
    assert all(now[name] != pid for name, pid in gone.items())
    assert [pid for leader in gone.values() for pid in alive_in_session(leader)] == []
    wait_until(lambda: answers(installation), "the first page again")


def test_kill_9_of_the_supervisor_leaves_nothing(installation):
    installation.start()
    wait_until(lambda: set(installation.children()) == NAMES, "all four children")
    leaders = list(installation.children().values())
    os.kill(installation.process.pid, signal.SIGKILL)
    installation.process.wait()
    wait_until(lambda: not any(map(alive_in_session, leaders)), "everything to end", seconds=5)
    installation.start()
    wait_until(lambda: answers(installation), "the first page after a new start")
