"""What the post loop, a customer and a CSM do in these tests."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from advocacy import celebrating
from advocacy.models import Celebration
from customers.models import Metric
from customers.recording import NewReading
from milestones import judging, verifying
from milestones.models import Ask, Enrolment
from organisations.models import Event, Organisation, User
from post.models import Delivery
from tests import factories
from tests.milestones.asked import make_asking_enrolment, make_link, milestone

HOUR = timedelta(hours=1)
READ_AT = datetime(2026, 3, 6, 10, tzinfo=UTC)


def reach(enrolment: Enrolment, metric: Metric, now: datetime, value: float = 78, **extra: Any) -> None:
    reading = NewReading(enrolment.customer_id, metric.pk, extra.pop("at", READ_AT), value, "r1")
    judging.record([reading], organisation=enrolment.organisation, source="test", now=now, **extra)


def gather(organisation: Organisation, now: datetime) -> int:
    return celebrating.gather(organisation=organisation, now=now)


def post_due(organisation: Organisation, now: datetime, **extra: Any) -> int:
    return celebrating.post_due(organisation=organisation, now=now, **extra)


def sweep(organisation: Organisation, now: datetime) -> int:
    """One round of the post loop."""
    gather(organisation, now)
    return post_due(organisation, now)


def mails() -> list[Delivery]:
    return list(Delivery.objects.filter(purpose="celebration").order_by("id"))


def verbs() -> list[str]:
    return [
        verb for verb in Event.objects.order_by("id").values_list("verb", flat=True) if "celebrat" in verb
    ]


def held(in_harbour: Organisation, enrolment: Enrolment, metric: Metric, now: datetime) -> Celebration:
    reach(enrolment, metric, now)
    gather(in_harbour, now)
    return Celebration.objects.get()


def edit(row: Celebration, by: User, now: datetime, **fields: Any) -> Celebration:
    given = {"fact": row.fact, "personal_line": "", "guests": list(row.guests.all())} | fields
    return celebrating.edit(celebration=row, by=by, now=now, **given)


def asked_and_reached(organisation: Organisation, mara: User, now: datetime) -> tuple[Enrolment, Ask]:
    """m3 is reached by a claim, and Amara has the question."""
    enrolment = make_asking_enrolment(organisation, owner=mara)
    verifying.claim(
        enrolment=enrolment, milestone=milestone(enrolment, "m3"), statement="10 of 11 depots", number=10,
        reached_at=now, by=mara, now=now,
    )  # fmt: skip
    return enrolment, Ask.objects.get()


def contest(ask: Ask, now: datetime) -> Any:
    return verifying.contest(ask=ask, link=make_link(ask, now=now), words="Not in Gdynia", now=now)


def crowd(organisation: Organisation, metric: Metric, count: int, now: datetime) -> None:
    journey = factories.make_journey(organisation, slug=f"crowd-{count}", metric=metric, hold_hours=0)
    readings = []
    for number in range(count):
        customer = factories.make_customer(organisation, f"Customer {count} {number}")
        factories.make_contact(customer, f"Person {number}", is_primary=True)
        factories.make_enrolment(customer, journey)
        readings.append(NewReading(customer.pk, metric.pk, READ_AT, 78))
    judging.record(readings, organisation=organisation, source="test", now=now)


def queries(run: Any) -> int:
    with CaptureQueriesContext(connection) as captured:
        run()
    return len(captured)
