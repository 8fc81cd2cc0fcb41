"""Which outcome of a customer a milestone of theirs serves: what it is for, never whether it is reached."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from customers.models import Outcome
from milestones.models import Aim, Enrolment, Milestone
from organisations.models import User


class CannotServe(ValueError):
    """The outcome is another customer's, or retired; or the milestone lies on another journey."""


def aim(
    *, enrolment: Enrolment, milestone: Milestone, outcome: Outcome | None, by: User | None, now: datetime
) -> Aim | None:
    """Say which outcome this milestone serves; None: none in particular. Raises CannotServe."""
    if milestone.version_id != enrolment.version_id:
        raise CannotServe(_("This milestone is not part of the customer's journey."))
    if outcome is not None and outcome.customer_id != enrolment.customer_id:
        raise CannotServe(_("Choose an outcome of this customer."))
    if outcome is not None and not outcome.is_standing:
        raise CannotServe(_("This outcome is retired. Choose one that is still wanted."))
    with transaction.atomic():
        about: dict[str, Any] = {"organisation_id": enrolment.organisation_id, "enrolment": enrolment}
        about |= {"milestone_key": milestone.key}
        before = Aim.objects.select_for_update().filter(**about).first()
        if (before.outcome_id if before else None) == (outcome.pk if outcome else None):
            return before
        if outcome is None:
            Aim.objects.filter(**about).delete()
            row = None
        else:
            given = {"outcome": outcome, "set_at": now, "set_by": by}
            row, _is_new = Aim.objects.update_or_create(**about, defaults=given)
        enrolment.organisation.log(
            "milestone_aimed",
            by=by,
            now=now,
            subject=enrolment,
            customer_id=enrolment.customer_id,
            milestone_id=milestone.pk,
            outcome_id=outcome.pk if outcome else None,
        )
    return row


def served_by(enrolments: Collection[Enrolment]) -> Mapping[int, Mapping[str, Outcome]]:
    """Which standing outcome each milestone serves: enrolment id → milestone's key → outcome. One query."""
    found: dict[int, dict[str, Outcome]] = defaultdict(dict)
    ids = [enrolment.pk for enrolment in enrolments]
    rows = Aim.objects.filter(enrolment__in=ids, outcome__retired_at=None) if ids else Aim.objects.none()
    for row in rows.select_related("outcome"):
        found[row.enrolment_id][row.milestone_key] = row.outcome
    return found
