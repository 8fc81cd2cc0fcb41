"""G10: celebration mail, from outbox row to the mail server's yes, against bare SMTP on one connection."""

import statistics
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from bench.goals import Effort
from bench.rows import Row
from bench.stage import Stage, inside
from tests.services import processes

GOALS = ("G10",)
FAR_MILLISECONDS, ROUNDS = 20, 3


@contextmanager
def sink(milliseconds: int) -> Iterator[str]:
    """A mail server so far away; its address."""
    port = processes.free_port()
    process = processes.start([sys.executable, "-m", "bench.sink", str(port), str(milliseconds)])
    try:
        processes.wait_until(lambda: processes.listens(port), "the mail server to start")
        yield f"smtp://127.0.0.1:{port}"
    finally:
        processes.stop(process)


def measure(stage: Stage, sizes: Sequence[int], effort: Effort) -> list[Row]:
    env = stage.installation("mail", on_postgres=True).env
    with sink(0) as url:
        near = inside("bench.inside.mailing", url, effort.mails + effort.far_mails, ROUNDS, env=env)
    with sink(FAR_MILLISECONDS) as url:
        far = inside("bench.inside.mailing", url, effort.far_mails, 1, env=env)
    return [
        row("celebration mails of a bare SMTP connection", near, 70),
        row(f"the same, the server {FAR_MILLISECONDS} ms away", far, 80),
        Row("G10", "celebrations rendered and put in the post", near["rendered"], None, unit="a second"),
    ]


def row(what: str, found: dict[str, list[float]], limit: float) -> Row:
    part = float(str(found["part"]))
    pairs = zip(found["ours"], found["bare"], strict=True)
    share = statistics.median(bare / ours for ours, bare in pairs) * 100
    return Row(
        "G10",
        what,
        share,
        limit,
        at_most=False,
        unit="%",
        ours=f"{part / statistics.median(found['ours']):,.0f} a second",
        ceiling=f"{part / statistics.median(found['bare']):,.0f} a second",
        n=int(part) * len(found["ours"]),
    )
