"""Kestrel Freight, whose first milestone needs a score of 40."""

import pytest

from customers.models import Customer, Metric
from milestones.models import Enrolment
from organisations.models import Organisation, User
from tests import factories


@pytest.fixture
def metric(in_harbour: Organisation) -> Metric:
    return factories.make_metric(in_harbour)


@pytest.fixture
def customer(in_harbour: Organisation, mara: User) -> Customer:
    row = factories.make_customer(in_harbour, owner=mara)
    factories.make_contact(row, "Amara Okafor", is_primary=True)
    return row


@pytest.fixture
def enrolment(in_harbour: Organisation, customer: Customer, metric: Metric) -> Enrolment:
    journey = factories.make_journey(in_harbour, metric=metric)
    only_first = journey.current_version().milestones.exclude(key="m1")
    for each in only_first:
        each.criteria.update(threshold=1000)
    return factories.make_enrolment(customer, journey)
