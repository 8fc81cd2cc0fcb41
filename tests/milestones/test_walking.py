"""Enrolments as stones: each state from the evidence, in one query whatever their number."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from milestones.models import Achievement, Claim, Criterion, CriterionProgress, Enrolment, Verdict
from milestones.walking import paths_of
from organisations.models import Organisation
from tests.factories import START, make_customer, make_enrolment, make_journey
from ui.stones import StoneState

NOW = datetime(2025, 11, 12, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolment(in_harbour: Organisation) -> Enrolment:
    return make_enrolment(make_customer(in_harbour), make_journey(in_harbour))


def achieve(enrolment: Enrolment, key: str, *, days: int, verified: bool = False) -> Achievement:
    at = START + timedelta(days=days)
    return Achievement.objects.create(
        organisation_id=enrolment.organisation_id,
        enrolment=enrolment,
        milestone=enrolment.version.milestones.get(key=key),
        milestone_key=key,
        achieved_at=at,
        recorded_at=at,
        days=days,
        verified_at=at if verified else None,
    )


def contest(enrolment: Enrolment, key: str, *, settled_at: datetime | None = None) -> Verdict:
    return Verdict.objects.create(
        organisation_id=enrolment.organisation_id,
        enrolment=enrolment,
        milestone=enrolment.version.milestones.get(key=key),
        milestone_key=key,
        kind=Verdict.Kind.CONTESTED,
        at=START + timedelta(days=3),
        settled_at=settled_at,
    )


def claim(enrolment: Enrolment, key: str) -> Claim:
    at = START + timedelta(days=4)
    return Claim.objects.create(
        organisation_id=enrolment.organisation_id,
        enrolment=enrolment,
        milestone=enrolment.version.milestones.get(key=key),
        milestone_key=key,
        statement="They open it daily.",
        reached_at=at,
        claimed_at=at,
        evidence_words="We do.",
    )


def stones_of(enrolment: Enrolment) -> list[StoneState]:
    fresh = Enrolment.objects.select_related("organisation").get(pk=enrolment.pk)
    return [stone.state for stone in paths_of([fresh], now=NOW)[enrolment.pk].stones]


def test_it_shows_each_state_as_the_evidence_stands(enrolment: Enrolment) -> None:
    achieve(enrolment, "m1", days=5, verified=True)
    achieve(enrolment, "m2", days=6, verified=True)
    contest(enrolment, "m2", settled_at=START + timedelta(days=6))
    achieve(enrolment, "m3", days=7)
    claim(enrolment, "m4")
    contest(enrolment, "m5")
    assert stones_of(enrolment) == ["verified", "mended", "evidenced", "claimed", "contested"]


def test_it_grows_with_criteria_met(enrolment: Enrolment) -> None:
    milestone = enrolment.version.milestones.get(key="m1")
    first = milestone.criteria.get()
    Criterion.objects.create(
        organisation_id=enrolment.organisation_id, milestone=milestone, position=2, kind=Criterion.Kind.CLAIM
    )
    CriterionProgress.objects.create(
        organisation_id=enrolment.organisation_id, enrolment=enrolment, criterion=first, met_at=START
    )
    stone = paths_of([enrolment], now=NOW)[enrolment.pk].stones[0]
    assert (stone.state, stone.met, stone.rings, stone.said) == (StoneState.GROWING, 1, 2, "1 of 2")


def test_it_warns_past_target_and_flags_the_next_one(enrolment: Enrolment) -> None:
    achieve(enrolment, "m1", days=50)
    enrolment.current = enrolment.version.milestones.get(key="m2")
    path = paths_of([enrolment], now=NOW)[enrolment.pk]
    assert path.stones[0].warning == ""
    assert path.stones[1].warning == "2 days past target"
    assert not path.stones[1].target_ahead
    assert path.behind == 1
    assert path.stones[2].said == "Target 30 Nov"

    earlier = paths_of([enrolment], now=NOW - timedelta(days=10))[enrolment.pk]
    assert earlier.stones[1].target_ahead
    assert earlier.behind == 0


def test_it_counts_days_in_a_stage_from_the_last_milestone_before_it(enrolment: Enrolment) -> None:
    achieve(enrolment, "m1", days=12)
    enrolment.current = enrolment.version.milestones.get(key="m2")
    path = paths_of([enrolment], now=NOW)[enrolment.pk]
    assert path.stage == "adoption"
    assert path.days_in_stage == (NOW.date() - (START + timedelta(days=12)).date()).days


def test_it_does_not_hurry_those_who_left(enrolment: Enrolment) -> None:
    enrolment.ended_at = NOW - timedelta(days=1)
    path = paths_of([enrolment], now=NOW)[enrolment.pk]
    assert path.behind == 0
    assert not any(stone.warning or stone.target_ahead for stone in path.stones)


def test_it_reads_any_number_in_one_query(in_harbour: Organisation) -> None:
    journey = make_journey(in_harbour)
    made = [make_enrolment(make_customer(in_harbour, f"Customer {n}"), journey) for n in range(12)]
    given = list(Enrolment.objects.select_related("organisation"))
    with CaptureQueriesContext(connection) as queries:
        paths = paths_of(given, now=NOW)
    assert len(queries) == 1
    assert {pk: len(path.stones) for pk, path in paths.items()} == {e.pk: 5 for e in made}
