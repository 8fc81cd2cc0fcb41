"""Agree on levels of an outcome before it is measured, and note which of them was reached, with evidence.

Never changes levels by which something was measured: what was agreed beforehand stays what was agreed.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from customers.defining import Incomplete, NotPossible
from customers.models import Customer, GoalLevel, GoalScale, Outcome
from customers.models.scales import HIGHEST, LOWEST
from organisations.models import User

WORDS = ("much_less", "less", "expected", "more", "much_more")
AGREED = (*WORDS, "weight", "agreed_on", "agreed_with")


def agree(*, outcome: Outcome, values: Mapping[str, Any], by: User, now: datetime) -> GoalScale:
    """Write down, or change, what `AGREED` says. Raises Incomplete; NotPossible once a level was noted."""
    given = {name: values[name] for name in AGREED if name in values}
    with transaction.atomic():
        _alone(outcome)
        scale = GoalScale.objects.filter(outcome=outcome).first()
        if scale and all(getattr(scale, name) == value for name, value in given.items()):
            return scale
        if scale and GoalLevel.objects.standing().filter(scale=scale).exists():
            raise NotPossible(
                _(
                    "A level was noted by these already, so they stand. Take that back first, or retire the "
                    "outcome and agree on a new one."
                )
            )
        scale = scale or GoalScale(organisation=outcome.organisation, outcome=outcome)
        for name, value in given.items():
            setattr(scale, name, value)
        scale.saved_at, scale.saved_by = now, by
        _check(scale, now)
        scale.save()
        _log(outcome, "levels_agreed", by, now)
    return scale


def note_level(
    *, scale: GoalScale, level: int, on: date, evidence: str, by: User, now: datetime
) -> GoalLevel:
    """On that day it stood there. Raises Incomplete."""
    today = now.astimezone(scale.organisation.tzinfo).date()
    if not LOWEST <= level <= HIGHEST:
        raise Incomplete("level", _("Choose one of the five levels."))
    if on > today:
        raise Incomplete("on", _("That day is still to come. Say when it was so."))
    if on < scale.agreed_on:
        raise Incomplete("on", _("That is before the levels were agreed: they were not measured by then."))
    if not evidence.strip():
        raise Incomplete("evidence", _("Say what shows it: a number, a sentence of theirs, or a link."))
    with transaction.atomic():
        row = GoalLevel.objects.create(
            organisation=scale.organisation,
            scale=scale,
            level=level,
            on=on,
            evidence=evidence.strip(),
            noted_at=now,
            noted_by=by,
        )
        _log(scale.outcome, "level_noted", by, now, level=level)
    return row


def withdraw_level(*, level: GoalLevel, by: User, now: datetime) -> None:
    """It was noted by mistake. Once: again changes nothing."""
    with transaction.atomic():
        rows = GoalLevel.objects.standing().filter(pk=level.pk)
        if rows.update(withdrawn_at=now, withdrawn_by=by):
            _log(level.scale.outcome, "level_withdrawn", by, now, level=level.level)


def _alone(outcome: Outcome) -> None:
    Customer.objects.select_for_update(of=("self",)).only("pk").get(pk=outcome.customer_id)


def _check(scale: GoalScale, now: datetime) -> None:
    for name in WORDS:
        if not getattr(scale, name).strip():
            raise Incomplete(
                name, _("Write down all five levels, or it cannot be told which one was reached.")
            )
    if scale.agreed_on > now.astimezone(scale.organisation.tzinfo).date():
        raise Incomplete("agreed_on", _("That day is still to come. Say when you agreed on it."))


def _log(outcome: Outcome, verb: str, by: User, now: datetime, **data: Any) -> None:
    outcome.organisation.log(verb, by=by, now=now, subject=outcome, customer_id=outcome.customer_id, **data)
