"""Rules that name a sign of growth. What they found stays when they change."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from advocacy.expanding.faults import Incomplete
from advocacy.models import ExpansionRule
from organisations.models import Organisation, User

FIELDS = ("name", "metric", "operator", "threshold", "need_days")


def save_rule(
    *,
    organisation: Organisation,
    values: Mapping[str, Any],
    by: User,
    now: datetime,
    rule: ExpansionRule | None = None,
) -> ExpansionRule:
    """A new rule, or another state of one. Raises Incomplete (the name is another rule's)."""
    with transaction.atomic():
        row: ExpansionRule = rule or ExpansionRule(organisation=organisation)
        for name in FIELDS:
            setattr(row, name, values[name])
        row.saved_at, row.saved_by, row.retired_at = now, by, None
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as error:
            words = _("Another rule is called “%(name)s”. Change that one, or give this another name.")
            raise Incomplete("name", words % {"name": values["name"]}) from error
        organisation.log("expansion_rule_saved", by=by, now=now, subject=row, metric_id=row.metric_id)
    return row


def retire_rule(*, rule: ExpansionRule, by: User, now: datetime) -> None:
    """It finds nothing more; what it found stays. Again changes nothing."""
    with transaction.atomic():
        if ExpansionRule.objects.in_force().filter(pk=rule.pk).update(retired_at=now):
            rule.organisation.log(
                "expansion_rule_retired", by=by, now=now, subject=rule, metric_id=rule.metric_id
            )
