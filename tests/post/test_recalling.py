"""What lies in the outbox and has not left can be put in again; what is not stopped is left alone."""

import pytest

from organisations import tenancy
from post.models import Delivery
from post.recalling import post_again
from tests.post.conftest import again, due, set_state
from ui.mail import RenderedMail

State = Delivery.State
MAIL = RenderedMail("Anew", "New words.", "<p>New words.</p>")


@pytest.mark.parametrize("state", [State.PENDING, State.SENDING, State.SENT, State.UNCERTAIN, State.HELD])
def test_what_is_not_stopped_is_not_put_in_again(harbour, post_to, now, state):
    delivery = post_to()
    set_state(delivery, state)
    with tenancy.within(harbour):
        assert not post_again(delivery, mail=MAIL, now=now)
    assert (again(delivery).state, again(delivery).subject) == (state, "Nine depots")


def test_what_was_stopped_leaves_with_the_new_words(harbour, post_to, now):
    delivery = post_to()
    set_state(delivery, State.STOPPED, reason="stopped by Mara", recalled_why="stopped", attempts=3)
    with tenancy.within(harbour):
        assert post_again(delivery, mail=MAIL, now=now)
    row = again(delivery)
    assert (row.state, row.subject, row.text, row.html) == (State.PENDING, "Anew", MAIL.text, MAIL.html)
    assert (row.reason, row.recalled_why, row.attempts, row.first_tried_at) == ("", "", 0, None)
    assert due(harbour) == [delivery.pk]
