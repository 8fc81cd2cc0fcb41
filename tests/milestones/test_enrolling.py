"""Customers set out on a journey, and leave it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from advocacy import celebrating
from advocacy.models import Celebration
from customers.models import Customer
from milestones import enrolling, judging
from milestones.models import Achievement, Enrolment
from organisations.models import Event
from tests import factories
from tests.factories import START, START_DAY


@pytest.fixture
def harbour(in_harbour):
    return in_harbour


@pytest.fixture
def score(harbour):
    return factories.make_metric(harbour)


@pytest.fixture
def journey(harbour, score):
    return factories.make_journey(harbour, metric=score)


@pytest.fixture
def customer(harbour):
    return factories.make_customer(harbour)


@pytest.fixture
def enrol(harbour, journey, mara, now):
    def enrol(*customers, started_on=START_DAY, **options):
        return enrolling.enrol(
            organisation=harbour,
            customers=customers,
            journey=journey,
            started_on=started_on,
            by=mara,
            now=now,
            **options,
        )

    return enrol


def test_it_pins_the_version_in_force_and_points_at_its_first_milestone(enrol, customer, journey, mara, now):
    (enrolment,) = enrol(customer)
    enrolment.refresh_from_db()
    assert enrolment.version == journey.current_version()
    assert enrolment.current.key == "m1"
    assert (enrolment.enrolled_by, enrolment.enrolled_at) == (mara, now)


def test_it_starts_at_midnight_where_the_organisation_is(enrol, customer):
    (enrolment,) = enrol(customer, started_on=date(2025, 10, 1))
    enrolment.refresh_from_db()
    assert enrolment.started_at == datetime(2025, 9, 30, 22, tzinfo=UTC)
    assert enrolment.moved_at == enrolment.started_at


@pytest.mark.parametrize(
    ("zone", "day", "hour"),
    [
        ("UTC", date(2026, 3, 1), datetime(2026, 3, 1, tzinfo=UTC)),
        ("Pacific/Auckland", date(2026, 3, 1), datetime(2026, 2, 28, 11, tzinfo=UTC)),
        ("America/Santiago", date(2025, 9, 7), datetime(2025, 9, 7, 4, tzinfo=UTC)),
    ],
)
def test_its_midnight_holds_in_every_zone_even_where_the_clock_skips_it(harbour, zone, day, hour):
    harbour.zone = zone
    assert enrolling.midnight(harbour, day) == hour


def test_it_needs_no_start(enrol, customer, now):
    (enrolment,) = enrol(customer, started_on=None)
    enrolment.refresh_from_db()
    assert (enrolment.started_on, enrolment.started_at, enrolment.moved_at) == (None, None, now)


def test_it_leaves_those_alone_who_are_on_it(harbour, enrol, customer):
    (first,) = enrol(customer)
    other = factories.make_customer(harbour, "Pomelo Foods")
    (second,) = enrol(customer, other, started_on=None)
    assert second.customer == other
    assert list(Enrolment.objects.filter(customer=customer)) == [first]
    assert enrol(customer, other) == []


def test_it_takes_back_who_has_left_the_journey(enrol, customer, mara, now):
    (first,) = enrol(customer)
    enrolling.end(enrolment=first, why="Paused", by=mara, now=now)
    (second,) = enrol(customer)
    assert second.pk != first.pk


def test_it_logs_each_customer_once(harbour, enrol, journey, mara, now):
    customers = [factories.make_customer(harbour, f"Customer {n}") for n in range(3)]
    enrolments = enrol(*customers)
    events = Event.objects.filter(verb="enrolled").order_by("customer_id")
    assert [event.customer_id for event in events] == [customer.pk for customer in customers]
    assert [event.subject_id for event in events] == [enrolment.pk for enrolment in enrolments]
    assert {event.actor for event in events} == {mara}
    assert {event.at for event in events} == {now}
    assert all(event.data == {"journey_id": journey.pk} for event in events)


def test_it_counts_what_was_reached_before_it_was_told(enrol, customer, score, now):
    factories.make_reading(customer, score, 50, at=START + timedelta(days=3))
    enrol(customer)
    achievements = Achievement.objects.standing()
    assert achievements.count() == 5
    assert {one.achieved_at for one in achievements} == {START + timedelta(days=3)}
    assert {one.is_to_celebrate for one in achievements} == {True}
    assert Enrolment.objects.get().achieved_count == 5


def test_it_keeps_history_quiet(enrol, customer, score):
    factories.make_reading(customer, score, 50, at=START + timedelta(days=3))
    enrol(customer, history=True)
    assert {(one.is_history, one.is_to_celebrate) for one in Achievement.objects.all()} == {(True, False)}


def test_it_gives_each_a_start_of_their_own(harbour, journey, mara, now):
    early, late = (factories.make_customer(harbour, name) for name in ("Early", "Late"))
    enrolling.enrol_each(
        organisation=harbour,
        journey=journey,
        starts={early.pk: date(2025, 10, 1), late.pk: None},
        by=mara,
        now=now,
    )
    starts = dict(Enrolment.objects.values_list("customer__name", "started_on"))
    assert starts == {"Early": date(2025, 10, 1), "Late": None}


def test_it_asks_as_little_for_many_as_for_few(harbour, enrol, django_assert_max_num_queries):
    for n in range(60):
        factories.make_customer(harbour, f"Customer {n:02}")
    few, many = Customer.objects.order_by("pk")[:2], Customer.objects.order_by("pk")[2:]
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        enrol(*few)
    with django_assert_max_num_queries(len(asked)):
        assert len(enrol(*many)) == 58


def test_it_needs_a_published_version(harbour, customer, mara, now):
    unfinished = factories.make_journey(harbour, slug="unfinished", published=False)
    with pytest.raises(enrolling.NotPublished):
        enrolling.enrol(
            organisation=harbour,
            customers=[customer],
            journey=unfinished,
            started_on=None,
            by=mara,
            now=now,
        )
    assert not Enrolment.objects.exists()


class TestEnding:
    def test_it_ends_with_a_reason_and_goes_on_judging(self, harbour, enrol, customer, score, mara, now):
        (enrolment,) = enrol(customer)
        enrolling.end(enrolment=enrolment, why=" Merged with another customer ", by=mara, now=now)
        enrolment.refresh_from_db()
        assert (enrolment.ended_at, enrolment.ended_why) == (now, "Merged with another customer")
        event = Event.objects.get(verb="enrolment_ended")
        assert event.data["why"] == "Merged with another customer"
        assert (event.customer_id, event.actor) == (customer.pk, mara)
        factories.make_reading(customer, score, 50, at=now)
        judging.judge(organisation=harbour, customer_ids=[customer.pk], now=now)
        assert Achievement.objects.standing().count() == 5

    def test_it_stops_judging_when_the_reason_says_so(self, harbour, enrol, customer, score, mara, now):
        (enrolment,) = enrol(customer)
        enrolling.end(enrolment=enrolment, why="Enrolled by mistake", by=mara, now=now, keep_judging=False)
        factories.make_reading(customer, score, 50, at=now)
        judging.judge(organisation=harbour, customer_ids=[customer.pk], now=now)
        assert not Achievement.objects.exists()

    def test_it_ends_once(self, enrol, customer, mara, now):
        (enrolment,) = enrol(customer)
        enrolling.end(enrolment=enrolment, why="Paused", by=mara, now=now)
        with pytest.raises(enrolling.NotOpen):
            enrolling.end(enrolment=enrolment, why="Again", by=mara, now=now)
        assert Event.objects.filter(verb="enrolment_ended").count() == 1

    @pytest.mark.parametrize("why", ["", "  ", "x" * 201])
    def test_it_asks_for_a_reason(self, enrol, customer, mara, now, why):
        (enrolment,) = enrol(customer)
        with pytest.raises(enrolling.NoReason):
            enrolling.end(enrolment=enrolment, why=why, by=mara, now=now)
        enrolment.refresh_from_db()
        assert enrolment.ended_at is None


class TestStart:
    @pytest.fixture
    def enrolment(self, enrol, customer, score):
        factories.make_reading(customer, score, 50, at=START + timedelta(days=3))
        return enrol(customer)[0]

    def test_it_judges_again(self, enrolment, customer, score, mara, now):
        late = START + timedelta(days=60)
        factories.make_reading(customer, score, 50, at=late)
        after = enrolling.change_start(enrolment=enrolment, started_on=date(2025, 11, 1), by=mara, now=now)
        assert after.started_on == date(2025, 11, 1)
        assert {one.achieved_at for one in Achievement.objects.standing()} == {late}
        assert {one.days for one in Achievement.objects.standing()} == {29}

    def test_it_takes_back_what_was_reached_before_the_start(self, enrolment, mara, now):
        after = enrolling.change_start(enrolment=enrolment, started_on=date(2025, 11, 1), by=mara, now=now)
        assert not Achievement.objects.standing().exists()
        assert {one.withdrawn_why for one in Achievement.objects.all()} == {"start changed"}
        assert (after.achieved_count, after.current.key) == (0, "m1")

    def test_it_can_be_taken_away_and_is_logged(self, enrolment, customer, mara, now):
        after = enrolling.change_start(enrolment=enrolment, started_on=None, by=mara, now=now)
        assert (after.started_on, after.started_at) == (None, None)
        assert {one.days for one in Achievement.objects.standing()} == {None}
        event = Event.objects.get(verb="start_changed")
        assert (event.data["from"], event.data["to"]) == ("2025-10-01", None)
        assert event.customer_id == customer.pk

    def test_it_dates_an_enrolment_without_steps_from_its_new_start(self, harbour, enrol, mara, now):
        (waiting,) = enrol(factories.make_customer(harbour, "Waiting"))
        after = enrolling.change_start(enrolment=waiting, started_on=date(2025, 12, 1), by=mara, now=now)
        assert after.moved_at == enrolling.midnight(harbour, date(2025, 12, 1))

    def test_it_says_nothing_when_nothing_changes(self, enrolment, mara, now):
        enrolling.change_start(enrolment=enrolment, started_on=START_DAY, by=mara, now=now)
        assert not Event.objects.filter(verb="start_changed").exists()

    def test_it_stays_once_ended(self, enrolment, mara, now):
        enrolling.end(enrolment=enrolment, why="Paused", by=mara, now=now)
        with pytest.raises(enrolling.NotOpen):
            enrolling.change_start(enrolment=enrolment, started_on=None, by=mara, now=now)

    def test_it_takes_back_what_was_reached_on_a_journey_begun_by_mistake(
        self, harbour, enrol, customer, score, mara, now
    ):
        factories.make_contact(customer, "Amara Okafor", is_primary=True)
        (enrolment,) = enrol(customer)
        factories.make_reading(customer, score, 50, at=now)
        judging.judge(organisation=harbour, customer_ids=[customer.pk], now=now)
        celebrating.gather(organisation=harbour, now=now)
        enrolling.end(enrolment=enrolment, why="Begun by mistake", by=mara, now=now, keep_judging=False)
        assert not Achievement.objects.standing().exists()
        assert set(Achievement.objects.values_list("withdrawn_why", "withdrawn_by")) == {
            ("Begun by mistake", mara.pk)
        }
        assert celebrating.post_due(organisation=harbour, now=now + timedelta(days=2)) == 0
        assert set(Celebration.objects.values_list("state", "state_why")) == {("stopped", "Begun by mistake")}
        enrolment.refresh_from_db()
        assert enrolment.achieved_count == 0
