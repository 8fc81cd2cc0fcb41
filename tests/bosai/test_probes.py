"""/healthz, /readyz and /metrics: for machines, without a session, a cookie or a Host of ours."""

import re

import pytest
from django.db import OperationalError, connection
from django.test import Client

from bosai import views
from organisations import tenancy
from post import beating, guarding
from post.models import Hold
from tests.post.conftest import post_one, set_state

TOKEN = "of-prometheus-alone"


@pytest.fixture
def probe():
    """As a container's runtime asks: by its address, over plain HTTP."""
    client = Client(headers={"host": "10.1.2.3:8000"}, raise_request_exception=False)

    def ask(path, **headers):
        response = client.get(path, headers=headers)
        assert response.cookies == {}
        return response.status_code, response.content.decode()

    return ask


def test_healthz_asks_no_database(probe, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        assert probe("/healthz") == (200, "ok\n")


def test_readyz_says_that_all_is_there(probe, db):
    assert probe("/readyz") == (200, "ok\n")


def test_readyz_says_that_the_database_is_gone(probe, db, monkeypatch):
    def gone(*_):
        raise OperationalError("could not connect to nadia@db.example")

    monkeypatch.setattr(connection, "close", lambda: None)
    with connection.execute_wrapper(gone):
        assert probe("/readyz") == (503, "the database does not answer\n")


def test_readyz_says_that_a_migration_is_missing(probe, db, monkeypatch):
    monkeypatch.setattr(views, "_expected", lambda: {("post", "0099_of_tomorrow")})
    assert probe("/readyz") == (503, "the database is not migrated: ./run manage migrate\n")


def test_a_probe_changes_nothing_and_takes_no_post(db):
    assert Client().post("/healthz").status_code == 405


def test_other_pages_still_want_a_host_of_ours(probe, db):
    assert probe("/accounts/login/")[0] == 400


@pytest.mark.django_db
class TestMetrics:
    @pytest.fixture
    def numbers(self, probe, settings):
        settings.METRICS_TOKEN = TOKEN

        def read():
            status, text = probe("/metrics", authorization=f"Bearer {TOKEN}")
            assert status == 200
            return text

        return read

    @pytest.mark.parametrize("given", ["", "Bearer ", "Bearer wrong", TOKEN])
    def test_without_the_token_there_is_no_such_page(self, probe, settings, given):
        settings.METRICS_TOKEN = TOKEN
        assert probe("/metrics", authorization=given)[0] == 404

    def test_without_a_token_set_there_is_none_for_anybody(self, probe, settings):
        settings.METRICS_TOKEN = ""
        assert probe("/metrics", authorization="Bearer ")[0] == 404

    def test_requests_are_counted_by_view_and_status_never_by_address(self, numbers, client):
        client.get("/c/a-secret-token/")
        client.get("/nowhere/at/all/")
        client.generic("BREW", "/accounts/login/")
        said = numbers()
        assert (
            'bosai_request_seconds_count{method="GET",status="404",view="dashboards:customer_page"}' in said
        )
        assert 'view="none"' in said
        assert 'method="other"' in said
        assert "secret" not in said
        assert "nowhere" not in said

    def test_the_database_is_counted_over_all_organisations_and_names_none(
        self, numbers, harbour, rival, now, client
    ):
        for organisation in (harbour, rival):
            post_one(organisation, now)
            set_state(post_one(organisation, now, subject_key="a"), "uncertain")
        guarding.hold(rival, why=Hold.Why.COPY, now=now)
        beating._said.clear()
        beating.beat("post")
        said = numbers()
        for line in (
            'bosai_deliveries{state="pending"} 1.0',
            'bosai_deliveries{state="held"} 1.0',
            'bosai_deliveries{state="uncertain"} 2.0',
            "bosai_held_organisations 1.0",
            'bosai_heartbeat_age_seconds{process="post"} ',
            "# HELP bosai_celebrations",
            "# HELP bosai_imports",
        ):
            assert line in said
        assert float(re.search(r"^bosai_oldest_waiting_seconds (.+)$", said, re.MULTILINE)[1]) > 0
        assert not re.search(r"\b(harbour|rival)\b|@", said, re.IGNORECASE)
        with pytest.raises(tenancy.NoOrganisation):
            tenancy.current_id()
