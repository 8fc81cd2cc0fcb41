"""Segment's own client libraries, pointed at the running product: what they send is taken, once."""

import sqlite3
from contextlib import closing
from typing import Any

import pytest
from segment.analytics.client import Client

from tests.services import segment_node
from tests.services.installation import Installation

pytestmark = [pytest.mark.once, pytest.mark.slow]

PREPARE = """
from django.utils import timezone
from organisations import tenancy
from organisations.models import Membership, Organisation, Role, User
from office import authorising, intake
now, harbour = timezone.now(), Organisation.objects.get(slug="harbour")
ada = User.objects.create_user("eli@h.example", name="Eli")
Membership.objects.create(organisation=harbour, user=ada, role=Role.ADMIN, joined_at=now)
with tenancy.within(harbour):
    given = {"organisation": harbour, "event": "Order Completed", "metric": None, "by": ada, "now": now}
    intake.add_rule(property="", new_metric="Orders", **given)
    intake.add_rule(property="total", new_metric="Order value", **given)
"""


@pytest.fixture
def write_key(installation: Installation) -> str:
    """An organisation with two rules, and a token that may send events; nothing runs yet."""
    installation.manage("create_organisation", "--slug", "harbour", "--name", "H", "--admin", "ada@h.example")
    installation.manage("shell", "--verbosity", "0", "-c", PREPARE)
    made = installation.manage("token", "--organisation", "harbour", "--name", "shop", "--scope", "intake")
    return made.stdout.split()[-1]


def asked(installation: Installation, sql: str) -> list[Any]:
    with closing(sqlite3.connect(installation.state / "bosai.sqlite3")) as database:
        return database.execute(sql).fetchall()


def test_the_python_client_sends_tries_again_and_repeats_and_everything_counts_once(
    installation: Installation, write_key: str
) -> None:
    faults: list[Any] = []
    client = Client(
        write_key, host=installation.url, gzip=True, upload_size=50, upload_interval=0.2,
        on_error=lambda error, batch: faults.append(error),
    )  # fmt: skip
    client.group("py-1", "py-customer", {"name": "Python & Sons"})
    client.identify("py-1", {"name": "Petra Python", "email": "petra@py.example"})
    for n in range(200):  # the product does not even run: the client tries again until it does
        client.track("py-1", "Order Completed", {"total": n + 0.5}, message_id=f"py-{n}")
    installation.start()
    client.flush()
    for n in range(100):
        client.track("py-1", "Order Completed", {"total": n + 0.5}, message_id=f"py-{n}")
    client.shutdown()
    assert faults == []
    assert asked(installation, "SELECT state, count(*) FROM office_incomingevent GROUP BY 1") == [
        ("taken", 202)
    ]
    assert asked(installation, "SELECT name FROM customers_customer") == [("Python & Sons",)]
    assert asked(installation, "SELECT name FROM customers_contact") == [("Petra Python",)]
    totals = "SELECT max(value), count(*) FROM customers_reading WHERE source = 'events:total'"
    assert asked(installation, totals) == [(200.0, 200)]
    values = "SELECT sum(value), count(*) FROM customers_reading WHERE source = 'events'"
    assert asked(installation, values) == [(sum(n + 0.5 for n in range(200)), 200)]
    _refused_with_an_unknown_key(installation)


def _refused_with_an_unknown_key(installation: Installation) -> None:
    faults: list[Any] = []
    client = Client(
        "nobody", host=installation.url, max_retries=0, on_error=lambda error, batch: faults.append(error)
    )
    client.track("py-1", "Order Completed")
    client.shutdown()
    assert [(fault.status, fault.code) for fault in faults] == [(401, "unauthorized")]


@pytest.mark.nightly
def test_nodes_client_sends_and_repeats_and_everything_counts_once(
    installation: Installation, write_key: str
) -> None:
    installation.start()
    for _twice in range(2):
        assert segment_node.send(installation.url, write_key, count=50) == {"accepted": 52, "failed": []}
    states = "SELECT state, count(*) FROM office_incomingevent WHERE kind = 'track' GROUP BY 1"
    assert asked(installation, states) == [("taken", 50)]
    assert asked(installation, "SELECT name FROM customers_customer") == [("Node & Sons",)]
    # Node's client sends batches side by side: one that is overtaken moves others by one
    standing = "FROM customers_reading WHERE source = 'events:total' AND is_standing"
    totals = f"SELECT max(value), count(*) {standing}"
    assert asked(installation, totals) == [(50.0, 50)]
