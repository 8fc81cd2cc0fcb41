"""python -m bench.inside.intake EVENTS SINGLES: events in by the product's address, and the least there is.

The whole of it in this process, which has one core of Python: request, JSON, store, judge, answer. `singles`
are requests with one event that reaches a milestone: the achievement and its celebration stand when it ends.
"""

import base64
import json
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from advocacy.models import Celebration
from bench.inside import tell
from bench.inside.organisation import fill, found
from customers.models import Customer, Metric, Reading
from milestones.models import Achievement
from office import authorising, intake
from office.models import EventRule
from organisations import tenancy
from organisations.models import Organisation, User

BATCH, CUSTOMERS = 1000, 200
SLUG, WORK, REACHED = "intake", "Report Opened", "Score"


def batch(start: int, count: int) -> bytes:
    """Events as a client sends them, half a second apart for each customer."""
    now = timezone.now()
    said = [
        {
            "type": "track",
            "messageId": f"m-{n}",
            "userId": f"u{n % CUSTOMERS}",
            "context": {"groupId": f"c{1 + n % CUSTOMERS}"},
            "event": WORK,
            "timestamp": (now - timedelta(hours=1) + timedelta(milliseconds=n)).isoformat(),
            "properties": {"seconds": n % 90},
        }
        for n in range(start, start + count)
    ]
    return json.dumps({"batch": said}).encode()


class Sender:
    """A client with a write key."""

    def __init__(self, write_key: str) -> None:
        self.client = Client(SERVER_NAME="127.0.0.1")
        self.headers = {"Authorization": "Basic " + base64.b64encode(f"{write_key}:".encode()).decode()}

    def __call__(self, body: bytes) -> float:
        """How long it took. AssertionError for what is not taken."""
        began = time.perf_counter()
        answer = self.client.post("/v1/batch", body, content_type="application/json", headers=self.headers)
        took = time.perf_counter() - began
        assert answer.status_code == 200, answer.content
        return took


def measure(events: int, singles: int) -> dict[str, Any]:
    organisation, journey = found(SLUG)
    admin = User.objects.get(email=f"ada@{SLUG}.test")
    with tenancy.within(organisation):
        fill(organisation, journey, CUSTOMERS)
        Reading.objects.all().delete()
        given: dict[str, Any] = {"organisation": organisation, "by": admin, "now": timezone.now()}
        intake.add_rule(event=WORK, property="", metric=None, new_metric="Opened", **given)
        intake.add_rule(event=REACHED, property="score", metric=Metric.objects.get(key="score-1"), **given)
        token = {"organisation": organisation, "by": admin, "user": admin, "now": timezone.now()}
        _token, write_key = authorising.make(name="bench", scopes=["intake"], **token)
    send = Sender(write_key)
    send(batch(-BATCH, BATCH))  # warm; before the others, so that nothing comes late
    bodies = [batch(start, BATCH) for start in range(0, events, BATCH)]
    cpu = time.process_time()
    ours = sum(send(body) for body in bodies)
    cpu = time.process_time() - cpu
    return {
        "events": len(bodies) * BATCH,
        "ours": ours,
        "cpu": cpu,
        "least": least(organisation, len(bodies) * BATCH),
        "singles": [send(body) for body in reaching(singles)],
        "reached": reached(organisation),
    }


def reaching(count: int) -> Iterator[bytes]:
    """One event each, for a customer who has reached nothing."""
    for n in range(1, 1 + min(count, CUSTOMERS)):
        said = {"type": "track", "messageId": f"s-{n}", "userId": "u", "event": REACHED}
        said |= {"context": {"groupId": f"c{n}"}, "properties": {"score": 99}}  # type: ignore[dict-item]
        yield json.dumps({"batch": [said]}).encode()


def reached(organisation: Organisation) -> list[int]:
    with tenancy.within(organisation):
        return [Achievement.objects.count(), Celebration.objects.count()]


def least(organisation: Organisation, count: int) -> float:
    """Seconds for the same number of readings written as quickly as the database takes rows."""
    with tenancy.within(organisation), transaction.atomic():
        customers = list(Customer.objects.values_list("pk", flat=True))
        metric, now = EventRule.objects.get(event=WORK).metric_id, timezone.now()
        columns = (
            *("organisation_id", "customer_id", "metric_id", "at", "recorded_at", "value", "source"),
            *("external_id", "is_standing"),
        )
        rows = [
            (organisation.pk, customers[n % len(customers)], metric, now, now, 1.0, "least", f"l{n}", True)
            for n in range(count)
        ]
        began = time.perf_counter()
        with connection.cursor() as cursor:
            _write(cursor, "customers_reading", columns, rows)
        took = time.perf_counter() - began
        transaction.set_rollback(True)
    return took


def _write(cursor: Any, table: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    """COPY; on SQLite, which has none, one prepared statement for all of them.

    PostgreSQL copies into no table behind a wall: into one like it, with its indexes.
    """
    if connection.vendor == "postgresql":
        cursor.execute(f"CREATE TEMP TABLE least (LIKE {table} INCLUDING ALL)")
        with cursor.copy(f"COPY least ({', '.join(columns)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    else:
        places = ", ".join(["%s"] * len(columns))
        cursor.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", rows)


if __name__ == "__main__":
    tell(measure(int(sys.argv[1]), int(sys.argv[2])))
