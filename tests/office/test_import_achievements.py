"""Milestones reached in the past: evidence like any other, counted, never celebrated."""

from datetime import UTC, datetime

import pytest

from milestones.models import Achievement, PastAchievement
from organisations.models import Event
from tests.factories import make_customer, make_enrolment, make_journey, make_metric
from tests.office.bringing import NOW, bring, ends, refusal, undo

HEADER = "customer,journey,milestone,at"


@pytest.fixture
def enrolled(in_harbour):
    customer = make_customer(in_harbour, "Kestrel", key="kestrel")
    return make_enrolment(customer, make_journey(in_harbour, metric=make_metric(in_harbour)))


def rows(*lines: str) -> str:
    return "\n".join([HEADER, *lines])


def reached():
    return {row.milestone_key: row for row in Achievement.objects.standing()}


def test_it_counts_and_is_never_celebrated(in_harbour, enrolled):
    content = rows("kestrel,first-data,m1,2025-11-01", "kestrel,first-data,m2,2025-12-01")
    assert bring(in_harbour, "achievements", content).counts == {"new": 2}
    found = reached()
    assert set(found) == {"m1", "m2"}
    assert found["m1"].achieved_at == datetime(2025, 10, 31, 23, tzinfo=UTC)
    assert found["m1"].days == 31
    assert {(each.is_history, each.is_to_celebrate) for each in found.values()} == {(True, False)}
    enrolled.refresh_from_db()
    assert (enrolled.achieved_count, enrolled.current.key) == (2, "m3")
    events = Event.objects.filter(verb="milestone_achieved")
    assert all(event.data["history"] for event in events)
    assert bring(in_harbour, "achievements", content).counts == {"unchanged": 2}


def test_it_is_not_withdrawn_when_others_are_judged(in_harbour, enrolled):
    bring(in_harbour, "achievements", rows("kestrel,first-data,m1,2025-11-01"))
    bring(in_harbour, "readings", "customer,metric,at,value\nkestrel,score,2026-02-01,10")
    assert set(reached()) == {"m1"}


def test_it_dates_a_milestone_by_what_is_earlier_and_cheers_nobody_again(in_harbour, enrolled):
    bring(in_harbour, "readings", "customer,metric,at,value\nkestrel,score,2026-02-01,50")
    assert all(each.is_to_celebrate for each in reached().values())
    bring(in_harbour, "achievements", rows("kestrel,first-data,m1,2025-11-01"))
    assert reached()["m1"].achieved_at == datetime(2025, 10, 31, 23, tzinfo=UTC)
    assert reached()["m2"].achieved_at == datetime(2026, 1, 31, 23, tzinfo=UTC)
    assert Achievement.objects.count() == 5
    bring(in_harbour, "achievements", rows("kestrel,first-data,m1,2026-02-20"))
    assert reached()["m1"].achieved_at == datetime(2026, 1, 31, 23, tzinfo=UTC)


def test_it_stays_history_when_evidence_comes_later(in_harbour, enrolled):
    bring(in_harbour, "achievements", rows("kestrel,first-data,m1,2025-11-01"))
    bring(in_harbour, "readings", "customer,metric,at,value\nkestrel,score,2026-02-01,50")
    celebrated = {key for key, each in reached().items() if each.is_to_celebrate}
    assert celebrated == {"m2", "m3", "m4", "m5"}


def test_it_corrects_a_day(in_harbour, enrolled):
    bring(in_harbour, "achievements", rows("kestrel,first-data,m1,2025-11-01"))
    import_ = bring(in_harbour, "achievements", rows("kestrel,first-data,m1,2025-11-05"))
    assert ends(import_)[2] == ("changed", "“2025-11-01 00:00” becomes “2025-11-05 00:00”")
    assert reached()["m1"].achieved_at == datetime(2025, 11, 4, 23, tzinfo=UTC)
    assert Event.objects.filter(verb="achievement_moved").count() == 1


def test_it_goes_when_it_is_taken_back(in_harbour, enrolled):
    from milestones import judging

    bring(in_harbour, "achievements", rows("kestrel,first-data,m1,2025-11-01"))
    PastAchievement.objects.update(retracted_by=1)
    judging.judge(organisation=in_harbour, customer_ids=None, now=NOW, why_gone="import undone")
    assert not reached()
    assert Achievement.objects.get().withdrawn_why == "import undone"


@pytest.mark.once
@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        (
            "kestrel,none,m1,2025-11-01",
            "journey",
            "there is no such published journey",
        ),
        (
            "kestrel,first-data,m9,2025-11-01",
            "milestone",
            "the journey has no such milestone; there are: m1",
        ),
        (
            "heron,first-data,m1,2025-11-01",
            "customer",
            "is not on this journey; bring in first",
        ),
        ("kestrel,first-data,m1,2025-09-30", "at", "lies before they set out on the journey"),
        ("kestrel,first-data,m1,2026-03-13", "at", "lies in the future"),
    ],
)
def test_it_refuses_what_cannot_be(in_harbour, enrolled, line, column, reason):
    make_customer(in_harbour, "Heron", key="heron")
    _line, named, _value, why = refusal(bring(in_harbour, "achievements", rows(line)))
    assert named == column
    assert why.startswith(reason)
    assert not PastAchievement.objects.exists()


def test_it_takes_the_open_enrolment_before_one_that_ended(in_harbour, enrolled):
    enrolled.ended_at = NOW
    enrolled.save()
    again = make_enrolment(enrolled.customer, enrolled.journey)
    bring(in_harbour, "achievements", rows("kestrel,first-data,m1,2025-11-01"))
    assert PastAchievement.objects.get().enrolment == again


BY_SUBSCRIPTION = {
    "customer": {"from": "customer", "by": "subscription"},
    **{name: name for name in ("journey", "milestone", "at")},
}


@pytest.fixture
def two_subscriptions(in_harbour, enrolled):
    lines = [
        "customer,id,start,end,amount,currency,interval,plan",
        *(f"kestrel,{name},2025-01-01,,5,USD,month,Pro" for name in ("s1", "s2")),
    ]
    assert bring(in_harbour, "subscriptions", "\n".join(lines)).counts == {"new": 2}


def test_one_customer_named_by_two_subscriptions_is_one_and_can_be_undone(in_harbour, two_subscriptions):
    lines = [f"{name},first-data,m1,2025-11-01" for name in ("s1", "s2")]
    found = bring(in_harbour, "achievements", rows(*lines), mapping=BY_SUBSCRIPTION)
    assert ends(found) == {2: ("new", ""), 3: ("unchanged", "the same as line 2")}
    assert set(reached()) == {"m1"}
    undo(in_harbour, found)
    assert reached() == {}
    assert bring(in_harbour, "achievements", rows(*lines), mapping=BY_SUBSCRIPTION).counts["new"] == 1


def test_two_subscriptions_that_disagree_about_one_customer_are_refused_by_line(
    in_harbour, two_subscriptions
):
    file = rows("s1,first-data,m1,2025-11-01", "s2,first-data,m1,2025-12-01")
    found = bring(in_harbour, "achievements", file, mapping=BY_SUBSCRIPTION)
    line, _column, _value, reason = refusal(found)
    assert (line, reason) == (3, "line 2 is about the same and says otherwise")
    assert not PastAchievement.objects.exists()
