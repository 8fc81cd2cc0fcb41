"""How celebrating goes: three working days, answers, cards passed on, and what was missed."""

from datetime import date, timedelta

import pytest

from advocacy import celebrating
from advocacy.models import Celebration, CelebrationGuest, CelebrationReply
from customers.recording import NewReading
from dashboards.figures.celebrated import celebrated, working_day_after
from milestones import judging
from milestones.models import Achievement
from tests import factories
from tests.advocacy.loop import READ_AT, sweep

DAY = timedelta(days=1)


@pytest.mark.once
@pytest.mark.parametrize(
    ("day", "last"),
    [
        (date(2026, 3, 12), date(2026, 3, 17)),  # a Thursday: Friday, Monday, Tuesday
        (date(2026, 3, 13), date(2026, 3, 18)),
        (date(2026, 3, 14), date(2026, 3, 18)),  # a Saturday begins with Monday
        (date(2026, 3, 16), date(2026, 3, 19)),
    ],
)
def test_working_days_are_monday_to_friday(day, last):
    assert working_day_after(day, 3) == last


@pytest.fixture
def three(in_harbour, mara, now):
    """Three customers reached it: one celebrated at once, one stopped, one too fresh to say."""
    metric = factories.make_metric(in_harbour)
    journey = factories.make_journey(in_harbour, metric=metric)
    for each in journey.current_version().milestones.exclude(key="m1"):
        each.criteria.update(threshold=1000)
    enrolments = []
    for name in ("Alder", "Brook", "Cedar"):
        customer = factories.make_customer(in_harbour, name, owner=mara)
        factories.make_contact(customer, f"{name} Smith", is_primary=True)
        enrolments.append(factories.make_enrolment(customer, journey))
    for enrolment in enrolments[:2]:
        reach(enrolment, metric, now)
    celebrating.gather(organisation=in_harbour, now=now)
    stopped = Celebration.objects.get(enrolment=enrolments[1])
    celebrating.stop(celebration=stopped, by=mara, now=now, why="They asked for quiet.")
    sweep(in_harbour, now + 2 * DAY)
    reach(enrolments[2], metric, now + 6 * DAY)
    return enrolments


def reach(enrolment, metric, now):
    reading = NewReading(enrolment.customer_id, metric.pk, READ_AT, 78, f"r{enrolment.pk}")
    judging.record([reading], organisation=enrolment.organisation, source="test", now=now)


def test_it_counts_what_was_honoured_in_time_and_what_came_back(three, now):
    later = now + 7 * DAY
    seat = CelebrationGuest.objects.select_related("celebration").get(celebration__enrolment=three[0])
    CelebrationReply.objects.create(
        organisation=three[0].organisation, celebration=seat.celebration, contact=seat.contact,
        replied_at=later, shared_at=later,
    )  # fmt: skip
    found = celebrated(days=90, now=later)
    assert found.reached == 3
    assert (found.in_time.count, found.in_time.of) == (1, 2), "the third one’s days are not over"
    assert found.in_time.low < 0.5 < found.in_time.high
    assert (found.replied.count, found.shared.count, found.posted) == (1, 1, found.replied.of)
    assert [row.celebration_why for row in found.missed] == ["They asked for quiet."]
    assert celebrated(days=90, now=later + 200 * DAY).reached == 0


def test_what_is_withdrawn_or_came_as_history_is_not_counted(three, now):
    Achievement.objects.filter(enrolment=three[0]).update(is_history=True)
    Achievement.objects.filter(enrolment=three[1]).update(withdrawn_at=now, withdrawn_why="contested")
    assert celebrated(days=90, now=now + 7 * DAY).reached == 1


def test_the_page_says_each_number_with_its_n(three, rio, client_for, monkeypatch, now):
    from bosai import middleware

    monkeypatch.setattr(middleware.timezone, "now", lambda: now + 7 * DAY)
    page = client_for(rio).get("/o/harbour/celebrations/figures/?days=30").content.decode()
    assert "1 of 2" in page
    assert "They asked for quiet." in page
    assert client_for(rio).get("/o/harbour/celebrations/figures/?days=x").context["days"] == 90
