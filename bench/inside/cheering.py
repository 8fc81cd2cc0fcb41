"""python -m bench.inside.cheering N: from a reading to its achievement, and to a mail that was taken.

The stack runs beside us; we only bring the reading in and look at the outbox.
"""

import sys
import time

from django.utils import timezone

from bench.inside import tell
from bench.inside.organisation import fill, found
from customers.models import Customer, Metric
from customers.recording import NewReading
from milestones.judging import judge, record
from organisations import tenancy
from organisations.models import Organisation
from post.models import Delivery

PATIENCE_SECONDS, LOOK_SECONDS = 30.0, 0.01
NONE_YET = 6  # one customer in so many has reached nothing yet


def cheer(count: int) -> dict[str, list[float]]:
    organisation, journey = found("cheering", hold_hours=0)
    with tenancy.within(organisation):
        fill(organisation, journey, (count + 1) * NONE_YET)
        judge(organisation=organisation, customer_ids=None, now=timezone.now(), history=True)
        waiting = list(Customer.objects.filter(enrolments__achieved_count=0).order_by("pk")[: count + 1])
        metric = Metric.objects.get(key="score-1")
    achieved, accepted = [], []
    for number, customer in enumerate(waiting):
        time.sleep(0.137 * (number % 10))  # at any moment of the loop's two seconds
        began = time.perf_counter()
        _read(organisation, customer, metric)
        achieved.append(time.perf_counter() - began)
        committed = time.perf_counter()
        _wait_for_mail(organisation, customer)
        accepted.append(time.perf_counter() - committed)
    return {"achieved": achieved[1:], "accepted": accepted[1:]}  # the first one warms everything up


def _read(organisation: Organisation, customer: Customer, metric: Metric) -> None:
    now = timezone.now()
    reading = NewReading(customer.pk, metric.pk, now, 60.0)
    with tenancy.within(organisation):
        outcome = record([reading], organisation=organisation, source="bench", now=now)
    assert len(outcome.judged.achieved) == 1, "the reading reaches one milestone"


def _wait_for_mail(organisation: Organisation, customer: Customer) -> None:
    end = time.perf_counter() + PATIENCE_SECONDS
    while time.perf_counter() < end:
        with tenancy.within(organisation):
            if Delivery.objects.filter(customer_id=customer.pk, state=Delivery.State.SENT).exists():
                return
        time.sleep(LOOK_SECONDS)
    raise AssertionError(f"no mail after {PATIENCE_SECONDS:g} s")


if __name__ == "__main__":
    tell(cheer(int(sys.argv[1])))
