"""The next call: planned, moved, skipped, and found again when a call is logged."""

from datetime import datetime, time, timedelta

from django.db import transaction

from coaching.models import Call, Touchpoint
from coaching.scheduling.alone import alone_with
from customers.models import Customer
from organisations.models import Organisation, User


class CallInPast(ValueError):
    """A call is planned before it is held."""


def plan(
    *,
    organisation: Organisation,
    customer: Customer,
    owner: User,
    due_at: datetime,
    by: User,
    now: datetime,
    purpose: str = "",
) -> Touchpoint:
    """Plan the owner's next call with a customer. There is one: planning again moves it.

    Raises CallInPast.
    """
    if due_at <= now:
        raise CallInPast
    with transaction.atomic():
        alone_with(customer)
        planned = Touchpoint.objects.planned().filter(customer=customer, owner=owner).soonest_first().last()
        if planned is None:
            planned = Touchpoint(organisation=organisation, customer=customer, owner=owner)
        purpose = purpose or planned.purpose
        if (planned.due_at, planned.purpose) == (due_at, purpose):
            return planned
        planned.due_at, planned.purpose = due_at, purpose
        planned.save()
        organisation.log(
            "touchpoint_planned",
            by=by,
            now=now,
            subject=planned,
            customer_id=customer.pk,
            due_at=due_at.isoformat(),
        )
    return planned


def skip(*, touchpoint: Touchpoint, by: User, now: datetime) -> Touchpoint:
    """A planned call will not be held. One that is no longer planned stays as it is."""
    with transaction.atomic():
        kept = Touchpoint.objects.select_for_update(of=("self",)).select_related("organisation")
        touchpoint = kept.get(pk=touchpoint.pk)
        if touchpoint.state == Touchpoint.State.PLANNED:
            touchpoint.state = Touchpoint.State.SKIPPED
            touchpoint.save(update_fields=["state"])
            touchpoint.organisation.log(
                "touchpoint_skipped", by=by, now=now, subject=touchpoint, customer_id=touchpoint.customer_id
            )
    return touchpoint


def hold(*, call: Call, now: datetime) -> None:
    """Find the planned call this one was: the coach's own, else whoever's, last due by the end of its day.

    What should have happened before did not: the coach's own, and everybody's of earlier days. What a
    colleague planned for the same day stays planned.
    """
    zone = call.organisation.tzinfo
    morning = datetime.combine(call.held_at.astimezone(zone).date(), time(), tzinfo=zone)
    midnight = datetime.combine(morning.date() + timedelta(days=1), time(), tzinfo=zone)
    planned = Touchpoint.objects.planned().filter(customer_id=call.customer_id)
    due = list(planned.due_before(midnight).soonest_first())
    if not due:
        return
    own = [touchpoint for touchpoint in due if touchpoint.owner_id == call.by_id]
    held = (own or due)[-1]
    held.state, held.call = Touchpoint.State.HELD, call
    held.save(update_fields=["state", "call"])
    for touchpoint in due:
        if touchpoint is not held and (touchpoint.due_at < morning or touchpoint in own):
            skip(touchpoint=touchpoint, by=call.by, now=now)
