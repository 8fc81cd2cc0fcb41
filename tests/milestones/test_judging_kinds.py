"""The judge against the oracle on random histories with every kind of criterion, and each kind's edges."""

import random
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from customers.models import Customer, Metric, Reading, SupportCase
from customers.recording import NewReading
from milestones import judging
from milestones.models import (
    Achievement,
    Claim,
    Criterion,
    CriterionProgress,
    Enrolment,
    Journey,
    Milestone,
)
from organisations.models import Event, Organisation
from tests import factories
from tests.milestones.oracle import stored, truth

HISTORIES = 300  # of fifteen criteria each
START = factories.START


def ask(
    milestone: Milestone, *criteria: dict[str, Any], join: str = "all", needed: int | None = None
) -> None:
    """Let a milestone need these criteria and no others."""
    milestone.criteria.all().delete()
    Milestone.objects.filter(pk=milestone.pk).update(join=join, needed=needed)
    for position, fields in enumerate(criteria, start=1):
        Criterion.objects.create(
            organisation_id=milestone.organisation_id, milestone=milestone, position=position, **fields
        )


def journey_of_all_kinds(organisation: Organisation, metrics: list[Metric]) -> Journey:
    """Seven milestones, alone and joined: every kind and every way to join."""
    a, b, c = metrics
    journey = factories.make_journey(organisation, slug="kinds", milestones=7, metric=a)
    m1, m2, m3, m4, m5, m6, m7 = journey.current_version().milestones.all()
    rises = {"kind": "change", "metric": a, "way": "rises_by", "threshold": 4}
    falls = {"kind": "change", "metric": b, "way": "falls_by_percent", "threshold": 50}
    holds = {
        "kind": "sustained",
        "metric": a,
        "operator": "gte",
        "threshold": 5,
        "days": 20,
        "holds_days": 15,
    }
    few = {"kind": "sustained", "metric": c, "operator": "lt", "threshold": 8, "days": 10, "holds_days": 30}
    often = {"kind": "window", "metric": b, "way": "count", "threshold": 3, "days": 30}
    much = {"kind": "window", "metric": c, "way": "sum", "threshold": 12, "days": 25}
    liked = {
        "kind": "survey", "metric": c, "operator": "gte", "threshold": 6, "answers": 3, "scale_low": 0,
        "scale_high": 10,
    }  # fmt: skip
    calm = {"kind": "support", "urgency": "high", "days": 25}
    ask(m1, rises)
    ask(m2, falls, holds, join="any")
    ask(m3, few)
    ask(m4, often, much)
    ask(m5, liked, calm, {"kind": "claim", "way": "number"}, join="at_least", needed=2)
    ask(m6, calm | {"urgency": ""}, {"kind": "confirmation"}, join="any")
    ask(m7, rises | {"way": "rises_by_percent"}, often, much, holds, join="at_least", needed=3)
    return journey


def random_readings(rng: random.Random, enrolment: Enrolment, metrics: list[Metric]) -> list[NewReading]:
    """Out of order, from before the start too, some corrected, often at the very same hour of a day."""
    return [
        NewReading(
            enrolment.customer_id,
            rng.choice(metrics).pk,
            START + timedelta(days=rng.randint(-20, 90), seconds=rng.choice([0, 0, 0, 1, 43200])),
            rng.choice([-3, 0, 2, 4, 5, 6, 8, 9, 10, 12]),
            rng.choice(["", "", f"{enrolment.pk}-{rng.randint(1, 6)}"]),
        )
        for _ in range(rng.randint(0, 20))
    ]


def random_cases(rng: random.Random, enrolment: Enrolment) -> list[SupportCase]:
    opened = [START + timedelta(days=rng.randint(-15, 90)) for _ in range(rng.choice([0, 0, 1, 2, 4]))]
    return [
        SupportCase(
            organisation_id=enrolment.organisation_id,
            customer_id=enrolment.customer_id,
            opened_at=at,
            resolved_at=rng.choice([None, at, *(at + timedelta(days=rng.randint(1, 40)) for _ in range(4))]),
            urgency=rng.choice(["high", "low"]),
            recorded_at=at,
            source="desk",
            external_id=f"{enrolment.pk}-{n}",
        )
        for n, at in enumerate(opened)
    ]


def random_words(rng: random.Random, enrolment: Enrolment) -> None:
    m5, m6 = (m for m in enrolment.version.milestones.all() if m.key in ("m5", "m6"))
    at = START + timedelta(days=rng.randint(0, 90))
    about = {"organisation_id": enrolment.organisation_id, "enrolment": enrolment}
    shown = rng.choice(
        [{"evidence_number": 0}, {"evidence_words": "So."}, {"evidence_link": "https://a.example"}]
    )
    Claim.objects.create(
        **about, **shown, milestone=m5, milestone_key="m5", statement="So.", reached_at=at, claimed_at=at
    )
    if rng.random() < 0.5:
        enrolment.verdicts.create(**about, milestone=m6, milestone_key="m6", kind="confirmed", at=at)


def on_it(journey: Journey, customers: list[Customer], days: list[date | None]) -> list[Enrolment]:
    version = journey.current_version()
    return Enrolment.objects.bulk_create(
        Enrolment(
            organisation=journey.organisation,
            customer=customer,
            journey=journey,
            version=version,
            started_on=day,
            started_at=datetime.combine(day, time(), tzinfo=journey.organisation.tzinfo) if day else None,
            enrolled_at=START,
        )
        for customer, day in zip(customers, days, strict=True)
    )


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.nightly)])
def test_it_agrees_with_the_oracle_whatever_is_asked_and_however_it_arrives(
    in_harbour: Organisation, now: datetime, seed: int
) -> None:
    rng = random.Random(seed)
    metrics = [factories.make_metric(in_harbour, key) for key in ("a", "b", "c")]
    journey = journey_of_all_kinds(in_harbour, metrics)
    customers = Customer.objects.bulk_create(
        Customer(organisation=in_harbour, key=f"c{n}", name=f"Customer {n}", created_at=START)
        for n in range(HISTORIES)
    )
    days = [None, START.date(), START.date() + timedelta(days=9)]
    enrolments = [factories.make_enrolment(each, journey, started_on=rng.choice(days)) for each in customers]
    steps = {each.pk: random_readings(rng, each, metrics) for each in enrolments}
    cases = [case for each in enrolments for case in random_cases(rng, each)]
    for turn in range(2):  # everything arrives in two parts, judged after each
        SupportCase.objects.bulk_create(cases[turn::2])
        for enrolment in rng.sample(enrolments, HISTORIES // 5):
            random_words(rng, enrolment)
        part = [step for pk in steps for step in steps[pk][turn::2]]
        judging.record(part, organisation=in_harbour, now=now, source=rng.choice(["crm", "test"]))
        judging.judge(organisation=in_harbour, customer_ids=None, now=now)
        assert stored() == truth()
    met = CriterionProgress.objects.values_list("criterion__kind", flat=True)
    assert set(met) == set(Criterion.Kind.values) - {"metric"}
    assert {key for _, key in stored()} == {f"m{n}" for n in range(1, 8)}
    SupportCase.objects.filter(pk__in=[case.pk for case in cases[::3]]).update(retracted_by=1)
    judging.judge(organisation=in_harbour, customer_ids=None, now=now)
    unconfirmed = {key: value for key, value in truth().items() if key[1] != "m6"}
    assert {key: value for key, value in stored().items() if key[1] != "m6"} == unconfirmed
    before = Event.objects.count()
    again = judging.judge(organisation=in_harbour, customer_ids=None, now=now)
    assert (again.achieved, again.moved, again.withdrawn) == ([], [], [])
    assert Event.objects.count() == before


# --- the edges of each kind -------------------------------------------------------------------------------


@pytest.fixture
def score(in_harbour: Organisation) -> Metric:
    return factories.make_metric(in_harbour, "score")


@pytest.fixture
def enrolment(in_harbour: Organisation, score: Metric) -> Enrolment:
    """On a journey whose first milestone is asked in each test; the others are never reached."""
    journey = factories.make_journey(in_harbour, metric=score, threshold=1e300)
    return factories.make_enrolment(factories.make_customer(in_harbour), journey)


@pytest.fixture
def told(in_harbour: Organisation, score: Metric, enrolment: Enrolment, now: datetime):
    """Tell (day, value)s of the score, then say on which day the first milestone was reached."""

    def told(*steps: tuple[float, float], by: dict[str, Any] | None = None) -> float | None:
        if by:
            ask(enrolment.version.milestones.get(key="m1"), {"metric": score} | by)
        readings = [
            NewReading(enrolment.customer_id, score.pk, START + timedelta(days=day), value)
            for day, value in steps
        ]
        judging.record(readings, organisation=in_harbour, source="test", now=now)
        if not by and not readings:
            judging.judge(organisation=in_harbour, customer_ids=None, now=now)
        row = Achievement.objects.standing().filter(milestone_key="m1").first()
        return (row.achieved_at - START) / timedelta(days=1) if row else None

    return told


RISES = {"kind": "change", "way": "rises_by", "threshold": 10}
HELD = {"kind": "sustained", "operator": "gte", "threshold": 5, "days": 10, "holds_days": 7}
WITHIN = {"kind": "window", "way": "sum", "threshold": 1, "days": 10}
LIKED = {
    "kind": "survey", "operator": "gte", "threshold": 8.1, "answers": 3, "scale_low": 0, "scale_high": 10,
}  # fmt: skip


def test_a_change_counts_from_the_last_reading_at_or_before_the_start(told) -> None:
    assert told((-9, 0), (-1, 50), (3, 59), by=RISES) is None
    assert told((6, 60)) == 6


def test_a_change_counts_from_the_first_reading_after_the_start_where_none_came_before(told) -> None:
    assert told((3, 50), (6, 59.9), by=RISES) is None
    assert told((8, 61)) == 8
    assert told((-2, 48)) == 6, "an earlier beginning learned of later is the beginning"
    assert told((-1 / 12, 55)) is None, "and one at the start itself: midnight in Amsterdam"
    assert told((9, 65)) == 9


@pytest.mark.parametrize(
    ("way", "threshold", "steps", "on"),
    [
        ("falls_by", 10, [(0, 50), (2, 41), (3, 40)], 3),
        ("rises_by_percent", 10, [(0, 50), (2, 54), (3, 55)], 3),
        ("falls_by_percent", 50, [(0, -40), (2, -59), (3, -60)], 3),
        ("rises_by_percent", 10, [(0, 0), (2, 100)], None),  # of nothing there is no percent
        ("rises_by", 0.3, [(0, 1.1), (2, 1.4)], 2),  # 1.4 - 1.1 is a hair less in a computer
        ("rises_by", 1, [(0, -1.7e308), (2, 1.7e308), (3, 5e-324)], None),  # no number to calculate with
    ],
)
def test_a_change_may_be_up_or_down_in_amount_or_percent(told, way, threshold, steps, on) -> None:
    assert told(*steps, by=RISES | {"way": way, "threshold": threshold}) == on


def test_holding_is_met_at_the_reading_that_proves_it(told) -> None:
    assert told((0, 5), (7, 9), by=HELD) is None
    assert told((13, 6)) == 13
    assert told((10, 5)) == 10, "a reading in between proves it earlier"
    assert told((5, 4)) is None, "and one that does not satisfy breaks the run"
    assert told((17, 5)) == 17


def test_holding_is_broken_by_a_gap_longer_than_a_reading_holds(told) -> None:
    assert told((0, 5), (7.00001, 5), (10, 5), by=HELD) is None
    assert told((17, 5), (17.00001, 5)) == 17.00001


def test_a_window_ends_before_the_moment_its_days_are_over(told) -> None:
    assert told((0, 0.5), (10, 0.5), by=WITHIN) is None
    assert told((9.99999, 0.5)) == 9.99999


def test_a_window_adds_tenths_as_people_do(told) -> None:
    assert told(*((n / 10, 0.1) for n in range(10)), by=WITHIN) == 0.9


def test_a_window_counts_readings_whatever_they_say(told) -> None:
    assert told((0, 0), (1, -7), (20, 1e15), by=WITHIN | {"way": "count", "threshold": 3}) is None
    assert told((2, 0)) == 2


def test_a_survey_takes_the_mean_of_the_newest_answers_on_its_scale(told) -> None:
    assert told((0, 9), (1, 8), (2, 11), (3, -1), by=LIKED) is None, "two answers, and two that are none"
    assert told((4, 7.3)) == 4
    assert told((2.5, 1)) is None
    assert told((5, 8.9), (6, 8.1)) == 6


def test_silence_needs_a_desk_that_was_heard(told, in_harbour: Organisation, enrolment: Enrolment) -> None:
    calm = {"kind": "support", "metric": None, "urgency": "high", "days": 10}
    other = factories.make_customer(in_harbour, "Heron")
    assert told(by=calm) is None
    factories.make_case(other, opened_at=START + timedelta(days=2))
    assert told() is None
    late = factories.make_case(other, opened_at=START + timedelta(days=11))
    assert told() is None, "ten days from the first case of all, and not heard until then"
    late.resolved_at = START + timedelta(days=12)
    late.save()
    assert told() == 12
    factories.make_case(enrolment.customer, opened_at=START + timedelta(days=11.5), urgency="low")
    assert told() == 12
    mine = factories.make_case(enrolment.customer, opened_at=START + timedelta(days=11.5), urgency="high")
    assert told() is None
    mine.resolved_at = START + timedelta(days=13)
    mine.save()
    factories.make_case(other, opened_at=START + timedelta(days=30))
    assert told() == 23


def test_a_claim_must_show_what_is_asked_for(told, enrolment: Enrolment) -> None:
    asked = {"kind": "claim", "metric": None, "way": "link"}
    milestone = enrolment.version.milestones.get(key="m1")
    at = START + timedelta(days=4)
    claim = Claim.objects.create(
        organisation_id=enrolment.organisation_id, enrolment=enrolment, milestone=milestone,
        milestone_key="m1", statement="So.", reached_at=at, claimed_at=at, evidence_number=7,
    )  # fmt: skip
    assert told(by=asked) is None
    claim.evidence_link = "https://kestrel.example/report"
    claim.save()
    assert told() == 4
    claim.evidence_link = ""
    claim.save()
    assert told() is None


def test_what_the_customer_confirmed_stays_when_an_import_of_readings_is_undone(
    told, enrolment: Enrolment, score: Metric
) -> None:
    assert told((0, 5), (7, 9), (12, 6), by=HELD) == 12
    m1 = enrolment.version.milestones.get(key="m1")
    about = {"organisation_id": enrolment.organisation_id, "milestone": m1, "milestone_key": "m1"}
    enrolment.verdicts.create(**about, kind="confirmed", at=START + timedelta(days=14))
    Reading.objects.filter(metric=score, at=START + timedelta(days=7)).update(
        is_standing=False, retracted_by=1
    )
    assert told() == 12
    enrolment.verdicts.update(withdrawn_at=START + timedelta(days=15))
    assert told() is None


def test_no_statement_runs_for_a_kind_that_nothing_asks_for(
    in_harbour: Organisation, enrolment: Enrolment, now: datetime
) -> None:
    with CaptureQueriesContext(connection) as asked:
        judging.judge(organisation=in_harbour, customer_ids=[enrolment.customer_id], now=now)
    said = " ".join(each["sql"] for each in asked)
    assert "c.kind = 'metric'" in said
    assert not any(f"c.kind = '{kind}'" in said for kind in Criterion.Kind.values if kind != "metric")


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "metric", "operator": "gte", "threshold": 1, "days": 3},
        {"kind": "change", "way": "count", "threshold": 1},
        {"kind": "change", "way": "rises_by", "threshold": 0},
        {"kind": "sustained", "operator": "gte", "threshold": 1, "days": 0, "holds_days": 1},
        {"kind": "window", "way": "sum", "threshold": 1},
        LIKED | {"scale_low": 10},
        {"kind": "support", "days": 5},
        {"kind": "claim", "metric": None, "way": "sum"},
    ],
)
def test_the_database_keeps_no_criterion_that_is_not_whole(
    in_harbour: Organisation, enrolment: Enrolment, score: Metric, fields: dict[str, Any]
) -> None:
    milestone = enrolment.version.milestones.get(key="m1")
    with pytest.raises(IntegrityError, match="criterion_whole"), transaction.atomic():
        Criterion.objects.create(
            **{"organisation": in_harbour, "milestone": milestone, "position": 2, "metric": score} | fields
        )
