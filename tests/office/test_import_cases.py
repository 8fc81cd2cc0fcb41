"""Support cases from a file: what the desk does not say stays unknown; what cannot be is refused."""

from datetime import UTC, datetime, timedelta

import pytest

from customers.models import SupportCase
from milestones.models import Achievement
from tests.factories import make_customer, make_enrolment, make_journey
from tests.office.bringing import bring, ends, refusal, undo

HEADER = "customer,id,opened_at,first_answer_at,resolved_at,reopened_count,reassigned_count,satisfaction,of"
MAPPING = {name: name for name in HEADER.split(",")[:-1]} | {"satisfaction_of": "of"}


@pytest.fixture
def kestrel(in_harbour):
    return make_customer(in_harbour, "Kestrel", key="kestrel")


def rows(*lines: str) -> str:
    return "\n".join([HEADER, *lines])


def bring_cases(organisation, *lines, **how):
    return bring(organisation, "cases", rows(*lines), mapping=MAPPING, **how)


def test_it_keeps_cases_and_follows_them(in_harbour, kestrel):
    opened = "kestrel,c1,2026-02-01 09:00,,,,,,"
    assert bring_cases(in_harbour, opened).counts == {"new": 1}
    case = SupportCase.objects.get()
    assert case.is_open
    assert (case.waited, case.reopened_count, case.reassigned_count) == (None, None, None)
    assert bring_cases(in_harbour, opened).counts == {"unchanged": 1}
    solved = "kestrel,c1,2026-02-01 09:00,2026-02-01 09:30,2026-02-02 10:00,0,2,4,5"
    assert bring_cases(in_harbour, solved).counts == {"changed": 1}
    case.refresh_from_db()
    assert case.resolved_at == datetime(2026, 2, 2, 9, tzinfo=UTC)
    assert (case.waited, case.reopened_count, case.reassigned_count) == (timedelta(minutes=30), 0, 2)
    assert (case.satisfaction, case.satisfaction_of) == (4, 5)
    assert not SupportCase.objects.open().exists()
    assert bring_cases(in_harbour, opened).counts == {"unchanged": 1}


def test_it_counts_minutes_until_the_first_answer(in_harbour, kestrel):
    content = "customer,id,opened_at,first_answer_minutes\nkestrel,c1,2026-02-01 09:00,74"
    import_ = bring(in_harbour, "cases", content)
    assert import_.counts == {"new": 1}
    assert SupportCase.objects.get().waited == timedelta(minutes=74)
    assert bring(in_harbour, "cases", content).counts == {"unchanged": 1}


@pytest.mark.once
@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        ("kestrel,c1,2026-02-01 09:00,2026-02-01 08:59,,,,,", "first_answer_at", "lies before it was opened"),
        ("kestrel,c1,2026-02-01 09:00,,2026-01-31,,,,", "resolved_at", "lies before it was opened"),
        ("kestrel,c1,2026-02-01 09:00,,,-1,,,", "reopened_count", "is not a whole number from 0 on"),
        ("kestrel,c1,2026-02-01 09:00,,,,1.5,,", "reassigned_count", "is not a whole number from 0 on"),
        ("kestrel,c1,2026-02-01 09:00,,,,,4,", "satisfaction", "of how many? Say the best answer"),
        ("kestrel,c1,2026-02-01 09:00,,,,,6,5", "satisfaction", "is not between 0 and 5"),
        ("nobody,c1,2026-02-01 09:00,,,,,,", "customer", "no customer has this key"),
    ],
)
def test_it_refuses_what_cannot_be(in_harbour, kestrel, line, column, reason):
    _line, named, _value, why = refusal(bring_cases(in_harbour, line))
    assert named == column
    assert why.startswith(reason)
    assert not SupportCase.objects.exists()


@pytest.mark.once
@pytest.mark.parametrize("minutes", ["-1", "1e300", "soon"])
def test_it_refuses_minutes_that_nobody_waits(in_harbour, kestrel, minutes):
    content = f"customer,id,opened_at,first_answer_minutes\nkestrel,c1,2026-02-01 09:00,{minutes}"
    assert refusal(bring(in_harbour, "cases", content))[1] == "first_answer_minutes"


def test_it_holds_a_row_against_what_is_stored(in_harbour, kestrel):
    bring_cases(in_harbour, "kestrel,c1,2026-02-01 09:00,,2026-02-01 10:00,,,4,5")
    later = bring_cases(in_harbour, "kestrel,c1,2026-02-01 11:00,,,,,,")
    assert refusal(later)[1] == "resolved_at"
    better = bring_cases(in_harbour, "kestrel,c1,2026-02-01 09:00,,,,,5,")
    assert ends(better)[2] == ("changed", "“4” becomes “5”")


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("kestrel,c1,2062-02-01 09:00,,,,,,", "opened_at"),
        ("kestrel,c1,2026-02-01 09:00,2026-03-12 10:01,,,,,", "first_answer_at"),
        ("kestrel,c1,2026-02-01 09:00,,2026-11-03,,,,", "resolved_at"),
    ],
)
def test_it_refuses_what_lies_in_the_future(in_harbour, kestrel, line, column):
    found = refusal(bring_cases(in_harbour, line))
    assert (found[0], found[1], found[3]) == (2, column, "lies in the future")
    assert not SupportCase.objects.exists()


def test_it_judges_whoever_needs_silence_by_what_the_desk_said_of_anybody(in_harbour, kestrel):
    journey = make_journey(in_harbour)
    version = journey.current_version()
    first = version.milestones.get(key="m1")
    first.criteria.all().delete()
    first.criteria.create(organisation=in_harbour, position=1, kind="support", urgency="", days=10)
    make_enrolment(kestrel, journey)
    make_customer(in_harbour, "Heron", key="heron")
    bring_cases(in_harbour, "kestrel,c1,2026-02-01 09:00,,2026-02-02 09:00,,,,")
    assert not Achievement.objects.exists()
    second = bring_cases(in_harbour, "heron,c2,2026-02-20 09:00,,,,,,")
    achieved = Achievement.objects.standing().get()
    assert achieved.achieved_at == datetime(2026, 2, 12, 8, tzinfo=UTC)
    undo(in_harbour, second)
    assert not Achievement.objects.standing().exists()
    achieved.refresh_from_db()
    assert achieved.withdrawn_why == "import undone"
