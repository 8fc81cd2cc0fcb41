"""One form, sent several times in the same instant, is one call; a due call is raised once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from coaching import planning, scheduling
from coaching.models import Call, Commitment, Occurrence
from coaching.scheduling import NewCommitment
from organisations import tenancy
from organisations.models import Event
from tests import factories

TOGETHER = 4


@pytest.mark.django_db(transaction=True)
def test_it_is_one_call_whoever_comes_first(harbour, mara, now):
    with tenancy.within(harbour):
        kestrel = factories.make_customer(harbour, "Kestrel Freight", owner=mara)
    token, barrier = uuid4(), Barrier(TOGETHER)

    def submit(_n: int) -> int:
        barrier.wait()
        try:
            with tenancy.within(harbour):
                return scheduling.log_call(
                    organisation=harbour,
                    customer=kestrel,
                    by=mara,
                    held_at=now - timedelta(hours=1),
                    now=now,
                    goal="G",
                    commitments=[NewCommitment(will="x", owner=mara)],
                    token=token,
                ).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(TOGETHER) as threads:
        calls = set(threads.map(submit, range(TOGETHER)))
    with tenancy.within(harbour):
        assert calls == {Call.objects.get().pk}
        assert Commitment.objects.count() == 1
        assert Event.objects.filter(verb="call_logged").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_look_at_once_raise_a_due_call_once(harbour, mara, now):
    """P8: whoever dispatches, and however many do."""
    with tenancy.within(harbour):
        kestrel = factories.make_customer(harbour, "Kestrel Freight", owner=mara)
    due = planning.Due(kestrel, now.date(), 14, 30, "video", now - timedelta(days=13))
    barrier = Barrier(TOGETHER)

    def look(_n: int) -> None:
        barrier.wait()
        try:
            with tenancy.within(harbour):
                planning.raise_due(organisation=harbour, dues=[due], now=now)
        finally:
            connection.close()

    with ThreadPoolExecutor(TOGETHER) as threads:
        list(threads.map(look, range(TOGETHER)))
    with tenancy.within(harbour):
        assert Occurrence.objects.get().due_on == now.date()
