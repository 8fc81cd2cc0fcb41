"""Who would meet a draft: the same answer as the judge gives once it is published, and nothing written."""

import random
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from customers.models import Metric
from customers.recording import NewReading
from milestones import judging
from milestones.models import Claim, CriterionProgress, Journey
from milestones.outline_rows import outline_of
from milestones.outlines import CriterionOutline, MilestoneOutline, Outline
from milestones.previewing import Preview, preview
from organisations import tenancy
from organisations.models import Event, Organisation
from tests import factories
from tests.milestones.oracle import truth
from tests.milestones.test_judging_kinds import (
    START,
    journey_of_all_kinds,
    random_cases,
    random_readings,
    random_words,
)

NOW = START + timedelta(days=400)


@pytest.fixture
def metrics(in_harbour: Organisation) -> list[Metric]:
    return [factories.make_metric(in_harbour, key) for key in ("a", "b", "c")]


@pytest.fixture
def journey(in_harbour: Organisation, metrics: list[Metric]) -> Journey:
    return journey_of_all_kinds(in_harbour, metrics)


def look(journey: Journey, whose: Journey | None, outline: Outline | None = None) -> Preview:
    outline = outline or outline_of(journey.current_version())
    return preview(outline, organisation=journey.organisation, journey=whose, now=NOW)


def test_it_counts_whom_the_judge_would_count(
    in_harbour: Organisation, journey: Journey, metrics: list[Metric]
) -> None:
    rng = random.Random(7)
    enrolments = [
        factories.make_enrolment(
            factories.make_customer(in_harbour, f"Customer {n}"),
            journey,
            started_on=rng.choice([None, START.date()]),
        )
        for n in range(60)
    ]
    for enrolment in enrolments:
        for case in random_cases(rng, enrolment):
            case.save()
        random_words(rng, enrolment)
    readings = [step for each in enrolments for step in random_readings(rng, each, metrics)]
    judging.record(readings, organisation=in_harbour, source="test", now=NOW)
    before = Event.objects.count(), CriterionProgress.objects.count()
    seen = look(journey, journey)
    assert (seen.looked_at, seen.there_are) == (60, 60)
    counted = Counter(key for _, key in truth())
    assert {one.outline.key: one.met.whole for one in seen.milestones} == {
        f"m{n}": counted[f"m{n}"] for n in range(1, 8)
    }
    for one in seen.milestones:
        assert one.met.measured >= one.met.whole > 0
        assert len(one.newest) == min(20, one.met.measured)
    assert (Event.objects.count(), CriterionProgress.objects.count()) == before


def test_it_asks_all_customers_for_all_they_ever_reached(
    in_harbour: Organisation, journey: Journey, metrics: list[Metric]
) -> None:
    kestrel = factories.make_customer(in_harbour, "Kestrel")
    factories.make_customer(in_harbour, "Gone", left_on=START.date())
    factories.make_reading(kestrel, metrics[0], 8, at=START - timedelta(days=100))
    factories.make_reading(kestrel, metrics[1], 8, at=NOW - timedelta(days=1))
    reaches = [CriterionOutline("metric", key, "gte", "8") for key in ("a", "b")]
    words = [CriterionOutline("claim"), CriterionOutline("confirmation")]
    whole = MilestoneOutline(handle=1, key="k", criteria=(reaches[0],))
    outline = Outline(
        milestones=(
            whole,
            MilestoneOutline(handle=2, criteria=(reaches[1], *words)),
            MilestoneOutline(handle=3, criteria=(CriterionOutline("metric", "a", "gte", "many"), reaches[1])),
            MilestoneOutline(handle=4, join="any", criteria=tuple(words)),
            MilestoneOutline(handle=5),
            MilestoneOutline(handle=6, join="at_least", needed="2", criteria=(*reaches, words[0])),
            MilestoneOutline(
                handle=7,
                criteria=(
                    CriterionOutline("metric", "c", "gte", "1"),
                    CriterionOutline("support", days="9", urgency="Hgih"),
                ),
            ),
        )
    )
    seen = look(journey, None, outline).milestones
    assert [(one.met.measured, one.met.whole, one.met.lately) for one in seen] == [
        (1, 1, 0), (1, 0, 1), (1, 1, 1), (0, 0, 0), (0, 0, 0), (1, 1, 1), (0, 0, 0),
    ]  # fmt: skip
    assert [one.left_out for one in seen] == [0, 0, 1, 0, 0, 0, 0]
    assert seen[6].unread == ("C",)
    assert seen[6].unheard == ("Hgih",)
    assert seen[0].newest[0][0] == kestrel
    assert seen[0].of == 1


def test_a_claim_made_on_the_journey_counts_for_the_draft_by_its_key(
    in_harbour: Organisation, journey: Journey
) -> None:
    enrolment = factories.make_enrolment(factories.make_customer(in_harbour), journey)
    milestone = enrolment.version.milestones.get(key="m5")
    Claim.objects.create(
        organisation=in_harbour, enrolment=enrolment, milestone=milestone, milestone_key="m5",
        statement="So.", reached_at=START, claimed_at=START, evidence_number=1,
    )  # fmt: skip
    claim: Any = CriterionOutline("claim", way="number")
    outline = Outline(milestones=(MilestoneOutline(handle=1, key="m5", criteria=(claim,)),))
    assert look(journey, journey, outline).milestones[0].met.whole == 1


def test_managers_see_it_with_names_and_n(client_for, theo, mara, harbour: Organisation) -> None:
    with tenancy.within(harbour):
        metric = factories.make_metric(harbour)
        journey = factories.make_journey(harbour, metric=metric)
        kestrel = factories.make_customer(harbour, "Kestrel Freight")
        factories.make_customer(harbour, "Heron")
        factories.make_reading(kestrel, metric, 90, at=START)
    address = reverse("milestones:journey_preview", args=["harbour", journey.slug])
    page = client_for(theo).get(address)
    assert "Kestrel Freight" in page.text
    assert "1 of 2" in page.text
    assert "50" in page.text
    assert "Heron" not in page.text
    assert client_for(theo).post(address).status_code == 405
    assert client_for(mara).get(address).status_code == 403


def test_many_customers_are_asked_in_one_statement(
    in_harbour: Organisation, journey: Journey, metrics: list[Metric], django_assert_max_num_queries
) -> None:
    for n in range(30):
        customer = factories.make_customer(in_harbour, f"Customer {n}")
        factories.make_enrolment(customer, journey)
        judging.record(
            [NewReading(customer.pk, metrics[0].pk, START + timedelta(days=n), n)],
            organisation=in_harbour, source="test", now=NOW,
        )  # fmt: skip
    outline = outline_of(journey.current_version())
    with django_assert_max_num_queries(8):
        look(journey, journey, outline)
