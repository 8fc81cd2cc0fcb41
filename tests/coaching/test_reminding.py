"""Reminders of what customers said they would do: once for each date, within the budget, not in vain."""

from datetime import timedelta

import pytest

from coaching import reminding, scheduling
from coaching.models import Commitment
from coaching.scheduling import NewCommitment
from dashboards.accord import Accord
from post import wishes
from post.models import Delivery
from tests.factories import make_contact, make_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def amara(in_harbour, mara):
    return make_contact(make_customer(in_harbour, owner=mara))


@pytest.fixture
def agree(amara, mara, now):
    def agreed(*, days=1, owner=amara, made=now - timedelta(days=5)):
        new = NewCommitment(
            will="count the empty runs", owner=owner, due_on=now.date() + timedelta(days=days)
        )
        return scheduling.note(customer=amara.customer, new=new, by=mara, now=made)

    return agreed


def posted():
    return list(Delivery.objects.filter(purpose="reminder").order_by("id"))


def test_it_goes_once_the_day_before_and_anew_for_another_date(agree, in_harbour, mara, now):
    row = agree()
    agree(days=2), agree(days=-1), agree(owner=mara), agree(made=now)
    for _twice in range(2):
        reminding.remind_all(organisation=in_harbour, now=now)
    [sent] = posted()
    assert sent.subject.startswith("By Friday 13 March: count the empty runs")
    assert sent.reply_to == mara.email
    assert sent.links == [
        {"placeholder": "[own link]", "purpose": "own", "subject_id": row.owner_contact_id, "days": 7}
    ]
    Commitment.objects.filter(pk=row.pk).update(due_on=now.date() + timedelta(days=8))
    reminding.remind_all(organisation=in_harbour, now=now)
    assert [one.state for one in posted()] == ["stopped"]  # it waited for a date that holds no more
    reminding.remind_all(organisation=in_harbour, now=now + timedelta(days=7))
    assert [one.state for one in posted()] == ["stopped", "pending"]


def test_what_is_done_by_then_is_held_back(agree, amara, in_harbour, mara, now):
    row = agree()
    reminding.remind_all(organisation=in_harbour, now=now)
    scheduling.settle_own(commitment=row, contact=amara, is_kept=True, now=now)
    reminding.remind_all(organisation=in_harbour, now=now)
    [sent] = posted()
    assert (sent.state, sent.reason) == ("stopped", "it is done, has another date, or is past")


@pytest.mark.once
def test_it_counts_in_the_budget_waits_for_it_and_for_working_hours(amara, now):
    recipient, purpose = amara.recipient, Delivery.Purpose.REMINDER
    recipient.organisation = amara.organisation
    lately = [now - timedelta(days=1)] * 2
    spent = wishes.ask(recipient, purpose=purpose, now=now, budget=2, lately=lately)
    assert spent.later == now + timedelta(days=6)
    assert wishes.ask(recipient, purpose=purpose, now=now, budget=3, lately=lately).later is None
    assert wishes.ask(recipient, purpose=purpose, now=now + timedelta(hours=14)).why.startswith(
        "waits for their w"
    )
    assert purpose in Delivery.COUNTED


def test_kept_by_its_date_says_of_how_many(agree, amara, in_harbour, mara, now):
    for days, state, when in ((-3, "kept", -4), (-3, "kept", -1), (-2, "not_kept", -1), (3, "kept", 0)):
        row = agree(days=days)
        scheduling.settle(commitment=row, state=state, by=mara, now=now + timedelta(days=when))
    agree(days=-1), agree(days=5)
    accord = Accord(amara.customer, [amara], organisation=in_harbour, today=now.date())
    [(words, rate)] = accord.kept
    assert (words, rate.count, rate.of) == ("They kept in time:", 2, 5)
