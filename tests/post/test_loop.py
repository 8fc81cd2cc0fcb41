"""`manage.py post` as a process: it sends, leaves a heartbeat, and stops politely."""

import signal
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from post import beating
from post.models import Delivery
from tests.post.conftest import again, post_one
from tests.post.test_many_dispatchers import start
from tests.services import processes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.both]


@pytest.fixture
def heartbeat():
    path = Path(django_settings.STATE) / beating.LOOP_FILE
    path.unlink(missing_ok=True)
    return path


def test_it_sends_beats_and_stops_within_seconds(harbour, now, mail_server, heartbeat):
    worker = start(mail_server, now, "loop")
    processes.wait_until(heartbeat.exists, "the first heartbeat")
    post_one(harbour, now)
    mail_server.wait_for(1)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(5) == 0
    assert datetime.fromisoformat(heartbeat.read_text().strip()) <= timezone.now().astimezone(UTC)
    assert b"sent 1" in worker.stdout.read()
    processes.stop(worker)


def test_it_finishes_the_open_mail_before_it_stops(harbour, now, mail_server, heartbeat):
    rows = [post_one(harbour, now, subject_key=f"a:{number}") for number in range(3)]
    mail_server.misbehave(hang=1, hang_seconds=1.5)
    worker = start(mail_server, now, "loop")
    processes.wait_until(lambda: again(rows[0]).state == Delivery.State.SENDING, "the first mail to leave")
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(10) == 0
    assert [again(row).state for row in rows] == [
        *(Delivery.State.SENT, Delivery.State.PENDING, Delivery.State.PENDING),
    ]
    assert {again(row).lease_token for row in rows} == {None}
    assert mail_server.count() == 1
    processes.stop(worker)
