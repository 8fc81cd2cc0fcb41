"""The week of a coach: what is due and why, a proposal that fits, and a person who decides."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.urls import reverse

from coaching import planning, scheduling
from coaching.models import Occurrence, Touchpoint
from coaching.planning import Hours
from customers.models import Customer
from dashboards.week import raising
from dashboards.week.balance import balance_of
from dashboards.week.needs import needs_of
from dashboards.week.proposal import propose
from milestones.models import Pause
from organisations import tenancy
from tests import factories
from tests.counting import queries_of

pytestmark = pytest.mark.django_db
MONDAY, TODAY = date(2026, 3, 9), date(2026, 3, 12)
FRIDAY = date(2026, 3, 13)


@pytest.fixture
def journey(in_harbour):
    return factories.make_journey(in_harbour)


@pytest.fixture
def rule(in_harbour, theo, now):
    def rule(every_days=7, minutes=30, **of):
        for_all = {"segment": None, "stage": "", "risk": ""}
        values = {"every_days": every_days, "minutes": minutes, "channel": "phone"}
        return planning.set_rule(organisation=in_harbour, values=values, by=theo, now=now, **(for_all | of))

    return rule


@pytest.fixture
def customer(in_harbour, mara, journey, now):
    """customer(name, began, spoken): began so many days ago, last call so many days ago."""

    def customer(name: str, began: int = 10, spoken: int | None = None, **fields) -> Customer:
        one = factories.make_customer(in_harbour, name, **({"owner": mara} | fields))
        factories.make_enrolment(one, journey, started_on=TODAY - timedelta(days=began))
        if spoken is not None:
            scheduling.log_call(
                organisation=in_harbour, customer=one, by=mara, held_at=now - timedelta(days=spoken),
                now=now, goal="G", minutes=20,
            )  # fmt: skip
        return one

    return customer


@pytest.fixture
def hours(in_harbour, mara, now):
    def hours(minutes: int = 60) -> None:
        made = {"organisation": in_harbour, "user": mara, "by": mara, "now": now}
        week = {weekday: Hours(time(9), time(17), minutes) for weekday in range(5)}
        planning.set_hours(hours=week, **made)

    return hours


@pytest.fixture
def week(in_harbour, mara, now):
    def week(monday: date = MONDAY, at: datetime | None = None, **pins):
        chosen = {Customer.objects.get(name=name).pk: day for name, day in pins.items()}
        return propose(organisation=in_harbour, coach=mara, monday=monday, now=at or now, pins=chosen)

    return week


@pytest.fixture
def due(in_harbour, now):
    def due(until: date = TODAY, at: datetime | None = None):
        rows = needs_of(Customer.objects.all(), organisation=in_harbour, until=until, now=at or now)
        return {need.customer.name: need for need in rows}

    return due


def test_a_call_is_due_so_many_days_after_the_last(customer, rule, due, in_harbour, mara, now):
    assert due() == {}
    rule(every_days=7)
    customer("Spoken", spoken=7)
    customer("Lately", spoken=6)
    customer("Never", began=10)
    customer("New", began=2)
    planned = customer("Planned", spoken=20)
    Touchpoint.objects.create(
        organisation=in_harbour, customer=planned, owner=mara, due_at=now + timedelta(days=1)
    )
    customer("Gone", spoken=20, left_on=TODAY)
    customer("Nobody’s", spoken=20, owner=None)
    found = due()
    assert {name: need.due.due_on for name, need in found.items()} == {
        "Spoken": TODAY,
        "Never": TODAY - timedelta(days=3),
        "Nobody’s": TODAY - timedelta(days=13),
    }
    assert found["Spoken"].rhythm == "Last call 5 Mar; every 7 days"
    assert found["Never"].rhythm == "No call yet; every 7 days"
    assert "Lately" in due(FRIDAY)
    planning.skip(organisation=in_harbour, due=found["Spoken"].due, why="Fair", by=mara, now=now)
    assert "Spoken" not in due(TODAY + timedelta(days=6))
    assert due(TODAY + timedelta(days=7))["Spoken"].due.due_on == TODAY + timedelta(days=7)


def test_rules_ask_how_they_are_doing_and_every_call_says_what_it_counts(
    customer, rule, due, in_harbour, now
):
    rule(every_days=30)
    rule(every_days=5, risk="stuck", minutes=45)
    rule(every_days=None, risk="paused")
    customer("Stuck", began=41, spoken=6)
    customer("Behind", began=25, spoken=30)
    customer("Fine", began=12, spoken=6)
    paused = customer("Paused", began=41, spoken=40)
    Pause.objects.create(
        organisation=in_harbour, enrolment=paused.enrolments.get(), starts_on=TODAY, why="x", paused_at=now
    )
    factories.make_subscription(Customer.objects.get(name="Stuck"), 120_0000)
    factories.make_subscription(Customer.objects.get(name="Behind"), 2880_0000, interval="year")
    found = due()
    assert list(found) == ["Stuck", "Behind"]
    assert found["Stuck"].parts == [("Stuck", 40), ("target passed", 20), ("contract", 15), ("overdue", 10)]
    assert found["Behind"].parts == [("Behind", 25), ("target passed", 20), ("contract", 30)]
    assert (found["Stuck"].worth, found["Stuck"].due.minutes) == (86, 45)
    assert found["Stuck"].purpose.startswith("Nothing new for 41 days;")


def test_a_week_takes_what_counts_most_and_says_what_it_leaves_out(customer, rule, week, hours):
    rule(every_days=7)
    rule(every_days=7, risk="behind", minutes=45)
    assert not week().minutes
    hours(60)
    for n in range(3):
        customer(f"Behind {n}", began=25, spoken=9)
    for n in range(3):
        customer(f"Fine {n}", began=12, spoken=9)
    found = week()
    assert [day.room.why for day in found.days[:3]] == ["Over"] * 3
    assert {line.need.customer.name for line in found.lines} == {"Behind 0", "Fine 0", "Fine 1"}
    assert sorted(day.left for day in found.days[3:5]) == [0, 15]
    assert found.is_best
    words = "Other calls count more together in these minutes; this one counts %d and takes %d."
    assert found.worth == 118  # one of 45 minutes and two of 30, not two of 45
    assert {out.need.customer.name: out.why for out in found.left_out} == {
        "Behind 1": words % (56, 45), "Behind 2": words % (56, 45), "Fine 2": words % (31, 30),
    }  # fmt: skip
    for day in found.days:
        assert day.room.planned_minutes + day.proposed <= day.room.minutes
    after = week(MONDAY + timedelta(days=7))
    assert (len(after.lines), len(after.left_out)) == (6, 0)


def test_a_person_moves_calls_and_the_rest_is_packed_around_them(customer, rule, week, hours):
    rule(every_days=7)
    hours(60)
    for name in ("A", "B", "C"):
        customer(name, spoken=9)
    moved = week(A=FRIDAY, B=None)
    friday = moved.days[4]
    assert ("A", True) in [(line.need.customer.name, line.is_moved) for line in friday.lines]
    assert [(out.need.customer.name, out.why) for out in moved.left_out] == [
        ("B", "You left it out of this week.")
    ]
    crowded = week(A=FRIDAY, B=FRIDAY, C=FRIDAY)
    assert crowded.days[4].left == 0
    assert "There is no room for 30 minutes on the day you chose: 0 are left." in [
        out.why for out in crowded.left_out
    ]


def test_planned_calls_take_their_minutes_and_the_times_between(
    customer, rule, week, hours, in_harbour, mara, now
):
    rule(every_days=7)
    hours(60)
    busy = customer("Busy", spoken=1)
    Touchpoint.objects.create(
        organisation=in_harbour, customer=busy, owner=mara, minutes=40,
        due_at=datetime(2026, 3, 13, 8, 20, tzinfo=UTC),
    )  # fmt: skip
    customer("A", spoken=9)
    late = datetime(2026, 3, 13, 7, 30, tzinfo=UTC)  # Friday, half past eight in Amsterdam
    found = week(at=late)
    assert [out.why for out in found.left_out] == [
        "It takes 30 minutes; no day of this week has so many left."
    ]
    hours(70)
    (line,) = week(at=late).lines
    assert line.starts_at == datetime(2026, 3, 13, 9, 0, tzinfo=UTC)  # not in the 20 minutes before


def test_what_comes_due_is_raised_for_all_and_made_up_for_once(customer, rule, due, in_harbour, now):
    rule(every_days=1)
    customer("A", spoken=1)
    customer("Nobody’s", spoken=1, owner=None)
    assert raising.raise_all(now=now) == 1
    assert raising.raise_all(now=now) == 0
    later = now + timedelta(days=3)
    assert raising.raise_all(now=later) == 0  # still the same one
    assert due(at=later)["A"].due.due_on == TODAY
    assert Occurrence.objects.get().due_on == TODAY


def test_it_counts_what_was_planned_and_what_came_by_itself(customer, in_harbour, mara, now):
    one = customer("A", spoken=3)
    Touchpoint.objects.create(
        organisation=in_harbour, customer=one, owner=mara, due_at=now - timedelta(hours=2)
    )
    logged = {"organisation": in_harbour, "customer": one, "by": mara, "now": now, "goal": "G"}
    scheduling.log_call(held_at=now - timedelta(hours=1), minutes=40, **logged)
    scheduling.log_call(held_at=now - timedelta(days=40), minutes=500, **logged)
    scheduling.log_call(held_at=now - timedelta(days=4), **logged)
    found = balance_of(mara, now=now)
    assert (found.proactive, found.reactive, found.untimed) == (1, 2, 1)
    assert (found.proactive_minutes, found.reactive_minutes, found.reactive_a_week) == (40, 20, 5)


class TestPage:
    @pytest.fixture
    def client(self, client_for, mara, monkeypatch, now):
        monkeypatch.setattr("django.utils.timezone.now", lambda: now)
        return client_for(mara)

    @pytest.fixture
    def crowd(self, customer, rule, hours):
        rule(every_days=7)
        hours(60)
        return [customer(f"Customer {n}", spoken=9) for n in range(4)]

    def address(self, name: str = "week", *args: int) -> str:
        return reverse(f"dashboards:{name}", args=["harbour", *args])

    def test_one_is_planned_then_all_that_are_left(self, client, crowd, in_harbour):
        page = client.get(self.address())
        (first, *rest) = page.context["week"].lines
        sent = f"{first.need.customer.pk} {first.starts_at.isoformat()}"
        assert client.post(self.address("week_acceptance"), {"pick": sent}).status_code == 302
        with tenancy.within(in_harbour):
            assert Touchpoint.objects.get().due_at == first.starts_at
        assert client.post(self.address("week_acceptance"), {"pick": sent}).status_code == 302  # no more due
        every = [f"{line.need.customer.pk} {line.starts_at.isoformat()}" for line in rest]
        answer = client.post(self.address("week_acceptance"), {"pick": every}, follow=True)
        assert "3 calls are planned" in answer.content.decode()
        with tenancy.within(in_harbour):
            assert Touchpoint.objects.planned().count() == 4
        words = answer.content.decode()
        assert "No call is due by the end of this week" in words
        for odd in ({}, {"pick": "x"}, {"pick": f"{crowd[0].pk} soon"}, {"pick": "1 2026-03-13"}):
            refused = client.post(self.address("week_acceptance"), odd, follow=True)
            assert "Nothing was planned" in refused.content.decode()

    def test_what_is_full_meanwhile_is_not_planned(self, client, crowd, in_harbour, mara, now):
        line = client.get(self.address()).context["week"].lines[0]
        with tenancy.within(in_harbour):
            Touchpoint.objects.create(
                organisation=in_harbour, customer=factories.make_customer(in_harbour, "New"), owner=mara,
                due_at=line.starts_at, minutes=60,
            )  # fmt: skip
        sent = {"pick": f"{line.need.customer.pk} {line.starts_at.isoformat()}"}
        answer = client.post(self.address("week_acceptance"), sent, follow=True)
        assert "not so much room any more" in answer.content.decode()
        with tenancy.within(in_harbour):
            assert Touchpoint.objects.count() == 1

    def test_it_is_skipped_for_a_reason_and_comes_back(self, client, crowd, in_harbour):
        address = self.address("week_skip", crowd[0].pk)
        sent = {"due_on": "2026-03-10", "why": ""}
        without = client.post(address, sent, follow=True)
        assert "Say in a few words why" in without.content.decode()
        done = client.post(address, sent | {"why": "At a fair"}, follow=True)
        assert "No call with Customer 0 this time" in done.content.decode()
        again = client.post(address, sent | {"why": "Again"}, follow=True)
        assert "No call with them is due any more" in again.content.decode()
        with tenancy.within(in_harbour):
            row = Occurrence.objects.get()
        client.post(self.address("week_return", row.pk))
        assert "Customer 0" in client.get(self.address()).content.decode()

    def test_moves_and_weeks_stand_in_the_address(self, client, crowd):
        pk = crowd[0].pk
        page = client.get(self.address(), {f"day-{pk}": "2026-03-13", f"day-{crowd[1].pk}": "none"})
        assert "moved by you" in page.content.decode()
        assert "You left it out of this week." in page.content.decode()
        for after in ("2026-03-18", "next"):
            assert client.get(self.address(), {"on": after}).context["monday"] == date(2026, 3, 16)
        for odd in ("soon", "9999-12-31", "0001-01-01"):
            assert client.get(self.address(), {"on": odd, "day-x": odd}).context["monday"] == MONDAY

    def test_managers_see_every_week_others_their_own(self, client, client_for, crowd, theo, mara):
        assert client.get(self.address(), {"coach": theo.pk}).status_code == 403
        page = client_for(theo).get(self.address(), {"coach": mara.pk}).content.decode()
        assert "The week of Mara Lindqvist" in page
        assert client_for(theo).get(self.address(), {"coach": "7777777"}).status_code == 404
        assert "Say your hours" in client_for(theo).get(self.address()).content.decode()

    def test_it_asks_as_few_queries_for_many(self, client, crowd, customer):
        few = len(queries_of(lambda: client.get(self.address())))
        for n in range(12):
            customer(f"More {n}", spoken=9)
        assert len(queries_of(lambda: client.get(self.address()))) == few <= 26
