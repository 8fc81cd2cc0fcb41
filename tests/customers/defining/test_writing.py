"""What a member writes down: kept edition by edition, ordered, retired; and what an import may take."""

from datetime import date, timedelta

import pytest

from customers import defining, keeping
from customers.editions import history_of
from customers.measuring import progress_of
from customers.models import Customer, LatestReading, Outcome, OutcomeAsk, OutcomeRevision
from organisations.models import Event
from post.models import Delivery
from tests.customers.defining.conftest import WORDS
from tests.factories import make_contact, make_customer, make_outcome
from tests.office.bringing import bring, undo

pytestmark = pytest.mark.django_db


def test_each_change_keeps_what_stood_there_before_and_says_who_and_when(outcome, mara, theo, now):
    later = now + timedelta(hours=1)
    defining.edit(outcome=outcome, values={"words": "Half of them.", "target": 15.0}, by=theo, now=later)
    defining.edit(outcome=outcome, values={"words": "Half of them."}, by=mara, now=later)
    row = Outcome.objects.get()
    assert (row.words, row.target, row.edition) == ("Half of them.", 15.0, 2)
    revision = OutcomeRevision.objects.get()
    assert revision.was == {"words": WORDS, "target": 25.0}
    assert (revision.edition, revision.at, revision.by) == (1, later, theo)
    [change] = history_of(row)
    assert [(line.field, line.before, line.after) for line in change.lines] == [
        ("their words", WORDS, "Half of them."),
        ("where it shall be", "25", "15"),
    ]
    assert (change.title, change.who) == ("Changed", "Theo Brandt")
    edited = Event.objects.get(verb="outcome_edited")
    assert (edited.subject_id, edited.data) == (row.pk, {"fields": ["words", "target"]})


def test_history_names_metrics_and_people_and_needs_no_more_queries_for_more_of_them(
    outcome, amara, metric, mara, now, django_assert_num_queries
):
    defining.edit(outcome=outcome, values={"contact": amara, "said_on": date(2026, 3, 2)}, by=mara, now=now)
    for n in range(4):
        defining.edit(outcome=outcome, values={"words": f"Edition {n}"}, by=mara, now=now)
    values = {"metric": None, "baseline": None, "target": None}
    defining.edit(outcome=outcome, values=values, by=mara, now=now)
    row = Outcome.objects.get()
    with django_assert_num_queries(3):
        changes = history_of(row)
    assert len(changes) == 6
    assert ("measured by", "Empty kilometres", "") in [
        (line.field, line.before, line.after) for line in changes[0].lines
    ]
    assert [(line.field, line.after) for line in changes[-1].lines] == [
        ("whose words", "Amara Okafor"),
        ("since when", "2 March 2026"),
    ]


@pytest.mark.parametrize(
    ("values", "field"),
    [({"metric": None}, "metric"), ({"words": "x" * 6001}, "words")],
)
def test_it_refuses_what_does_not_fit_together_and_stores_nothing(outcome, mara, now, values, field):
    with pytest.raises(defining.Incomplete) as refused:
        defining.edit(outcome=outcome, values=values, by=mara, now=now)
    assert refused.value.field == field
    assert not OutcomeRevision.objects.exists()
    assert Outcome.objects.get().metric == outcome.metric


def test_it_refuses_somebody_elses_person(outcome, in_harbour, mara, now):
    stranger = make_contact(make_customer(in_harbour, "Lumen"), "Anjali Iyer")
    with pytest.raises(defining.Incomplete):
        defining.edit(outcome=outcome, values={"contact": stranger}, by=mara, now=now)
    with pytest.raises(defining.CannotBeAsked):
        defining.ask(outcome=outcome, contact=stranger, by=mara, now=now)


def test_it_puts_them_in_order(customer, outcome, mara, now):
    second = defining.add(customer=customer, values={"words": "Second"}, by=mara, now=now)
    third = defining.add(customer=customer, values={"words": "Third"}, by=mara, now=now)
    defining.move(outcome=third, to=1, by=mara, now=now)
    assert [row.words for row in Outcome.objects.in_order()] == ["Third", WORDS, "Second"]
    defining.move(outcome=third, to=99, by=mara, now=now)
    defining.move(outcome=third, to=3, by=mara, now=now)  # where it is
    assert [row.words for row in Outcome.objects.in_order()] == [WORDS, "Second", "Third"]
    assert Event.objects.filter(verb="outcomes_reordered").count() == 2
    assert second.position == 2


def test_it_retires_with_a_reason_and_takes_questions_back(outcome, ask, mara, now):
    with pytest.raises(defining.Incomplete):
        defining.retire(outcome=outcome, why="  ", by=mara, now=now)
    row = defining.retire(outcome=outcome, why="reached", by=mara, now=now)
    assert (row.retired_at, row.retired_why) == (now, "reached")
    assert OutcomeAsk.objects.get().closed_at == now
    assert Delivery.objects.get().state != Delivery.State.PENDING
    assert not outcome.customer.outcomes.standing().exists()
    with pytest.raises(defining.NotPossible):
        defining.edit(outcome=row, values={"words": "Again"}, by=mara, now=now)
    back = defining.restore(outcome=row, by=mara, now=now)
    assert (back.retired_at, back.retired_why, back.edition) == (None, "", 3)
    assert [change.title for change in history_of(back)] == ["Wanted again", "Retired"]


def test_whoever_knows_one_outcome_alone_writes_the_first(customer, mara, now):
    keeping.edit_customer(customer=customer, values={"outcome": "Fewer"}, by=mara, now=now)
    keeping.edit_customer(customer=customer, values={"outcome_by": "kick-off"}, by=mara, now=now)
    row = Outcome.objects.get()
    assert (row.words, row.said_by, row.edition) == ("Fewer", "kick-off", 2)
    keeping.edit_customer(customer=customer, values={"outcome": ""}, by=mara, now=now)
    assert Outcome.objects.get().retired_at == now


def test_an_import_writes_the_first_outcome_and_undo_adds_an_edition(in_harbour, theo, now):
    bring(in_harbour, "customers", "key,name,outcome\nk1,Kestrel,Fewer\n", by=theo)
    done = bring(in_harbour, "customers", "key,name,outcome,outcome_by\nk1,Kestrel,Half,Amara\n", by=theo)
    row = Outcome.objects.get()
    assert (row.words, row.said_by, row.edition) == ("Half", "Amara", 2)
    assert history_of(row)[0].who == "an import"
    undo(in_harbour, done)
    row.refresh_from_db()
    assert (row.words, row.said_by, row.edition) == ("Fewer", "", 3)
    assert [change.lines[0].after for change in history_of(row)] == ["Fewer", "Half"]


def test_undoing_the_import_that_brought_it_retires_it_and_the_same_file_brings_it_back(in_harbour, theo):
    file = "key,name,outcome\nk1,Kestrel,Fewer\n"
    done = bring(in_harbour, "customers", file, by=theo)
    undo(in_harbour, done)
    assert Customer.objects.get().archived_at is not None
    assert Outcome.objects.get().retired_why == "import undone"
    bring(in_harbour, "customers", file, by=theo)
    assert Customer.objects.get().archived_at is None
    assert [row.words for row in Outcome.objects.standing()] == ["Fewer"]


def test_an_import_keeps_what_a_person_wrote_or_put_first(in_harbour, mara, theo, now):
    bring(in_harbour, "customers", "key,name,outcome\nk1,Kestrel,Fewer\n", by=theo)
    customer = Customer.objects.get()
    mine = defining.add(customer=customer, values={"words": "Mine"}, by=mara, now=now)
    assert "outcome" not in Customer.objects.get().edited
    defining.move(outcome=mine, to=1, by=mara, now=now)
    assert "outcome" in Customer.objects.get().edited
    done = bring(in_harbour, "customers", "key,name,outcome\nk1,Kestrel,From the file\n", by=theo)
    assert done.counts == {"kept": 1}
    assert [row.words for row in Outcome.objects.in_order()] == ["Mine", "Fewer"]


@pytest.mark.once
@pytest.mark.parametrize(
    ("baseline", "target", "value", "share", "words"),
    [
        (31.4, 25.0, 28.2, 0.5, "50% of the way."),
        (10.0, 20.0, 25.0, 1.0, "The target is reached."),
        (10.0, 20.0, 5.0, 0.0, "Not nearer to the target than at the beginning."),
        (10.0, 20.0, None, None, "Cannot tell yet: no reading since the beginning."),
        (
            None,
            20.0,
            5.0,
            None,
            "Cannot tell yet: where it began, or where it shall be, is not written down.",
        ),
        (
            20.0,
            20.0,
            5.0,
            None,
            "Cannot tell yet: where it began, or where it shall be, is not written down.",
        ),
    ],
)
def test_progress_goes_by_readings_and_never_guesses(
    customer, metric, now, baseline, target, value, share, words
):
    row = make_outcome(customer, metric=metric, baseline=baseline, target=target)
    if value is not None:
        about = {"organisation_id": customer.organisation_id, "customer": customer, "metric": metric}
        LatestReading.objects.create(**about, at=now, value=value)
    progress = progress_of([row])[row.pk]
    assert progress.share == (None if share is None else pytest.approx(share))
    assert progress.words == words


@pytest.mark.once
def test_a_reading_from_before_the_beginning_tells_nothing(customer, metric, now):
    row = make_outcome(customer, metric=metric, baseline=1.0, target=2.0, baseline_on=now.date())
    about = {"organisation_id": customer.organisation_id, "customer": customer, "metric": metric}
    LatestReading.objects.create(**about, at=now - timedelta(days=2), value=1.5)
    assert progress_of([row])[row.pk].value is None
