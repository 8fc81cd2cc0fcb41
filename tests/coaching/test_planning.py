"""What coaching is planned by: hours on the wall's clock, rules, and calls that come due once."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest

from coaching import planning, scheduling
from coaching.models import CadenceRule, DayOff, Occurrence, Touchpoint
from coaching.models.plans import midnight
from coaching.planning import Due, Hours, Pick
from coaching.stretches import Stretch, first_fit, free, moment
from dashboards.board.states import State
from organisations.models import Event
from tests import factories

pytestmark = pytest.mark.django_db
NINE, FIVE = time(9), time(17)
BERLIN = ZoneInfo("Europe/Berlin")
EVER = datetime(2000, 1, 1, tzinfo=UTC)


def whole_day(day: date, zone: ZoneInfo) -> int:
    return sum(one.minutes for one in free(day, time(0), time(23), zone, taken=(), since=EVER))


@pytest.mark.once
class TestClocks:
    def test_a_day_has_the_hours_it_really_has(self):
        assert whole_day(date(2026, 3, 28), BERLIN) == 23 * 60
        assert whole_day(date(2026, 3, 29), BERLIN) == 22 * 60  # an hour is skipped
        assert whole_day(date(2026, 10, 25), BERLIN) == 24 * 60  # one comes twice

    def test_nine_is_nine_before_and_after_the_clocks_change(self):
        for day in (date(2026, 3, 28), date(2026, 3, 30)):
            assert moment(day, NINE, BERLIN).astimezone(BERLIN).time() == NINE

    def test_every_local_day_of_two_years_begins_once_in_every_zone(self):
        """P8: what is due on a local day is due at one time of the world's clock, the right one."""
        days = [date(2026, 1, 1) + timedelta(days=n) for n in range(731)]
        for name in sorted(available_timezones())[::12]:
            zone = ZoneInfo(name)
            begins = [midnight(day, zone).astimezone(UTC) for day in days]
            assert begins == sorted(set(begins))
            hours = [later - earlier for earlier, later in pairwise(begins)]
            assert min(hours) >= timedelta(hours=22)
            assert max(hours) <= timedelta(hours=26)
            assert [at.astimezone(zone).date() for at in begins] == days

    def test_what_is_taken_is_not_free(self):
        day = date(2026, 3, 12)
        lunch = Stretch(moment(day, time(12), BERLIN), moment(day, time(12, 47), BERLIN))
        before, after = free(day, NINE, FIVE, BERLIN, taken=[lunch], since=EVER)
        assert (before.minutes, after.minutes) == (180, 250)  # on from 12:50
        late = free(day, NINE, FIVE, BERLIN, taken=[lunch], since=moment(day, time(16, 31), BERLIN))
        assert [one.minutes for one in late] == [25]
        assert free(day, NINE, FIVE, BERLIN, taken=[], since=moment(day, FIVE, BERLIN)) == []
        found, rest = first_fit([before, after], 200) or (None, [])
        assert found == Stretch(after.begins, after.begins + timedelta(minutes=200))
        assert [one.minutes for one in rest] == [180, 50]
        assert first_fit([before, after], 300) is None


MONDAY = date(2026, 3, 9)  # `now` is the Thursday after it


@pytest.fixture
def hours(in_harbour, mara, now):
    def hours(minutes: int = 120, weekdays=range(5)) -> None:
        planning.set_hours(
            organisation=in_harbour,
            user=mara,
            hours={weekday: Hours(NINE, FIVE, minutes) for weekday in weekdays},
            by=mara,
            now=now,
        )

    return hours


@pytest.fixture
def week(in_harbour, mara, now):
    def week():
        days = [MONDAY + timedelta(days=n) for n in range(7)]
        return planning.rooms_of(mara, days, organisation=in_harbour, now=now)

    return week


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=ZoneInfo("Europe/Amsterdam"))


THURSDAY, FRIDAY = MONDAY + timedelta(days=3), MONDAY + timedelta(days=4)


def test_a_room_is_what_is_left_of_a_day(hours, week, in_harbour, mara, kestrel, now):
    assert {room.left for room in week()} == {0}
    assert week()[4].why == "Hours not said yet"
    hours(120, weekdays=range(4, 6))
    kept = {"organisation": in_harbour, "customer": kestrel, "owner": mara}
    Touchpoint.objects.create(**kept, due_at=at(FRIDAY, 10), minutes=45)
    Touchpoint.objects.create(**kept, due_at=at(FRIDAY, 15), state="skipped")
    planning.add_day_off(
        organisation=in_harbour, user=None, first_on=FRIDAY + timedelta(days=1),
        last_on=FRIDAY + timedelta(days=2), name="Retreat", by=mara, now=now,
    )  # fmt: skip
    rooms = week()
    assert [(room.minutes, room.planned_minutes, room.left) for room in rooms[4:]] == [
        (120, 45, 75), (0, 0, 0), (0, 0, 0),
    ]  # fmt: skip
    assert [room.why for room in rooms[2:]] == ["Over", "No working hours", "", "Retreat", "Retreat"]
    assert rooms[4].over == 0
    hours(30)
    assert week()[4].over == 15
    assert week()[3].left == 30  # today, from now on
    planning.drop_day_off(day_off=DayOff.objects.get(), by=mara, now=now)
    verbs = list(Event.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["hours_set", "day_off_added", "hours_set", "day_off_removed"]


def test_the_rule_that_says_most_of_whom_it_is_for_counts(in_harbour, theo, now):
    segment = factories.make_segment(in_harbour)
    made = {"organisation": in_harbour, "by": theo, "now": now}
    values = {"every_days": 30, "minutes": 30, "channel": "video"}

    def rule(segment=None, stage="", risk="", **changed):
        return planning.set_rule(segment=segment, stage=stage, risk=risk, values=values | changed, **made)

    everybody, own, stage = rule(), rule(segment), rule(stage="adoption")
    stuck, both = rule(risk="stuck"), rule(segment, risk="stuck")
    rules = [everybody, own, stage, stuck, both]

    def first(**asked):
        fitting = [one for one in rules if one.fits(**asked)]
        return max(fitting, key=lambda one: one.weight)

    assert first(segment_id=None, stage="", risk="") == everybody
    assert first(segment_id=segment.pk, stage="adoption", risk="") == own
    assert first(segment_id=None, stage="adoption", risk="stuck") == stuck
    assert first(segment_id=segment.pk, stage="adoption", risk="stuck") == both
    again = rule(every_days=None)
    assert (again.pk, again.every_days, CadenceRule.objects.count()) == (everybody.pk, None, 5)
    planning.drop_rule(rule=again, by=theo, now=now)
    assert CadenceRule.objects.count() == 4


@pytest.mark.once
def test_rules_speak_of_risk_as_the_board_does():
    assert set(CadenceRule.Risk.values) == set(State.values)


def due(kestrel, day: date = THURSDAY, minutes: int = 30) -> Due:
    since = midnight(day - timedelta(days=13), ZoneInfo("Europe/Amsterdam"))
    return Due(kestrel, day, 14, minutes, "video", since)


def test_it_comes_due_once_on_its_local_day_whoever_looks(in_harbour, kestrel, now):
    """P8: clocks a day off, two at once, days on which nobody looked: one row, under its own day."""
    raised = {"organisation": in_harbour, "dues": [due(kestrel)]}
    evening = datetime(2026, 3, 11, 22, 59, tzinfo=UTC)  # 23:59 in Amsterdam
    assert planning.raise_due(**raised, now=evening) == 0
    assert planning.raise_due(**raised, now=evening + timedelta(minutes=1)) == 1
    for shift in (timedelta(), timedelta(days=-1), timedelta(days=3)):
        assert planning.raise_due(**raised, now=now + shift) == 0
    assert (Occurrence.objects.get().days_late, Occurrence.objects.waiting().count()) == (0, 1)
    late = due(kestrel, THURSDAY - timedelta(days=3))
    Occurrence.objects.all().delete()
    assert planning.raise_due(organisation=in_harbour, dues=[late, late], now=now) == 1
    assert (Occurrence.objects.get().due_on, Occurrence.objects.get().days_late) == (late.due_on, 3)


def test_accepting_plans_calls_within_the_minutes_or_none(hours, in_harbour, mara, kestrel, now):
    hours(60)
    other = factories.make_customer(in_harbour, "Lumen Dental", owner=mara)
    made = {"organisation": in_harbour, "owner": mara, "by": mara, "now": now}
    picks = [
        Pick(due(kestrel), at(FRIDAY, 9), "Stuck for 20 days"),
        Pick(due(other, minutes=45), at(FRIDAY, 9, 30)),
    ]
    with pytest.raises(planning.NoRoom) as refused:
        planning.accept(picks=picks, **made)
    assert refused.value.customer == other
    for wrong in (at(FRIDAY, 16, 45), at(FRIDAY, 8), at(FRIDAY + timedelta(days=1), 10), at(THURSDAY, 9)):
        with pytest.raises(planning.NoRoom):
            planning.accept(picks=[Pick(due(kestrel), wrong)], **made)
    assert not Touchpoint.objects.exists()
    assert not Occurrence.objects.exists()
    planned, second = planning.accept(picks=[picks[0], Pick(due(other), at(FRIDAY, 9, 30))], **made)
    assert (planned.due_at, planned.minutes, planned.purpose) == (at(FRIDAY, 9), 30, "Stuck for 20 days")
    assert set(Occurrence.objects.values_list("touchpoint", flat=True)) == {planned.pk, second.pk}
    assert not Occurrence.objects.waiting().exists()
    with pytest.raises(planning.NoRoom):
        planning.accept(picks=[Pick(due(kestrel), at(FRIDAY, 11))], **made)
    scheduling.skip(touchpoint=planned, by=mara, now=now)
    assert Occurrence.objects.waiting().get().customer == kestrel


def test_a_call_that_is_due_is_over_when_it_is_held_or_skipped_for_a_reason(in_harbour, mara, kestrel, now):
    made = {"organisation": in_harbour, "by": mara, "now": now}
    with pytest.raises(planning.NoWhy):
        planning.skip(due=due(kestrel), why=" ", **made)
    row = planning.skip(due=due(kestrel), why="They are at a fair", **made)
    assert planning.skip(due=due(kestrel), why="Again", **made).skipped_why == "They are at a fair"
    assert not Occurrence.objects.waiting().exists()
    planning.bring_back(occurrence=row, by=mara, now=now)
    planning.bring_back(occurrence=row, by=mara, now=now)
    assert Occurrence.objects.waiting().get() == row
    scheduling.log_call(customer=kestrel, held_at=now - timedelta(days=2), goal="G", **made)
    assert not Occurrence.objects.waiting().exists()
    verbs = Event.objects.filter(verb__startswith="occurrence").values_list("verb", flat=True)
    assert list(verbs.order_by("pk")) == ["occurrence_skipped", "occurrence_returned"]
