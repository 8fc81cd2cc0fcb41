"""No delivery is forgotten: it is at rest, or somebody's, or stands in the list of what is due."""

import pytest

from organisations import tenancy
from post import dispatching, leases
from post.models import Delivery, PostDue
from tests.post.conftest import let_leases_run_out

State = Delivery.State


def forgotten(organisation):
    with tenancy.within(organisation):
        return list(leases.forgotten().values_list("pk", flat=True))


def test_nothing_is_while_mails_wait_are_tried_and_arrive(harbour, now, post_to, mail_server):
    post_to()
    assert forgotten(harbour) == []
    mail_server.misbehave(refuse_rcpt=1)
    dispatching.dispatch(now=now)
    assert forgotten(harbour) == []
    mail_server.behave()
    dispatching.dispatch(now=now + leases.SEND)
    assert mail_server.count() == 1
    assert forgotten(harbour) == []


def test_an_open_delivery_that_is_never_due_is_forgotten(harbour, post_to):
    lost, _ = post_to(subject_key="celebration:1"), post_to(subject_key="celebration:2")
    with tenancy.within(harbour):
        PostDue.objects.filter(pk=lost.pk).delete()
    assert forgotten(harbour) == [lost.pk]


@pytest.mark.parametrize("state", [State.PENDING, State.SENDING])
def test_a_lease_that_is_long_over_is_forgotten_until_a_round_picks_it_up(
    harbour, now, post_to, mail_server, state
):
    delivery = post_to()
    with tenancy.within(harbour):
        leases.claim(harbour, limit=1, now=now)
        Delivery.objects.update(state=state)
    assert forgotten(harbour) == []
    let_leases_run_out(harbour)
    assert forgotten(harbour) == [delivery.pk]
    dispatching.dispatch(now=now)
    assert forgotten(harbour) == []


def test_what_has_come_to_rest_is_not(harbour, post_to):
    delivery = post_to()
    with tenancy.within(harbour):
        PostDue.objects.all().delete()
        for state in State:
            if state not in leases.OPEN:
                Delivery.objects.filter(pk=delivery.pk).update(state=state)
                assert not leases.forgotten().exists(), state
