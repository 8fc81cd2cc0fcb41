"""How far customers are on the way to what they want to reach: where it began, where it is, where it ends.

Read from the newest readings. Without a reading since the beginning, or without both ends, it says that it
cannot tell; it never guesses.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from customers.models import LatestReading, Outcome, Reading


@dataclass(frozen=True)
class Progress:
    """One outcome's metric, as it stands now."""

    outcome: Outcome
    value: float | None
    """The newest reading since the baseline; none when there is none."""
    at: datetime | None

    @property
    def share(self) -> float | None:
        """How much of the way is done, 0 to 1; none when that cannot be told."""
        way = self._way
        if way is None or self.value is None or self.outcome.baseline is None:
            return None
        return min(1.0, max(0.0, (self.value - self.outcome.baseline) / way))

    @property
    def percent(self) -> int:
        return round((self.share or 0) * 100)

    @property
    def words(self) -> str:
        if self.value is None:
            return _("Cannot tell yet: no reading since the beginning.")
        if self._way is None:
            return _("Cannot tell yet: where it began, or where it shall be, is not written down.")
        share = self.share or 0.0
        if share >= 1:
            return _("The target is reached.")
        if share <= 0:
            return _("Not nearer to the target than at the beginning.")
        return _("%(percent)d%% of the way.") % {"percent": self.percent}

    @property
    def baseline_said(self) -> str:
        return self._said(self.outcome.baseline)

    @property
    def now_said(self) -> str:
        return self._said(self.value)

    @property
    def target_said(self) -> str:
        return self._said(self.outcome.target)

    @property
    def _way(self) -> float | None:
        begins, ends = self.outcome.baseline, self.outcome.target
        return None if begins is None or ends is None or begins == ends else ends - begins

    def _said(self, value: float | None) -> str:
        return self.outcome.metric.said(value) if self.outcome.metric else ""


def progress_of(outcomes: Iterable[Outcome]) -> dict[int, Progress]:
    """Of those that are measured, by the outcome's id, in one query. Give them with their metric loaded."""
    measured = [outcome for outcome in outcomes if outcome.metric_id]
    if not measured:
        return {}
    rows = LatestReading.objects.filter(
        customer__in={each.customer_id for each in measured}, metric__in={each.metric_id for each in measured}
    )
    newest = {(row.customer_id, row.metric_id): row for row in rows}
    return {
        each.pk: progress_from(each, newest.get((each.customer_id, each.metric_id or 0))) for each in measured
    }


def progress_from(outcome: Outcome, row: LatestReading | Reading | None) -> Progress:
    """How far they are by the newest reading, if that is known already."""
    since = outcome.baseline_on
    if row is None or (since is not None and localtime(row.at).date() < since):
        return Progress(outcome, None, None)
    return Progress(outcome, row.value, row.at)
