"""The clock stands: targets move, paused days count nowhere, and every way of counting agrees."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random

import pytest

from dashboards.figures import Wish, figures
from dashboards.figures.behind import count
from milestones import enrolling, judging, pausing, standing
from milestones.clocks import running_days, target_day
from milestones.models import Achievement, Enrolment, Pause
from milestones.walking import paths_of
from organisations.models import Event
from tests import factories

BEGAN = date(2026, 1, 1)


def day(n: int) -> date:
    return BEGAN + timedelta(days=n)


def noon(n: int) -> datetime:
    return datetime.combine(day(n), time(12), tzinfo=UTC)


@pytest.fixture
def harbour(in_harbour):
    return in_harbour


@pytest.fixture
def journey(harbour):
    return factories.make_journey(harbour, metric=factories.make_metric(harbour))


@pytest.fixture
def enrolment(harbour, journey):
    return factories.make_enrolment(factories.make_customer(harbour), journey, started_on=BEGAN)


@pytest.fixture
def pause(mara, now):
    def pause(enrolment, starts, resumes=None, why="Holiday"):
        resumes_on = None if resumes is None else day(resumes)
        return pausing.pause(
            enrolment=enrolment, starts_on=day(starts), resumes_on=resumes_on, why=why, by=mara, now=now
        )

    return pause


def stood(pauses, since, until):
    """Counted day by day."""
    days = [since + timedelta(days=n) for n in range((until - since).days)]
    return sum(any(pause.covers(day) for pause in pauses) for day in days)


def test_a_target_moves_by_the_days_in_which_the_clock_stood(enrolment, pause):
    pause(enrolment, 5, 12)
    enrolment.refresh_from_db()
    assert enrolment.due_on == day(27)
    (path,) = paths_of([enrolment], now=noon(30)).values()
    assert [step.target_on for step in path.steps[:2]] == [day(27), day(47)]
    assert path.days_in_stage == 23


def test_without_an_end_nothing_is_due_until_somebody_says_so(enrolment, pause, mara, now):
    pause(enrolment, 5)
    enrolment.refresh_from_db()
    assert enrolment.due_on is None
    (path,) = paths_of([enrolment], now=noon(200)).values()
    assert (path.behind, path.pause.why, path.days_in_stage) == (0, "Holiday", 5)
    assert path.stones[0].said.startswith("Paused since")
    pausing.resume(enrolment=enrolment, on=day(100), by=mara, now=now)
    enrolment.refresh_from_db()
    assert enrolment.due_on == day(115)


def test_what_was_late_before_stays_late(enrolment, pause):
    pause(enrolment, 25)
    enrolment.refresh_from_db()
    assert enrolment.due_on == day(20)


def test_days_on_the_way_leave_paused_ones_out_whenever_it_is_said(harbour, journey, enrolment, pause, now):
    metric = journey.current_version().milestones.first().criteria.get().metric
    factories.make_reading(enrolment.customer, metric, 50, at=noon(25))
    judging.judge(organisation=harbour, customer_ids=[enrolment.customer_id], now=now)
    assert set(Achievement.objects.values_list("days", flat=True)) == {25}
    made = pause(enrolment, 10, 16)
    assert set(Achievement.objects.values_list("days", flat=True)) == {19}
    assert not Event.objects.filter(verb="achievement_moved").exists()
    wish = Wish(harbour, journey, day(60))
    assert (figures(wish).milestones[0].on_time, figures(wish).milestones[0].late) == (1, 0)
    pausing.take_back(pause=made, by=None, now=now)
    assert set(Achievement.objects.values_list("days", flat=True)) == {25}
    assert figures(wish).milestones[0].late == 1


def test_it_refuses_to_stop_a_clock_that_stands(enrolment, pause):
    made = pause(enrolment, 10, 20)
    for starts, resumes in ((5, 11), (19, 30), (12, 13), (5, None), (10, 20)):
        with pytest.raises(pausing.CannotPause) as refusal:
            pause(enrolment, starts, resumes)
        assert (refusal.value.why, refusal.value.pause) == ("overlap", made)
    pause(enrolment, 5, 10)
    pause(enrolment, 20)
    with pytest.raises(pausing.CannotPause):
        pause(enrolment, 400)
    assert Pause.objects.count() == 3


def test_it_refuses_what_makes_no_sense_and_stores_nothing(enrolment, pause):
    with pytest.raises(pausing.NoWhy):
        pause(enrolment, 5, 6, why="  ")
    with pytest.raises(pausing.WrongDays):
        pause(enrolment, 5, 5)
    with pytest.raises(pausing.CannotPause) as refusal:
        pause(enrolment, -1, 5)
    assert refusal.value.why == "before"
    assert not Pause.objects.exists()
    assert not Event.objects.filter(verb="journey_paused").exists()


def test_going_on_the_same_day_means_it_never_stood(enrolment, pause, mara, now):
    made = pause(enrolment, 5)
    pausing.resume(enrolment=enrolment, on=day(5), by=mara, now=now)
    made.refresh_from_db()
    assert (made.withdrawn_at, made.withdrawn_by) == (now, mara)
    with pytest.raises(pausing.NotPaused):
        pausing.resume(enrolment=enrolment, on=day(6), by=mara, now=now)
    with pytest.raises(pausing.NotPaused):
        pausing.take_back(pause=made, by=mara, now=now)


def test_leaving_the_journey_ends_its_pause(harbour, enrolment, pause, mara):
    pause(enrolment, 5)
    ahead = Pause.objects.create(
        organisation=harbour, enrolment=enrolment, starts_on=day(300), resumes_on=day(310), why="Holiday",
        paused_at=noon(1),
    )  # fmt: skip
    enrolling.end(enrolment=enrolment, why="Sold", by=mara, now=noon(30))
    enrolment.refresh_from_db()
    assert [each.resumes_on for each in Pause.objects.standing()] == [day(30)]
    assert enrolment.due_on == day(45)
    ahead.refresh_from_db()
    assert ahead.withdrawn_at
    with pytest.raises(pausing.CannotPause):
        pause(enrolment, 40)


def test_the_log_tells_it(enrolment, pause, mara, now):
    pause(enrolment, 5)
    pausing.resume(enrolment=enrolment, on=day(9), by=mara, now=now)
    paused, resumed = Event.objects.order_by("pk")
    assert (paused.verb, paused.actor, paused.data["why"]) == ("journey_paused", mara, "Holiday")
    assert (resumed.verb, resumed.data["on"]) == ("journey_resumed", day(9).isoformat())


def scattered(harbour, journey, dice: Random) -> list[Enrolment]:
    """Customers with pauses of every shape, some without a start; some milestones reached."""
    made, pauses = [], []
    for n in range(60):
        began = None if n % 9 == 0 else day(dice.randint(-80, 0))
        customer = factories.make_customer(harbour, f"Customer {n}")
        enrolment = factories.make_enrolment(customer, journey, started_on=began)
        made.append(enrolment)
        at = -100
        for _again in range(dice.choice((0, 0, 1, 2, 3))):
            at += dice.randint(1, 60)
            ends = at + dice.randint(1, 40)
            is_open = dice.random() < 0.2
            pauses.append(
                Pause(
                    organisation=harbour, enrolment=enrolment, starts_on=day(at), paused_at=noon(1),
                    resumes_on=None if is_open else day(ends), why="Holiday",
                    withdrawn_at=noon(2) if n % 7 == 0 else None,
                )
            )  # fmt: skip
            at = ends
            if is_open:
                break
    Pause.objects.bulk_create(pauses)
    return made


def test_figures_lists_and_dates_agree_with_counting_day_by_day(harbour, journey, now):
    """P16: what is kept for lists, what is counted, and what is told of one customer is one truth."""
    dice = Random(7)
    enrolments = scattered(harbour, journey, dice)
    metrics = [m.criteria.get().metric for m in journey.current_version().milestones.all()]
    for enrolment in dice.sample(enrolments, 40):
        factories.make_reading(enrolment.customer, metrics[0], 50, at=noon(dice.randint(-80, 30)))
    judging.judge(organisation=harbour, customer_ids=None, now=now)
    standing.keep(harbour, [each.pk for each in enrolments])
    of = {each.pk: list(each.pauses.standing()) for each in enrolments}

    for row in Achievement.objects.select_related("enrolment"):
        began = row.enrolment.started_on
        on = row.achieved_at.astimezone(harbour.tzinfo).date()
        stands = began and (on - began).days - stood(of[row.enrolment_id], began, on)
        assert row.days == stands
    for each in Enrolment.objects.select_related("current"):
        days = each.current.target_days if each.current else None
        assert each.due_on == target_day(each.started_on, days, of[each.pk])
        assert each.current_key == (each.current.key if each.current else "")
    for as_of in (day(-20), day(15), day(40)):
        _assert_figures(Wish(harbour, journey, as_of), of)
        _assert_figures(Wish(harbour, journey, as_of, since=as_of - timedelta(days=25)), of)


def _assert_figures(wish: Wish, of: dict[int, list[Pause]]) -> None:
    for row in figures(wish).milestones:
        due, late = 0, 0
        for each in Enrolment.objects.filter(started_on__lte=wish.as_of):
            running = [
                (on - each.started_on).days - stood(of[each.pk], each.started_on, on)
                for on in (wish.as_of, wish.since)
                if on
            ]
            target = row.milestone.target_days
            is_due = running[0] > target and (len(running) < 2 or running[1] <= target)
            reached = Achievement.objects.filter(
                enrolment=each, milestone_key=row.milestone.key, achieved_at__lt=wish.until
            ).first()
            due += is_due
            late += is_due and not (reached and reached.days <= target)
        assert row.late == late == count(wish, kind="late", key=row.milestone.key)
        if wish.since is None:
            assert row.enrolled == row.on_time + row.late + row.not_yet_due + row.contested + sum(
                1 for a in Achievement.objects.filter(milestone_key=row.milestone.key, days=None)
            )
        assert due >= late


@pytest.mark.once
def test_a_date_is_the_last_day_by_which_no_more_running_days_have_gone():
    dice = Random(3)
    for _again in range(400):
        pauses, at = [], 0
        for _each in range(dice.randint(0, 4)):
            at += dice.randint(0, 12)
            ends = at + dice.randint(1, 12)
            pauses.append(Pause(starts_on=day(at), resumes_on=day(ends)))
            at = ends
        days = dice.randint(1, 40)
        target = target_day(BEGAN, days, pauses)
        assert target is not None
        gone = [(on - BEGAN).days - stood(pauses, BEGAN, on) for on in (target, target + timedelta(days=1))]
        assert gone == [days, days + 1]
        assert running_days(BEGAN, target, pauses) == gone[0]
