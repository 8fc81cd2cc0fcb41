"""Many rows in one statement: each value as its column keeps it, whatever Python calls it."""

import pytest

from customers.models import Metric, Reading
from organisations.inserting import insert
from tests import factories

pytestmark = pytest.mark.django_db
FIELDS = (
    "organisation_id", "customer_id", "metric_id", "at", "recorded_at", "value", "source", "external_id",
    "is_standing",
)  # fmt: skip


def test_whole_and_broken_numbers_stand_side_by_side(in_harbour, now):
    customer = factories.make_customer(in_harbour)
    metric = Metric.objects.create(organisation=in_harbour, key="runs", name="Runs")
    rows = [
        (in_harbour.pk, customer.pk, metric.pk, now, now, value, "test", f"r{number}", True)
        for number, value in enumerate([3, 2.5, 4])
    ]
    insert(Reading, FIELDS, rows)
    assert [*Reading.objects.order_by("external_id").values_list("value", flat=True)] == [3.0, 2.5, 4.0]
