"""Freeze how a journey stood on a day. What is frozen never changes; another day makes another baseline."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from milestones.models import Baseline, BaselineRate, Journey
from organisations.models import Organisation, User


class NotFrozen(ValueError):
    """There is nothing to freeze on that day, or it is frozen already; the text says which."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """One milestone on that day."""

    milestone_key: str
    name: str
    position: int
    achieved: int
    of: int
    low: float | None
    high: float | None
    on_time: int
    due: int
    median_days: float | None
    median_n: int
    timeline: dict[str, Any] | None = None
    """How long it took, from the start: counts, quantiles and the curve."""


def freeze(
    *,
    organisation: Organisation,
    journey: Journey,
    on: date,
    rates: Sequence[Frozen],
    enrolled: int,
    brought_in: int,
    definitions: dict[str, str],
    by: User | None,
    now: datetime,
) -> Baseline:
    """Keep the figures of that day for ever. Raises NotFrozen."""
    _check(on, enrolled, today=now.astimezone(organisation.tzinfo).date())
    try:
        with transaction.atomic():
            baseline = Baseline.objects.create(
                organisation=organisation,
                journey=journey,
                on=on,
                frozen_at=now,
                frozen_by=by,
                enrolled=enrolled,
                brought_in=brought_in,
                definitions=definitions,
            )
            BaselineRate.objects.bulk_create(
                BaselineRate(organisation=organisation, baseline=baseline, **asdict(rate)) for rate in rates
            )
            organisation.log(
                "baseline_frozen", by=by, now=now, subject=baseline, journey_id=journey.pk, on=on.isoformat()
            )
    except IntegrityError:
        day = date_format(on)
        raise NotFrozen(
            _("The baseline of %(day)s is frozen already and stays as it is. Freeze another day.")
            % {"day": day}
        ) from None
    return baseline


def _check(on: date, enrolled: int, *, today: date) -> None:
    if on > today:
        raise NotFrozen(_("This day has not come yet."))
    if not enrolled:
        raise NotFrozen(_("Nobody had set out on this journey by then: there is nothing to freeze."))
