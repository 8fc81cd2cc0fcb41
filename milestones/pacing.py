"""Saying by hand after how many days without progress somebody counts as stuck."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from milestones.models import Journey, Patience
from organisations.models import User

MOST_DAYS = 3650


class WrongLimit(ValueError):
    """A limit is a whole number of days, from 1 to `MOST_DAYS`; `key` names the milestone."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def set_limits(*, journey: Journey, limits: Mapping[str, int | None], by: User | None, now: datetime) -> bool:
    """Keep these limits by milestone key ("": the journey's); None takes one away, and it is learned again.

    Returns whether anything changed. Raises WrongLimit; then nothing is kept.
    """
    for key, days in limits.items():
        if days is not None and not 1 <= days <= MOST_DAYS:
            raise WrongLimit(key)
    with transaction.atomic():
        journey = Journey.objects.select_for_update().select_related("organisation").get(pk=journey.pk)
        known = {row.milestone_key: row for row in Patience.objects.filter(journey=journey)}
        before = {key: row.days for key, row in known.items()}
        changed = {key: days for key, days in limits.items() if before.get(key) != days}
        for key, days in changed.items():
            if days is None:
                known[key].delete()
                continue
            row = known.get(key) or Patience(
                organisation=journey.organisation, journey=journey, milestone_key=key
            )
            row.days, row.set_at, row.set_by = days, now, by
            row.save()
        if changed:
            journey.organisation.log(
                "patience_set",
                by=by,
                now=now,
                subject=journey,
                journey_id=journey.pk,
                limits={key or "*": days for key, days in changed.items()},
            )
    return bool(changed)
