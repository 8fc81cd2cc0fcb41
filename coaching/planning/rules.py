"""Write down how often customers are spoken with, and what a call counts for."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from coaching.alone import alone_in
from coaching.models import CadenceRule, PlanWeights
from customers.models import Segment
from organisations.models import Organisation, User

WEIGHTS = ("stuck", "behind", "on_track", "paused", "past_target", "near_target", "value", "overdue")


def set_rule(
    *,
    organisation: Organisation,
    segment: Segment | None,
    stage: str,
    risk: str,
    values: Mapping[str, Any],
    by: User,
    now: datetime,
) -> CadenceRule:
    """For customers like these from now on: `every_days` (None: no calls), `minutes`, `channel`.

    What was said of the same customers before is replaced.
    """
    with transaction.atomic():
        alone_in(organisation)
        rule, _made = CadenceRule.objects.update_or_create(
            organisation=organisation,
            segment=segment,
            stage=stage,
            risk=risk,
            defaults={**values, "written_at": now},
        )
        organisation.log("cadence_rule_set", by=by, now=now, subject=rule, every_days=rule.every_days)
    return rule


def drop_rule(*, rule: CadenceRule, by: User, now: datetime) -> None:
    """It holds no more. What came due by it stays due."""
    with transaction.atomic():
        rule.organisation.log("cadence_rule_dropped", by=by, now=now, subject=rule)
        rule.delete()


def set_weights(
    *, organisation: Organisation, values: Mapping[str, int], by: User, now: datetime
) -> PlanWeights:
    """What counts how much from now on; the same again changes nothing."""
    with transaction.atomic():
        alone_in(organisation)
        weights = weights_of(organisation)
        changed = [name for name in WEIGHTS if name in values and getattr(weights, name) != values[name]]
        for name in changed:
            setattr(weights, name, values[name])
        if changed:
            weights.save()
            organisation.log("plan_weights_set", by=by, now=now, subject=weights, fields=changed)
    return weights


def weights_of(organisation: Organisation) -> PlanWeights:
    """Those that were set, else the usual ones, not stored."""
    return PlanWeights.objects.first() or PlanWeights(organisation=organisation)
