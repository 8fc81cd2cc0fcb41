"""G11: how long a reading takes to become an achievement, and a mail that was taken, on an idle stack."""

from collections.abc import Sequence

from bench.goals import Effort
from bench.goals.mail import sink
from bench.measuring import Timed
from bench.rows import Row
from bench.stage import Stage, inside
from tests.services import redis_server

GOALS = ("G11",)


def measure(stage: Stage, sizes: Sequence[int], effort: Effort) -> list[Row]:
    redis = redis_server.Redis(*redis_server.find_binary()).start()
    stage.stack.callback(redis.kill)
    rows = []
    with sink(0) as url:
        for name, on_postgres, redis_url, most in (
            ("PostgreSQL and Redis", True, redis.url, 1.0),
            ("SQLite and files", False, "", 2.0),
        ):
            env = {"SMTP_URL": url, "REDIS_URL": redis_url, "MAIL_FROM": "bosai@bench.test"}
            stack = stage.installation(f"latency_{on_postgres}", on_postgres=on_postgres, **env)
            stack.start()
            found = inside("bench.inside.cheering", effort.cheers, env=stack.env)
            stack.stop()
            achieved, accepted = Timed([found["achieved"]]), Timed([found["accepted"]])
            rows += [
                Row(
                    "G11",
                    f"{name}: reading to achievement, p95",
                    achieved.quantile(0.95) * 1000,
                    250,
                    unit="ms",
                    ours=achieved.words(),
                    n=achieved.n,
                ),
                Row(
                    "G11",
                    f"{name}: to the mail server’s yes, p99",
                    accepted.quantile(0.99),
                    most,
                    unit="s",
                    ours=accepted.words(),
                    n=accepted.n,
                ),
            ]
    return rows
