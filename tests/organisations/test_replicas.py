"""A real replica, streamed from the PostgreSQL of the tests: read when it is fresh, and never relied on."""

import os
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import LazySettings
from django.db import DatabaseError, InternalError, OperationalError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from django.urls import reverse

from bosai import checks, middleware, views
from customers.models import Customer
from organisations import replicas, tenancy
from organisations.models import Organisation, User
from tests import factories
from tests.services.postgres import Postgres
from tests.services.processes import wait_until
from tests.services.replica import ask, replica_of

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("replica"),
]


@pytest.fixture(scope="module")
def _server() -> Iterator[Postgres]:
    parts = urlsplit(os.environ["DATABASE_URL"])
    user = "postgres" if parts.username == "bosai_owner" and not parts.password else parts.username
    place = f"{user}:{parts.password}" if parts.password else user
    server = replica_of(f"postgres://{place}@{parts.hostname}:{parts.port or 5432}/postgres")
    yield server
    server.stop()


@pytest.fixture
def server(_server: Postgres, transactional_db: None, django_db_blocker: Any) -> Iterator[Postgres]:
    """Running, following, and known as the replica; what was stored is there already."""
    if _server.process is None:
        _server.start()
    ask(_server, "SELECT pg_wal_replay_resume()")
    port = urlsplit(_server.url).port
    at = {"HOST": "127.0.0.1", "PORT": str(port), "NAME": connection.settings_dict["NAME"]}
    connections.settings[replicas.REPLICA] = connections.settings["default"] | at
    replicas.breaker.worked()
    # a test knows the databases of the settings only, and would empty this one as well
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseWrapper, "ensure_connection", django_db_blocker._real_ensure_connection)
        yield _server
    connections[replicas.REPLICA].close()
    del connections[replicas.REPLICA]
    del connections.settings[replicas.REPLICA]
    replicas.breaker.worked()


@pytest.fixture
def journey(harbour: Organisation):
    with tenancy.within(harbour):
        journey = factories.make_journey(harbour)
        add(harbour, journey, "Vela")
    return journey


@pytest.fixture
def rows(client_for: Callable[[User], Client], harbour: Organisation, theo: User, journey, server: Postgres):
    """The page behind the number of the enrolled, as Theo reads it."""
    client = client_for(theo)
    caught_up()

    def read(**query: str) -> str:
        address = reverse("dashboards:milestone_customers", args=[harbour.slug, journey.slug])
        response = client.get(address, query)
        assert response.status_code == 200
        return b"".join(response).decode()

    read.client = client  # type: ignore[attr-defined]
    return read


def add(organisation, journey, name):
    with tenancy.within(organisation):
        customer = factories.make_customer(organisation, name=name)
        factories.make_enrolment(customer, journey)


def caught_up() -> None:
    wait_until(lambda: replicas.standing().age == 0, "the replica to have come as far", seconds=120)


def pause(server: Postgres) -> None:
    ask(server, "SELECT pg_wal_replay_pause()")
    paused = "SELECT pg_get_wal_replay_pause_state()"
    wait_until(lambda: ask(server, paused) == ("paused",), "the replica to stand still")


def test_figures_are_read_there_and_the_page_says_how_old_they_are(rows, harbour, journey, server):
    assert "Vela" in rows()
    wait_until(lambda: "ago." not in rows(), "a page that has nothing to say of its age")
    pause(server)
    add(harbour, journey, "Later")
    wait_until(lambda: (replicas.standing().age or 0) > 1.2, "the replica to be late")
    page = rows()
    assert "Later" not in page
    assert re.search(r"As of \d+ seconds? ago", page)
    assert "Later" not in rows(format="csv")
    assert "Vela" in rows(format="csv")
    shown = rows.client.get(reverse("dashboards:milestones", args=[harbour.slug]))
    assert re.search(r"As of \d+ seconds? ago", shown.content.decode())


def test_whoever_changed_something_reads_what_they_changed(rows, harbour, journey, server, rf):
    pause(server)
    add(harbour, journey, "Later")
    assert "Later" not in rows()
    changing = middleware.ChangedMiddleware(lambda request: views._say("changed"))
    cookie = changing(rf.post("/")).cookies["changed"]
    assert cookie["httponly"]
    assert changing(rf.get("/")).cookies == {}
    rows.client.cookies["changed"] = cookie.value
    assert "Later" in rows()
    for made_up in ("0/0; DROP TABLE", "unknown"):
        rows.client.cookies["changed"] = made_up
        assert "Later" in rows(), "a place nobody can read is none that was reached"
    rows.client.cookies["changed"] = cookie.value
    ask(server, "SELECT pg_wal_replay_resume()")
    caught_up()
    pause(server)
    add(harbour, journey, "Much later")
    page = rows()
    assert "Later" in page
    assert "Much later" not in page, "what they changed is there: the replica is read again"


def test_one_that_is_too_late_is_not_read(rows, harbour, journey, server, settings: LazySettings):
    pause(server)
    add(harbour, journey, "Later")
    settings.REPLICA_LAG = 0
    assert "Later" in rows()
    assert replicas.standing().why_not == replicas.BEHIND


def test_the_wall_stands_there_as_well_and_nothing_can_be_written(server, harbour, rival):
    for organisation, name in ((harbour, "Vela"), (rival, "Foreign")):
        with tenancy.within(organisation):
            factories.make_customer(organisation, name=name)
    caught_up()
    with tenancy.within(harbour), replicas.reading() as found:
        assert found.is_read
        assert list(Customer.objects.values_list("name", flat=True)) == ["Vela"]
        with connections[replicas.REPLICA].cursor() as cursor:
            cursor.execute("SELECT current_user, (SELECT string_agg(name, ' ') FROM customers_customer)")
            assert cursor.fetchone() == ("bosai_app", "Vela")
        factories.make_customer(harbour, name="Written")  # to the primary, whatever was read before
        with (
            pytest.raises(InternalError, match="read-only"),
            connections[replicas.REPLICA].cursor() as cursor,
        ):
            cursor.execute("UPDATE customers_customer SET name = 'x'")
    with connections[replicas.REPLICA].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM customers_customer")
        assert cursor.fetchone() == (0,), "and without an organisation there is nothing to see"


def test_without_it_everything_is_read_from_the_primary(
    rows, harbour, journey, server, client_for, ada, settings
):
    server.kill()
    add(harbour, journey, "Later")
    settings.METRICS_TOKEN = "of-prometheus"
    assert "Later" in rows()
    assert replicas.breaker.is_open
    status = client_for(ada).get(reverse("dashboards:status", args=[harbour.slug])).content.decode()
    assert "Replica: reads for figures" in status
    assert "does not answer" in status
    assert Client().get("/readyz").content == b"ok\nreplica: not read: unreachable\n"
    numbers = Client().get("/metrics", headers={"authorization": "Bearer of-prometheus"}).content.decode()
    assert "bosai_replica_read 0.0" in numbers
    assert "bosai_replica_lag_seconds" not in numbers
    assert [found.id for found in checks.replica()] == ["bosai.W004"]


@pytest.mark.nightly
def test_one_that_fails_while_it_is_read_is_left_for_the_primary(rows, harbour, journey, server):
    def conflict(execute, sql, params, many, context):
        if "milestones_enrolment" in sql:
            raise OperationalError("canceling statement due to conflict with recovery")
        return execute(sql, params, many, context)

    with connections[replicas.REPLICA].execute_wrapper(conflict):
        assert "Vela" in rows()
    assert replicas.breaker.is_open


def test_it_is_told_how_it_does(rows, harbour, server, client_for, ada, settings):
    settings.METRICS_TOKEN = "of-prometheus"
    client = client_for(ada)
    caught_up()
    status = client.get(reverse("dashboards:status", args=[harbour.slug])).content.decode()
    assert re.search(r"\d seconds? behind", status)
    assert re.fullmatch(rb"ok\nreplica: \d s behind\n", Client().get("/readyz").content)
    numbers = Client().get("/metrics", headers={"authorization": "Bearer of-prometheus"}).content.decode()
    assert "bosai_replica_read 1.0" in numbers
    assert re.search(r"^bosai_replica_lag_seconds \d", numbers, re.MULTILINE)
    assert checks.replica() == []
    assert checks.replica_has_a_primary() == []


def test_a_replica_that_is_none_is_refused_or_never_read(server, harbour, monkeypatch):
    known = connections.settings[replicas.REPLICA]

    def instead(**other):
        connections[replicas.REPLICA].close()
        del connections[replicas.REPLICA]
        connections.settings[replicas.REPLICA] = known | other
        return [found.id for found in checks.replica()]

    with_role = known["OPTIONS"]
    assert instead(USER="postgres", OPTIONS={}) == ["bosai.E013"], "nobody no wall holds"
    assert instead(NAME="postgres", OPTIONS=with_role) == ["bosai.E014"]
    default = connections.settings["default"]
    assert instead(PORT=default["PORT"]) == ["bosai.W005"]
    assert replicas.standing().why_not == replicas.NO_REPLICA
    with tenancy.within(harbour), replicas.reading() as found:
        assert not found.is_read


def test_the_primary_failing_is_no_matter_of_the_replica(server, harbour, rf, monkeypatch):
    def gone() -> str:
        raise OperationalError("gone")

    monkeypatch.setattr(replicas, "place", gone)
    changing = middleware.ChangedMiddleware(lambda request: views._say("changed"))
    assert changing(rf.post("/")).cookies["changed"].value == "unknown"
    with pytest.raises(DatabaseError), tenancy.within(harbour), replicas.reading():
        pass
    assert not replicas.breaker.is_open
