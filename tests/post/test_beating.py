"""Heartbeats: said now and then, and never in the way of the work."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection

from post import beating
from post.models import Heartbeat

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_said(monkeypatch, tmp_path):
    monkeypatch.setattr(beating, "_said", {})
    monkeypatch.setattr(beating, "LOOP_FILE", str(tmp_path / "post.beat"))


def test_a_database_that_is_busy_stops_nobody(caplog):
    def busy(*_statement):
        raise OperationalError("database is locked")

    with connection.execute_wrapper(busy):
        beating.beat("worker")
    assert "the heartbeat of worker could not be stored" in caplog.text


def test_the_second_beat_moves_the_first_ones_row(now):
    beating.beat("worker", every=0)
    first = Heartbeat.objects.get().at
    Heartbeat.objects.update(at=now)
    beating.beat("worker", every=0)
    assert Heartbeat.objects.get().at >= first


def test_silence_is_what_was_not_heard_for_two_minutes_or_never(now):
    assert beating.beats(now=now).is_silent("worker")
    assert beating.beats(now=now).silence("worker") is None
    beating.beat("worker")
    heard = beating.beats(now=now)
    assert not heard.is_silent("worker")
    assert heard.silence("worker").total_seconds() < 60
    Heartbeat.objects.update(at=heard.at["worker"] - Heartbeat.SILENT_AFTER - timedelta(seconds=1))
    assert beating.beats(now=now).is_silent("worker")
