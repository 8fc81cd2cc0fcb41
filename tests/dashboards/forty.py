"""Forty customers on a journey, for everything that counts them."""

import random
from datetime import date, datetime, timedelta

import pytest

from customers.recording import NewReading
from dashboards.figures import Wish
from milestones import judging
from milestones.models import Achievement, Enrolment, Verdict
from organisations.models import Organisation, User
from tests import factories

AS_OF = date(2025, 12, 1)


@pytest.fixture
def wish(in_harbour: Organisation, mara: User, theo: User, now: datetime) -> Wish:
    """Forty customers, random starts and readings; some without a start, contested or verified."""
    rng = random.Random(7)
    journey = factories.make_journey(in_harbour, slug="j")
    milestones = list(journey.current_version().milestones.all())
    metrics = [milestone.criteria.get().metric for milestone in milestones]
    freight = factories.make_segment(in_harbour)
    readings = []
    for n in range(40):
        customer = factories.make_customer(
            in_harbour, f"Customer {n}", owner=rng.choice([mara, theo]), segment=rng.choice([freight, None])
        )
        start = rng.choice([None, factories.START_DAY + timedelta(days=rng.randint(0, 70))])
        factories.make_enrolment(customer, journey, started_on=start)
        for metric in rng.sample(metrics, rng.randint(0, 5)):
            at = factories.START + timedelta(days=rng.randint(1, 120), hours=12)
            readings.append(NewReading(customer.pk, metric.pk, at, rng.choice([30, 50])))
    judging.record(readings, organisation=in_harbour, source="test", now=now)
    enrolments = list(Enrolment.objects.all())
    for enrolment, milestone in zip(rng.sample(enrolments, 12), milestones * 3, strict=False):
        Verdict.objects.create(
            organisation=in_harbour, enrolment=enrolment, milestone=milestone, milestone_key=milestone.key,
            kind=rng.choice(["contested", "confirmed"]), words="x", at=factories.START + timedelta(days=40),
        )  # fmt: skip
    for row in Achievement.objects.standing().filter(achieved_at__lt=factories.START + timedelta(days=40))[
        :9
    ]:
        Verdict.objects.create(
            organisation=in_harbour, enrolment=row.enrolment, milestone=row.milestone,
            milestone_key=row.milestone_key, kind="confirmed", at=factories.START + timedelta(days=45),
        )  # fmt: skip
    judging.judge(organisation=in_harbour, customer_ids=None, now=now)
    return Wish(in_harbour, journey, AS_OF)
