"""What the worker does for this room: a round of celebrating, earlier than the loop."""

from datetime import timedelta

from django.utils import timezone

from advocacy import tasks
from advocacy.models import Celebration
from tests.advocacy.loop import reach


def test_it_gathers_and_posts_what_is_due_once(in_harbour, enrolment, metric):
    now = timezone.now()
    reach(enrolment, metric, now - timedelta(days=3), at=now - timedelta(days=3))
    assert tasks.celebrate(organisation_id=in_harbour.pk) == 0
    waiting = Celebration.objects.get()
    assert waiting.state == Celebration.State.WAITING
    Celebration.objects.update(due_at=now - timedelta(minutes=1))
    assert tasks.celebrate(organisation_id=in_harbour.pk) == 1
    assert tasks.celebrate(organisation_id=in_harbour.pk) == 0
