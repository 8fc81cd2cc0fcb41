"""Levels that were agreed with some customers: how far beyond or below what they expected they came."""

from datetime import timedelta
from typing import Any

from bosai.demo.harbour.stage import Stage
from customers import grading
from customers.measuring import Progress, progress_of
from customers.models import Outcome

AGREED_AFTER = 21  # days after it was written down
MOST = 24
# How much of the way each level is: where it began, half of it, what is expected, and beyond it.
WAYS = {"much_less": 0.0, "less": 0.5, "expected": 1.0, "more": 1.2, "much_more": 1.4}
REACHED = ((1.4, 2), (1.2, 1), (0.9, 0), (0.4, -1))


def agree_on_levels(stage: Stage) -> None:
    """With those whose outcome has a metric, and who have been with us for a while."""
    long_ago = stage.calendar.ago(120, 12)
    rows = Outcome.objects.standing().filter(
        baseline__isnull=False, target__isnull=False, created_at__lt=long_ago
    )
    found = list(rows.select_related("organisation", "customer__owner", "metric").order_by("pk")[:MOST])
    progress = progress_of(found)
    for outcome in found:
        if outcome.customer.owner and outcome.metric and outcome.target != outcome.baseline:
            _agree(stage, outcome, progress.get(outcome.pk))


def _agree(stage: Stage, outcome: Outcome, progress: Progress | None) -> None:
    owner, zone = outcome.customer.owner, stage.calendar.zone
    assert owner is not None
    assert outcome.baseline is not None
    assert outcome.target is not None
    at = outcome.created_at + timedelta(days=AGREED_AFTER)
    way = outcome.target - outcome.baseline
    values: dict[str, Any] = {
        name: _words(outcome, outcome.baseline + share * way) for name, share in WAYS.items()
    }
    values |= {"weight": 1, "agreed_on": at.astimezone(zone).date()}
    scale = grading.agree(outcome=outcome, values=values, by=owner, now=at)
    if progress is None or progress.value is None or progress.at is None or progress.at <= at:
        return
    done = (progress.value - outcome.baseline) / way
    level = next((level for least, level in REACHED if done >= least), -2)
    grading.note_level(
        scale=scale,
        level=level,
        on=progress.at.astimezone(zone).date(),
        evidence=_words(outcome, progress.value),
        by=owner,
        now=progress.at,
    )


def _words(outcome: Outcome, value: float) -> str:
    assert outcome.metric is not None
    return f"{outcome.metric.name}: {value:.3g} {outcome.metric.unit}".strip()
