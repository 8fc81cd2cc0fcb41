"""Waking never raises and never keeps a page waiting, whatever the broker does."""

import logging
import time
from typing import Any

import pytest
from celery import Celery
from django.db import transaction

from ui import waking

REFUSED = 1  # nothing listens on port 1


@pytest.fixture(autouse=True)
def breaker(monkeypatch: pytest.MonkeyPatch) -> waking.Breaker:
    fresh = waking.Breaker(waking.LEFT_ALONE_SECONDS)
    monkeypatch.setattr(waking, "breaker", fresh)
    return fresh


def task_on(url: str) -> Any:
    """A task of an application that would publish there, with the time-outs of bosai.celery."""
    app = Celery("waking", broker=url, set_as_current=False)
    app.conf.broker_transport_options = {"socket_timeout": 1, "socket_connect_timeout": 1}

    @app.task(name="waking.probe", shared=False)
    def probe(**kwargs: object) -> None:
        raise AssertionError("this runs in a worker")

    return probe


def seconds_to_wake(task: Any) -> float:
    started = time.perf_counter()
    waking.wake(task, customer_id=7)
    return time.perf_counter() - started


@pytest.fixture(params=["refused", "black-holed"])
def dead_broker(request: pytest.FixtureRequest, black_hole: int) -> Any:
    import kombu.transport.redis  # noqa: F401  the first import takes longer than the wait that is measured

    port = REFUSED if request.param == "refused" else black_hole
    return task_on(f"redis://127.0.0.1:{port}/0")


@pytest.mark.django_db(transaction=True)
def test_it_waits_a_second_for_a_dead_broker_and_then_not_at_all(
    dead_broker: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, logger="ui.waking"):
        assert seconds_to_wake(dead_broker) < 1.2
        assert seconds_to_wake(dead_broker) < 0.05
    assert [record.getMessage().partition(",")[0] for record in caplog.records] == [
        "could not wake waking.probe"
    ]


@pytest.mark.django_db(transaction=True)
def test_it_tries_again_when_the_breaker_has_closed(dead_broker: Any, breaker: waking.Breaker) -> None:
    seconds_to_wake(dead_broker)
    assert breaker.is_open
    breaker.worked()
    assert not breaker.is_open
    seconds_to_wake(dead_broker)
    assert breaker.is_open


@pytest.mark.django_db(transaction=True)
def test_it_wakes_after_the_commit_and_not_before() -> None:
    task = task_on("memory://")
    with task.app.connection_for_read() as connection:
        queue = connection.SimpleQueue("celery", no_ack=True)
        with transaction.atomic():
            waking.wake(task, customer_id=7)
            assert len(queue) == 0
        message = queue.get(timeout=1)
    assert message.headers["task"] == "waking.probe"
    assert message.payload[1] == {"customer_id": 7}


@pytest.mark.django_db(transaction=True)
def test_it_wakes_nobody_after_a_rollback() -> None:
    task = task_on("memory://")
    with task.app.connection_for_read() as connection:
        queue = connection.SimpleQueue("celery", no_ack=True)
        with transaction.atomic():
            waking.wake(task)
            transaction.set_rollback(True)
        assert len(queue) == 0


def test_it_forgets_a_failure_after_half_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = 100.0
    monkeypatch.setattr(waking, "monotonic", lambda: clock)
    breaker = waking.Breaker(30)
    breaker.failed()
    assert breaker.is_open
    clock = 131.0
    assert not breaker.is_open
