"""How near a criterion is, in words, and the facts that met ones leave behind."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from customers.models import Metric
from customers.recording import NewReading
from milestones import judging, verifying
from milestones.api.enrolments import MilestoneShown
from milestones.evidence import evidence_of
from milestones.models import Enrolment, Milestone
from milestones.nearing import nearing
from organisations import tenancy
from organisations.models import Organisation
from tests import factories
from tests.milestones.test_judging_kinds import HELD, LIKED, RISES, START, WITHIN, ask

SPACE = "\N{NO-BREAK SPACE}"
REACH = {"kind": "metric", "operator": "gte", "threshold": 50}
LONG = HELD | {"days": 30, "holds_days": 10}
SHRINKS = RISES | {"way": "falls_by_percent"}
OFTEN = WITHIN | {"way": "count", "threshold": 5}
GLAD = LIKED | {"threshold": 8}
MEAN = "The mean of 3 answers to Score"
CALM = {"kind": "support", "metric": None, "days": 30}
NOW = START + timedelta(days=20)


@pytest.fixture
def score(in_harbour: Organisation) -> Metric:
    return factories.make_metric(in_harbour, "score", unit="%")


@pytest.fixture
def enrolment(in_harbour: Organisation, score: Metric) -> Enrolment:
    journey = factories.make_journey(in_harbour, metric=score, threshold=1e300)
    return factories.make_enrolment(factories.make_customer(in_harbour), journey)


@pytest.fixture
def first(enrolment: Enrolment) -> Milestone:
    return enrolment.version.milestones.get(key="m1")


def tell(enrolment: Enrolment, score: Metric, *steps: tuple[float, float]) -> None:
    rows = [
        NewReading(enrolment.customer_id, score.pk, START + timedelta(days=day), value)
        for day, value in steps
    ]
    judging.record(rows, organisation=enrolment.organisation, source="test", now=NOW)


def words(enrolment: Enrolment, first: Milestone, now: datetime = NOW) -> list[str]:
    near = nearing([enrolment], organisation=enrolment.organisation, milestone_ids=[first.pk], now=now)
    return [one.words for one in near[enrolment.pk]]


@pytest.mark.parametrize(
    ("asked", "steps", "says"),
    [
        (REACH, [], "not measured yet"),
        (REACH, [(1, 30), (2, 41)], "41% of 50% so far, on 3 October"),
        (REACH | {"operator": "lt"}, [(2, 60)], "60% on 3 October, to fall to 50%"),
        (REACH, [(3, 55)], "met on 4 October"),
        (RISES, [(1, 50)], "no two readings to compare yet"),
        (RISES, [(1, 50), (2, 54)], "risen by 4% of 10% so far, on 3 October"),
        (RISES | {"way": "falls_by"}, [(1, 50), (2, 54)], "fallen by -4% of 10% so far, on 3 October"),
        (LONG, [(2, 5), (8, 6), (14, 6)], "12 of 30 days held: 6% on 15 October"),
        (HELD, [(2, 5), (8, 4)], "0 of 10 days held: the last reading, of 9 October, held until 16 October"),
        (OFTEN, [], "0 of 5 within the last 10 days"),
        (OFTEN, [(1, 1), (12, 1), (13, 1)], "2 of 5 within the last 10 days"),
        (LIKED, [(1, 9), (2, 7)], "2 of 3 answers so far, their mean 8%"),
        (LIKED, [(1, 9), (2, 7), (3, 6), (4, 12)], "mean 7.33% now, target 8.1%"),
        ({"kind": "claim", "metric": None}, [], "not claimed yet"),
        ({"kind": "confirmation", "metric": None}, [], "not confirmed yet"),
    ],
)  # fmt: skip
def test_it_says_what_is_missing(
    enrolment: Enrolment, first: Milestone, score: Metric, asked: dict[str, Any], steps: Any, says: str
) -> None:
    ask(first, {"metric": score} | asked)
    tell(enrolment, score, *steps)
    assert words(enrolment, first) == [says]


def test_it_says_how_long_the_help_desk_was_silent(enrolment: Enrolment, first: Milestone) -> None:
    ask(first, CALM)
    assert words(enrolment, first) == ["no support case has come in yet, so silence says nothing"]
    case = factories.make_case(enrolment.customer, opened_at=START + timedelta(days=3))
    assert words(enrolment, first) == ["1 case is open"]
    case.resolved_at = START + timedelta(days=4)
    case.save()
    factories.make_case(factories.make_customer(enrolment.organisation, "Heron"), opened_at=NOW)
    assert words(enrolment, first) == ["16 of 30 days in silence, as far as the help desk was heard"]
    ask(first, CALM | {"urgency": "high"})
    assert words(enrolment, first) == ["17 of 30 days in silence, as far as the help desk was heard"]


@pytest.mark.parametrize(
    ("asked", "steps", "says"),
    [
        (RISES, [(1, 50), (2, 62)], "Score rose by 12% (target 10%) since they began, on 3 October"),
        (SHRINKS, [(1, 50), (2, 40)], "Score fell by 20% (target 10%) since they began, on 3 October"),
        (HELD, [(1, 5), (6, 6), (12, 7)], "Score stayed at least 5% for 10 days, up to 13 October"),
        (WITHIN, [(1, 2)], "Score added up to 2% within 10 days (target 1%), on 2 October"),
        (WITHIN | {"way": "count"}, [(1, 2)], "1 × Score within 10 days (target 1), on 2 October"),
        (GLAD, [(1, 9), (2, 9), (3, 9)], f"{MEAN} reached 9% (target 8%) on 4 October"),
    ],
)  # fmt: skip
def test_it_says_what_was_met_as_a_fact(
    enrolment: Enrolment, first: Milestone, score: Metric, asked: dict[str, Any], steps: Any, says: str
) -> None:
    ask(first, {"metric": score} | asked)
    tell(enrolment, score, *steps)
    assert evidence_of(enrolment, first, now=NOW)["readings"] == [says]


def test_it_says_silence_as_a_fact(enrolment: Enrolment, first: Milestone) -> None:
    ask(first, CALM | {"urgency": "high"})
    factories.make_case(enrolment.customer, opened_at=START, resolved_at=START, urgency="high")
    factories.make_case(
        factories.make_customer(enrolment.organisation, "Heron"), opened_at=NOW + timedelta(days=40)
    )
    judging.judge(organisation=enrolment.organisation, customer_ids=None, now=NOW)
    assert evidence_of(enrolment, first, now=NOW)["readings"] == [
        "No support case of urgency “high” was open for 30 days, up to 31 October"
    ]


def test_a_claim_without_what_is_asked_for_is_refused_with_the_field(
    enrolment: Enrolment, first: Milestone
) -> None:
    ask(first, {"kind": "claim", "way": "link"}, {"kind": "claim", "way": "number"})
    about: dict[str, Any] = {"enrolment": enrolment, "milestone": first, "by": None, "now": NOW, "asked": []}
    fact = {"statement": "Figures match.", "reached_at": START + timedelta(days=2)}
    with pytest.raises(verifying.ClaimIncomplete, match="asks for a link") as refused:
        verifying.claim(**about, **fact, number=7)
    assert refused.value.field == "link"
    assert not enrolment.claims.exists()
    verifying.claim(**about, **fact, number=7, link="https://kestrel.example/report")
    assert words(enrolment, first) == ["met on 3 October", "met on 3 October"]


def test_it_stands_on_the_customers_page_and_where_it_is_claimed(client_for, mara, harbour) -> None:
    with tenancy.within(harbour):
        metric = factories.make_metric(harbour, "score", unit="%")
        journey = factories.make_journey(harbour, metric=metric)
        enrolment = factories.make_enrolment(factories.make_customer(harbour), journey)
        ask(
            journey.current_version().milestones.get(key="m1"),
            {"metric": metric} | HELD,
            {"kind": "claim", "way": "number"},
        )
        factories.make_reading(enrolment.customer, metric, 8, at=START)
    client = client_for(mara)
    page = client.get(f"/o/harbour/customers/{enrolment.customer_id}/").text
    assert "Missing for “Milestone 1”. It is so when all of these hold:" in page
    assert "0 of 10 days held: the last reading, of 1 October" in page
    claim = client.get(f"/o/harbour/enrolments/{enrolment.pk}/milestones/m1/claim/").text
    assert "0 of 10 days held" in claim
    assert "This milestone asks for a number as evidence." in claim


def test_the_api_says_what_a_criterion_asks(enrolment: Enrolment, first: Milestone, score: Metric) -> None:
    ask(first, {"metric": score} | HELD, CALM | {"urgency": "high"}, join="at_least", needed=1)
    first.refresh_from_db()
    shown = MilestoneShown(first).data
    assert (shown["join"], shown["needed"]) == ("at_least", 1)
    held, calm = shown["criteria"]
    assert {name: held[name] for name in HELD} == HELD
    assert (held["metric"], held["way"]) == ("score", "")
    assert calm["sentence"] == "No support case of urgency “high” is open for 30 days on end"
