"""Many at once, in parts, and through trouble."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from advocacy import celebrating
from advocacy.models import Celebration
from customers.models import Customer
from organisations.models import Membership
from post.models import PostDue
from tests import factories
from tests.advocacy.loop import (
    HOUR,
    crowd,
    gather,
    held,
    mails,
    post_due,
    queries,
    reach,
    sweep,
)


def test_it_gathers_any_number_with_the_same_few_queries(in_harbour, now):
    metric = factories.make_metric(in_harbour, "crowded")
    crowd(in_harbour, metric, 2, now)
    few = queries(lambda: gather(in_harbour, now))
    crowd(in_harbour, metric, 40, now)
    many = queries(lambda: gather(in_harbour, now))
    assert Celebration.objects.count() == 42 * 5
    assert few == many
    assert few <= 24


def test_it_asks_little_and_writes_nothing_in_an_idle_round(in_harbour, enrolment, metric, now):
    reach(enrolment, metric, now)
    sweep(in_harbour, now)
    with CaptureQueriesContext(connection) as captured:
        sweep(in_harbour, now + HOUR)
    statements = [query["sql"] for query in captured]
    assert len(statements) <= 8
    assert not [sql for sql in statements if not sql.startswith("SELECT")]


def test_it_puts_a_crowd_in_the_post_in_parts(in_harbour, now, monkeypatch):
    monkeypatch.setattr("advocacy.celebrating.delivering.AT_ONCE", 7)
    metric = factories.make_metric(in_harbour, "crowded")
    crowd(in_harbour, metric, 4, now)
    assert sweep(in_harbour, now) == 20
    assert len(mails()) == 20


def test_it_loses_nothing_when_it_is_cut_short(in_harbour, now, monkeypatch):
    monkeypatch.setattr("advocacy.celebrating.delivering.AT_ONCE", 6)
    metric = factories.make_metric(in_harbour, "crowded")
    crowd(in_harbour, metric, 4, now)
    gather(in_harbour, now)
    real, calls = celebrating.delivering.letters, []

    def dies_in_the_second_part(*args: Any, **kwargs: Any) -> Any:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(*args, **kwargs)

    monkeypatch.setattr("advocacy.celebrating.delivering.letters", dies_in_the_second_part)
    with pytest.raises(KeyboardInterrupt):
        post_due(in_harbour, now)
    assert len(mails()) == Celebration.objects.filter(state="posted").count() == 6
    monkeypatch.setattr("advocacy.celebrating.delivering.letters", real)
    assert post_due(in_harbour, now) == 14
    assert len(mails()) == 20


def test_it_hands_one_that_cannot_be_drawn_to_a_person_and_sends_the_rest(
    in_harbour, now, monkeypatch, caplog
):
    metric = factories.make_metric(in_harbour, "crowded")
    crowd(in_harbour, metric, 2, now)
    gather(in_harbour, now)
    poison = Celebration.objects.order_by("id")[3]
    real = celebrating.rendering.Letter.render

    def render(letter: Any, *args: Any, **kwargs: Any) -> Any:
        if letter.celebration.pk == poison.pk:
            raise ValueError("cannot draw this")
        return real(letter, *args, **kwargs)

    monkeypatch.setattr("advocacy.celebrating.rendering.Letter.render", render)
    assert post_due(in_harbour, now) == 9
    poison.refresh_from_db()
    assert (poison.state, poison.state_why) == ("review", "its mail could not be drawn")


def test_it_ends_simulated_history_as_simulated(in_harbour, enrolment, metric, now):
    reach(enrolment, metric, now)
    gather(in_harbour, now)
    assert post_due(in_harbour, now + timedelta(days=1), simulated=True) == 1
    assert Celebration.objects.get().state == "simulated"
    [mail] = mails()
    assert mail.state == "simulated"
    assert not PostDue.objects.exists()


def test_it_sees_only_its_own_organisation(in_harbour, enrolment, metric, now, rival):
    from organisations import tenancy

    reach(enrolment, metric, now)
    with tenancy.within(rival):
        assert gather(rival, now) == 0
    assert gather(in_harbour, now) == 1


def test_it_is_signed_by_whoever_is_the_csm_when_it_goes(in_harbour, enrolment, metric, mara, theo, now):
    held(in_harbour, enrolment, metric, now)
    Customer.objects.update(owner=theo)
    post_due(in_harbour, now + timedelta(days=1))
    [mail] = mails()
    assert (mail.reply_to, mail.from_name) == (theo.email, theo.name)
    assert Celebration.objects.get().signed_by == theo


def test_it_is_not_signed_by_somebody_who_left(in_harbour, enrolment, metric, mara, now):
    held(in_harbour, enrolment, metric, now)
    Customer.objects.update(owner=None)
    Membership.objects.filter(user=mara).update(ended_at=now)
    post_due(in_harbour, now + timedelta(days=1))
    [mail] = mails()
    assert (mail.reply_to, mail.from_name) == ("", in_harbour.sender)
