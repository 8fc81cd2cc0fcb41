"""Customers move to another version of their journey: foreseen, done, undone, and celebrated once."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random

import pytest

from advocacy import celebrating
from advocacy.models import Celebration
from dashboards.figures import Wish, figures
from milestones import enrolling, judging, moving
from milestones.models import (
    Achievement,
    Criterion,
    CriterionProgress,
    Enrolment,
    JourneyVersion,
    Milestone,
    Verdict,
)
from organisations.models import Event
from tests import factories

BEGAN = date(2026, 1, 1)


def noon(n: int) -> datetime:
    return datetime.combine(BEGAN + timedelta(days=n), time(12), tzinfo=UTC)


@pytest.fixture
def metrics(in_harbour):
    return [factories.make_metric(in_harbour, f"s{n}") for n in range(6)]


@pytest.fixture
def journey(in_harbour, metrics):
    journey = factories.make_journey(in_harbour)
    for milestone, metric in zip(journey.current_version().milestones.all(), metrics, strict=False):
        milestone.criteria.update(metric=metric)
    return journey


@pytest.fixture
def second(in_harbour, journey, metrics, now):
    """m1 as before, m2 asks more, m3 is gone, m4 is later due, m5 as before, m6 is new."""
    version = JourneyVersion.objects.create(
        organisation=in_harbour, journey=journey, number=2, published_at=now
    )
    for place, (n, threshold, days) in enumerate(
        [(1, 40, 20), (2, 90, 40), (4, 40, 200), (5, 40, 100), (6, 40, 120)], start=1
    ):
        milestone = Milestone.objects.create(
            organisation=in_harbour, version=version, key=f"m{n}", position=place, name=f"Milestone {n}",
            meaning="So.", target_days=days,
        )  # fmt: skip
        Criterion.objects.create(
            organisation=in_harbour, milestone=milestone, position=1, kind="metric",
            metric=metrics[n - 1], operator="gte", threshold=threshold,
        )  # fmt: skip
    return version


@pytest.fixture
def enrolment(in_harbour, journey, metrics, now):
    """m1, m2 and m3 are reached on version 1, and what m6 asks for is so."""
    customer = factories.make_customer(in_harbour)
    enrolment = factories.make_enrolment(
        customer, journey, started_on=BEGAN, version=journey.versions.get(number=1)
    )
    for n in (0, 1, 2, 5):
        factories.make_reading(customer, metrics[n], 50, at=noon(5 + n))
    judging.judge(organisation=in_harbour, customer_ids=[customer.pk], now=now)
    return enrolment


@pytest.fixture
def move(in_harbour, mara, now):
    def move(enrolments, version, at=now, **options):
        ids = [each.pk for each in enrolments]
        return moving.move(
            organisation=in_harbour, enrolment_ids=ids, version=version, by=mara, now=at, **options
        )

    return move


def keys():
    return set(Achievement.objects.standing().values_list("milestone_key", flat=True))


def test_it_says_what_is_kept_what_reopens_what_counts_anew_and_writes_nothing(enrolment, second):
    before = list(Achievement.objects.values()), list(CriterionProgress.objects.values())
    (seen,) = moving.foresee([enrolment], second)
    assert list(seen.kept) == ["Milestone 1"]
    assert list(seen.reopens) == ["Milestone 2"]
    assert list(seen.counts_anew) == ["Milestone 6"]
    assert list(seen.dropped) == ["Milestone 3"]
    assert (list(Achievement.objects.values()), list(CriterionProgress.objects.values())) == before


def test_it_moves_and_judges_by_the_new_version(enrolment, second, move, mara):
    assert move([enrolment], second) == [enrolment]
    enrolment.refresh_from_db()
    assert (enrolment.version, enrolment.current_key, enrolment.achieved_count) == (second, "m2", 2)
    assert enrolment.due_on == BEGAN + timedelta(days=40)
    assert keys() == {"m1", "m6"}
    assert set(Achievement.objects.standing().values_list("milestone__version", flat=True)) == {second.pk}
    gone = Achievement.objects.exclude(withdrawn_at=None)
    assert set(gone.values_list("withdrawn_why", flat=True)) == {moving.MOVED}
    event = Event.objects.get(verb="version_changed")
    assert (event.actor, event.data["from"], event.data["to"]) == (mara, 1, 2)
    assert move([enrolment], second) == []


def test_undo_brings_back_what_was_and_nobody_is_cheered_twice(
    in_harbour, enrolment, second, move, mara, now, journey
):
    celebrating.gather(organisation=in_harbour, now=now)
    cheered = Celebration.objects.count()
    later = now + timedelta(minutes=5)
    move([enrolment], second, at=later)
    back = moving.move_back(journey=journey, moved_at=later, by=mara, now=later + timedelta(minutes=1))
    assert [each.pk for each in back] == [enrolment.pk]
    enrolment.refresh_from_db()
    assert (enrolment.version.number, enrolment.current_key) == (1, "m4")
    assert keys() == {"m1", "m2", "m3"}
    celebrating.gather(organisation=in_harbour, now=later + timedelta(days=2))
    assert Celebration.objects.count() == cheered
    again = moving.move_back(journey=journey, moved_at=later, by=mara, now=later + timedelta(minutes=2))
    assert again == []


def test_what_newly_counts_is_quiet_unless_it_is_said(in_harbour, enrolment, second, move):
    move([enrolment], second, history=False)
    assert Achievement.objects.get(milestone_key="m6").is_to_celebrate
    assert not Achievement.objects.get(milestone_key="m6").is_history


@pytest.mark.parametrize(("value", "stays"), [(95, True), (50, False)])
def test_what_the_customer_confirmed_outlives_the_undo_of_its_import_and_the_move(
    in_harbour, journey, metrics, second, move, now, value, stays
):
    """It fell before: progress was rebuilt from standing readings alone."""
    customer = factories.make_customer(in_harbour, "Confirmed")
    enrolment = factories.make_enrolment(
        customer, journey, started_on=BEGAN, version=journey.versions.get(number=1)
    )
    reading = factories.make_reading(customer, metrics[1], value, at=noon(6))
    judging.judge(organisation=in_harbour, customer_ids=[customer.pk], now=now)
    Verdict.objects.create(
        organisation=in_harbour, enrolment=enrolment, milestone=enrolment.version.milestones.get(key="m2"),
        milestone_key="m2", kind="confirmed", at=noon(8),
    )  # fmt: skip
    reading.is_standing, reading.retracted_by = False, 1
    reading.save()
    judging.judge(organisation=in_harbour, customer_ids=[customer.pk], now=now)
    assert keys() == {"m2"}
    (seen,) = moving.foresee([enrolment], second)
    assert (list(seen.kept), list(seen.reopens)) == (["Milestone 2"], []) if stays else True
    move([enrolment], second)
    assert keys() == ({"m2"} if stays else set())
    judging.judge(organisation=in_harbour, customer_ids=None, now=now)
    assert keys() == ({"m2"} if stays else set())


def test_who_left_or_is_judged_no_more_stays_where_they_are(enrolment, second, move, mara, now):
    enrolling.end(enrolment=enrolment, why="Sold", by=mara, now=now)
    assert move([enrolment], second) == []
    enrolment.refresh_from_db()
    assert enrolment.version.number == 1


def test_what_is_foreseen_is_what_comes_and_the_figures_still_divide(
    in_harbour, journey, metrics, second, move, now
):
    dice, first = Random(5), journey.versions.get(number=1)
    made = []
    for n in range(40):
        customer = factories.make_customer(in_harbour, f"Customer {n}")
        made.append(
            factories.make_enrolment(
                customer, journey, version=first, started_on=BEGAN + timedelta(days=dice.randint(-60, 20))
            )
        )
        for metric in dice.sample(metrics, dice.randint(0, 6)):
            factories.make_reading(customer, metric, dice.choice((20, 50, 95)), at=noon(dice.randint(0, 60)))
    judging.judge(organisation=in_harbour, customer_ids=None, now=now)
    for each in dice.sample(made, 12):
        kind = dice.choice(("confirmed", "contested"))
        key = f"m{dice.randint(1, 5)}"
        Verdict.objects.create(
            organisation=in_harbour, enrolment=each, milestone=first.milestones.get(key=key),
            milestone_key=key, kind=kind, at=noon(30), words="x",
        )  # fmt: skip
    judging.judge(organisation=in_harbour, customer_ids=None, now=now)
    going = dice.sample(made, 25)
    seen = moving.foresee(going, second)
    move(going, second)
    for each in seen:
        names = set(
            Achievement.objects.standing()
            .filter(enrolment=each.enrolment)
            .values_list("milestone__name", flat=True)
        )
        assert names == {*each.kept, *each.counts_anew}
    for as_of in (BEGAN + timedelta(days=30), BEGAN + timedelta(days=110)):
        wish = Wish(in_harbour, journey, as_of)
        for row in figures(wish).milestones:
            assert min(row.late, row.not_yet_due, row.on_time) >= 0
            versions = Milestone.objects.filter(version__journey=journey, key=row.milestone.key)
            on_it = Enrolment.objects.filter(version__in=versions.values("version"), started_on__lte=as_of)
            parts = row.on_time + row.late + row.not_yet_due + row.contested
            assert parts == on_it.count()
