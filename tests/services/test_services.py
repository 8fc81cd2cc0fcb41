"""The services are the real ones, and a test can tell."""

import socket

import pytest
import redis
from django.db import connection

from organisations.walls import APP_ROLE
from tests.services.processes import wait_until


@pytest.mark.postgres
def test_it_runs_as_the_role_behind_the_wall(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, rolbypassrls, rolcreaterole,"
            " (SELECT count(*) FROM pg_class WHERE relowner = oid_of.oid)"
            " FROM pg_roles AS oid_of WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (APP_ROLE, False, False, False, 0)
    assert connection.vendor == "postgresql"
    assert connection.pg_version >= 150000


def test_redis_loses_all_when_killed_and_comes_back_at_the_same_address(redis_server):
    with redis.Redis.from_url(redis_server.url) as client:
        client.set("stone", 1)
        redis_server.kill()
        with pytest.raises(redis.ConnectionError):
            client.get("stone")
        redis_server.start()
        assert client.get("stone") is None


def test_a_frozen_redis_accepts_and_says_nothing(redis_server):
    redis_server.freeze()
    with (
        redis.Redis.from_url(redis_server.url, socket_timeout=0.2, retry=None) as client,
        pytest.raises(redis.TimeoutError),
    ):
        client.ping()
    redis_server.freeze(False)
    with redis.Redis.from_url(redis_server.url) as client:
        assert wait_until(client.ping, "Redis to thaw")


def test_the_black_hole_swallows(black_hole):
    with socket.create_connection(("127.0.0.1", black_hole), timeout=0.2) as connected:
        connected.sendall(b"PING\r\n")
        with pytest.raises(TimeoutError):
            connected.recv(1)


def test_the_network_is_out_of_reach():
    with pytest.raises(AssertionError, match="tried to reach"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


@pytest.mark.browser
def test_a_page_has_the_width_and_the_light_asked_for(open_page):
    page = open_page(width=390, height=844, dark=True)
    assert page.evaluate("innerWidth") == 390
    assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")


@pytest.mark.browser
def test_chromium_cannot_reach_beyond_this_machine(open_page):
    with pytest.raises(Exception, match="ERR_NAME_NOT_RESOLVED"):
        open_page().goto("https://example.org/")
