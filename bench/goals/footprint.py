"""G12: what it takes to begin: the first migration, the disk a customer needs, memory, the server's start."""

import resource
import time
from collections.abc import Sequence
from pathlib import Path

import psycopg

from bench.goals import Effort
from bench.rows import Row
from bench.stage import OURS, Stage, inside, served
from tests.services.installation import Installation
from tests.services.processes import alive_in_session, wait_until

GOALS = ("G12",)
CHILDREN = {"web", "worker", "beat", "post"}
STARTS, STORED = 3, 2000
TABLES = (
    "customers_customer", "customers_contact", "post_recipient", "coaching_call", "organisations_event",
)  # fmt: skip


def measure(stage: Stage, sizes: Sequence[int], effort: Effort) -> list[Row]:
    stack = stage.installation("footprint", on_postgres=False)
    return [
        Row("G12", "migrate on an empty database, CPU", migrated(stage), 10, unit="s", n=1),
        Row("G12", "the web server’s start", started(stage, stack), 2, unit="s", n=STARTS),
        Row("G12", "the whole stack, summed PSS", memory(stack), 400, unit="MB", n=1),
        Row("G12", "stored per customer, 5 calls each", stored(stage), 2, unit="KB", size=STORED, n=1),
    ]


def migrated(stage: Stage) -> float:
    """CPU seconds, its own and the system's."""
    made = Installation(stage.folder / "empty", DATABASE_URL="")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    made.manage("migrate", "--verbosity", "0")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def started(stage: Stage, stack: Installation) -> float:
    """The best of a few starts, from nothing to the first answer."""
    times = []
    for _ in range(STARTS):
        began = time.perf_counter()
        with served(OURS, stack.env, stack.state):
            times.append(time.perf_counter() - began)
    return min(times)


def memory(stack: Installation) -> float:
    """MB of the supervisor and everything below it, shared pages shared out."""
    stack.start()
    wait_until(lambda: set(stack.children()) == CHILDREN, "all four children")
    assert stack.process is not None
    pids = [pid for leader in stack.children().values() for pid in alive_in_session(leader)]
    found = sum(_pss(pid) for pid in [*pids, stack.process.pid])
    stack.stop()
    return found / 1000


def _pss(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def stored(stage: Stage) -> float:
    """KB in tables and their indexes for a customer, the person there, five calls and their events."""
    house = stage.installation("stored", on_postgres=True)
    inside("bench.inside.seeding", STORED, env=house.env)
    with psycopg.connect(stage.address(house.env["DATABASE_URL"]), autocommit=True) as admin:
        admin.execute("VACUUM FULL")
        sizes = dict(
            admin.execute(
                "SELECT t, pg_total_relation_size(t::regclass) FROM unnest(%s::text[]) t", [list(TABLES)]
            ).fetchall()
        )
        [share] = admin.execute(
            "SELECT count(*) FILTER (WHERE verb = 'call_logged')::float / count(*) FROM organisations_event"
        ).fetchall()
        [extra] = admin.execute("SELECT count(*)::float / %s FROM coaching_call", [5 * STORED]).fetchall()
    calls = (sizes["coaching_call"] + sizes["organisations_event"] * share[0]) / extra[0]
    rest = sum(size for table, size in sizes.items() if table not in ("coaching_call", "organisations_event"))
    return (calls + rest) / STORED / 1000
