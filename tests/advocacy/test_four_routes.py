"""A file, another program, the CSM and the customer bring the same milestone at the same moment: one
achievement, one mail."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from advocacy import celebrating
from customers.models import Metric
from customers.recording import NewReading
from milestones import judging, verifying
from milestones.models import Achievement, Ask, Criterion, Enrolment, Journey, Milestone
from office import importing
from organisations import tenancy
from organisations.models import Organisation, User
from post.models import Delivery, Link
from tests import factories
from tests.advocacy.test_races import at_once
from tests.milestones.asked import make_link
from tests.office.bringing import begin

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS, ROUNDS_AT_NIGHT = 4, 1_000


@pytest.fixture
def metric(harbour: Organisation) -> Metric:
    with tenancy.within(harbour):
        return factories.make_metric(harbour)


@pytest.fixture
def journey(harbour: Organisation, metric: Metric) -> Journey:
    """Whose first milestone any one of a number, a claim and a yes reaches; the others nobody does."""
    with tenancy.within(harbour):
        made = factories.make_journey(harbour, metric=metric, hold_hours=0)
        Criterion.objects.exclude(milestone__key="m1").update(threshold=1000)
        first = Milestone.objects.get(key="m1")
        Milestone.objects.filter(pk=first.pk).update(join="any")
        for position, kind in enumerate((Criterion.Kind.CLAIM, Criterion.Kind.CONFIRMATION), start=2):
            Criterion.objects.create(organisation=harbour, milestone=first, position=position, kind=kind)
    return made


def at_the_start(
    harbour: Organisation, journey: Journey, mara: User, now: datetime, number: int
) -> tuple[Enrolment, Milestone, Ask, Link]:
    with tenancy.within(harbour):
        customer = factories.make_customer(harbour, f"Customer {number}", owner=mara)
        amara = factories.make_contact(customer, is_primary=True)
        enrolment = factories.make_enrolment(customer, journey)
        first = Milestone.objects.get(version=enrolment.version, key="m1")
        ask = Ask.objects.create(
            organisation=harbour,
            enrolment=enrolment,
            milestone=first,
            contact=amara,
            asked_at=now,
            asked_by=mara,
        )
        ask = Ask.objects.select_related("contact__recipient", "organisation").get(pk=ask.pk)
        return enrolment, first, ask, make_link(ask, now=now)


def routes(
    harbour: Organisation,
    metric: Metric,
    mara: User,
    now: datetime,
    at: tuple[Enrolment, Milestone, Ask, Link],
) -> list[Callable[[], Any]]:
    enrolment, first, ask, link = at
    customer, read_at = enrolment.customer, now - timedelta(hours=1)
    file = f"customer,metric,value,at\n{customer.key},{metric.key},78,{read_at.isoformat()}\n"
    with tenancy.within(harbour):
        brought = begin(harbour, "readings", file, by=mara)
    return [
        lambda: importing.work(organisation=harbour, import_id=brought.pk, clock=lambda: now),
        lambda: judging.record(
            [NewReading(customer.pk, metric.pk, read_at, 78, f"api {customer.pk}")],
            organisation=harbour, source="api", now=now,
        ),
        lambda: verifying.claim(
            enrolment=enrolment, milestone=first, statement="So it is", number=1, reached_at=read_at, by=mara,
            now=now,
        ),
        lambda: verifying.confirm(ask=ask, link=link, now=now),
    ]  # fmt: skip


def race(
    harbour: Organisation, metric: Metric, journey: Journey, mara: User, now: datetime, number: int
) -> None:
    at = at_the_start(harbour, journey, mara, now, number)

    def loop() -> None:
        celebrating.gather(organisation=harbour, now=now)
        celebrating.post_due(organisation=harbour, now=now)

    at_once(harbour, *routes(harbour, metric, mara, now, at), loop)
    with tenancy.within(harbour):
        loop()
        assert Achievement.objects.filter(enrolment=at[0]).values_list(
            "milestone_key", "withdrawn_at"
        ).get() == ("m1", None)
        mails = Delivery.objects.filter(purpose="celebration", subject_key=f"{at[0].pk}:m1")
        assert mails.count() == 1


def test_four_routes_at_once_make_one_achievement_and_one_mail(harbour, metric, journey, mara, now):
    for number in range(ROUNDS):
        race(harbour, metric, journey, mara, now, number)


@pytest.mark.nightly
@pytest.mark.timeout(3600)
def test_four_routes_at_once_a_thousand_times(harbour, metric, journey, mara, now):
    for number in range(ROUNDS_AT_NIGHT):
        race(harbour, metric, journey, mara, now, number)
