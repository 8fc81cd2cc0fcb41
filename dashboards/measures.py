"""How far a customer is with an outcome that has a number, as their page draws it."""

from collections.abc import Sequence
from dataclasses import dataclass

from customers.measuring import Progress, progress_from
from customers.models import Metric, Outcome, Reading

READINGS = 40


@dataclass(frozen=True)
class Measure:
    """The first outcome's metric: its newest readings, oldest first, against where it began and the goal."""

    progress: Progress
    metric: Metric
    readings: Sequence[Reading]

    @property
    def values(self) -> list[float]:
        return [reading.value for reading in self.readings]

    @property
    def newest(self) -> Reading | None:
        return self.readings[-1] if self.readings else None

    @property
    def target(self) -> float | None:
        return self.progress.outcome.target

    @property
    def now_said(self) -> str:
        return self.metric.said(self.newest.value) if self.newest else ""


def measure_of(outcome: Outcome) -> Measure | None:
    """None for an outcome that no metric measures."""
    if outcome.metric is None:
        return None
    rows = Reading.objects.standing().filter(customer=outcome.customer_id, metric=outcome.metric)
    newest = list(rows.order_by("-at", "-pk")[:READINGS])
    return Measure(progress_from(outcome, newest[0] if newest else None), outcome.metric, newest[::-1])
