"""Who has reached nothing for longer than usual, before any date has passed."""

from datetime import UTC, date, datetime, timedelta

import pytest

from dashboards.today.lines import Kind
from dashboards.today.page import READERS, today
from milestones.models import Patience, Pause
from tests import factories
from tests.dashboards.on_today import NOON, only, scope_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_amsterdam")]


@pytest.fixture
def begin(make, journey):
    """begin("Vela", days=40): a customer without a target date, who set out that many days ago."""

    def begin(name, *, days, on=journey, owner=None):
        customer = make(name, started=None, **({"owner": owner} if owner else {}))
        at = datetime(2026, 3, 12, 8, tzinfo=UTC) - timedelta(days=days)
        factories.make_enrolment(customer, on, started_on=None, enrolled_at=at, moved_at=at)
        return customer

    return begin


def stuck(scope):
    return [(line.customer.name, line.when) for line in READERS[Kind.STUCK](scope).lines]


def test_it_says_for_how_long_and_what_is_usual(begin, mara, in_harbour):
    begin("Vela", days=41)
    begin("In time", days=30)
    line = only(scope_of(in_harbour, mara), Kind.STUCK)
    assert (line.customer.name, line.when) == ("Vela", "41 days")
    assert line.why == (
        "Before “Milestone 1”. Nothing new for 41 days; the limit is 30 until enough have gone on from here."
    )
    assert line.action.label == "Plan call"


def test_who_is_past_target_is_late_and_nothing_else(make, mara, in_harbour):
    make("Late", started=date(2026, 1, 1))
    shown = today(scope_of(in_harbour, mara)).lines
    assert [line.kind for line in shown] == [Kind.LATE]


def test_days_of_a_pause_do_not_count_and_a_standing_clock_is_never_stuck(begin, mara, in_harbour):
    for name, starts, resumes in (
        ("Rested", date(2026, 2, 1), date(2026, 2, 20)),
        ("Resting", date(2026, 3, 1), None),
        ("Rested little", date(2026, 2, 1), date(2026, 2, 4)),
    ):
        enrolment = begin(name, days=45).enrolments.get()
        Pause.objects.create(
            organisation=in_harbour, enrolment=enrolment, starts_on=starts, resumes_on=resumes, why="Holiday",
            paused_at=NOON,
        )  # fmt: skip
    assert stuck(scope_of(in_harbour, mara)) == [("Rested little", "42 days")]


def test_each_journey_has_limits_of_its_own(begin, journey, mara, theo, in_harbour):
    slow = factories.make_journey(in_harbour, slug="slow")
    Patience.objects.create(organisation=in_harbour, journey=slow, milestone_key="m1", days=90, set_at=NOON)
    Patience.objects.create(organisation=in_harbour, journey=journey, milestone_key="", days=10, set_at=NOON)
    begin("Slow", days=60, on=slow)
    begin("Slower", days=91, on=slow)
    begin("Fast", days=11)
    begin("Theo's", days=11, owner=theo)
    assert stuck(scope_of(in_harbour, mara)) == [("Slower", "91 days"), ("Fast", "11 days")]
