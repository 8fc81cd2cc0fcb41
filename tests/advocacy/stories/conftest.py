"""Kestrel Freight, two readings in, its first milestone reached."""

from datetime import datetime, timedelta

import pytest

from customers.models import Metric
from milestones.models import Enrolment
from organisations.models import Organisation
from tests import factories
from tests.advocacy.loop import READ_AT, reach


@pytest.fixture
def reached(in_harbour: Organisation, enrolment: Enrolment, metric: Metric, now: datetime) -> Enrolment:
    factories.make_outcome(enrolment.customer, "Every depot opens with yesterday’s numbers.")
    before = READ_AT - timedelta(days=60)
    factories.make_reading(enrolment.customer, metric, 12, at=before)
    reach(enrolment, metric, now)
    return enrolment
