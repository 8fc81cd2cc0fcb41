"""What the worker does for this room: a round of sending, earlier than the loop."""

from datetime import UTC, datetime

import pytest

from post import guarding, tasks
from post.models import Delivery
from tests.post.conftest import again, post_one

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_sends_what_is_due(harbour, mail_server):
    now = datetime(2026, 3, 12, 9, tzinfo=UTC)
    assert guarding.is_home(now=now, decides=True), "the loop decides; the worker leaves it to the loop"
    row = post_one(harbour, now)
    assert tasks.dispatch() == 1
    assert again(row).state == Delivery.State.SENT
    assert tasks.dispatch() == 0
