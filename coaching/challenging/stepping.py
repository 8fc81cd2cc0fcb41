"""The steps against an open challenge are ticked one by one."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coaching.alone import alone_with
from coaching.challenging.faults import NotPossible
from coaching.models import ChallengeStep
from customers.models import Customer
from organisations.models import User


def tick(*, step: ChallengeStep, by: User, now: datetime) -> ChallengeStep:
    """It is done. Ticked before: nothing changes. Raises NotPossible when its challenge is closed."""
    return _mark(step, by=by, now=now, is_done=True)


def untick(*, step: ChallengeStep, by: User, now: datetime) -> ChallengeStep:
    """It is not done after all. Raises NotPossible when its challenge is closed."""
    return _mark(step, by=by, now=now, is_done=False)


def done_in_call(*, customer: Customer, steps: Collection[int], by: User, now: datetime) -> None:
    """Tick those of this customer's that are still to do; what was ticked or closed meanwhile stays."""
    if not steps:
        return
    rows = ChallengeStep.objects.pending().filter(challenge__customer=customer, pk__in=steps)
    for step in rows.select_related("challenge__customer").order_by("id"):
        tick(step=step, by=by, now=now)


def _mark(step: ChallengeStep, *, by: User, now: datetime, is_done: bool) -> ChallengeStep:
    with transaction.atomic():
        alone_with(step.challenge.customer)
        rows = ChallengeStep.objects.select_related("organisation", "challenge")
        row: ChallengeStep = rows.get(pk=step.pk)
        if row.is_done == is_done:
            return row
        if not row.challenge.is_open:
            raise NotPossible(_("This challenge is closed. Open it again, then change its steps."))
        row.done_at, row.done_by = (now, by) if is_done else (None, None)
        row.save(update_fields=["done_at", "done_by"])
        verb = "challenge_step_done" if is_done else "challenge_step_undone"
        row.organisation.log(
            verb,
            by=by,
            now=now,
            subject=row,
            customer_id=row.challenge.customer_id,
            challenge_id=row.challenge_id,
        )
    return row
