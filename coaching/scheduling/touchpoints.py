"""The next call: planned, moved, skipped, and found again when a call is logged."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction

from coaching import inviting
from coaching.alone import alone_with
from coaching.models import Call, Touchpoint
from customers.models import Contact, Customer
from organisations.models import Organisation, User


class CallInPast(ValueError):
    """A call is planned before it is held."""


class OtherPlanned(ValueError):
    """Meanwhile they planned another call with this customer."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How a planned call is to be. What is None stays as it is; `invite` names all who are asked to it."""

    minutes: int | None = None
    place: str | None = None
    invite: Collection[Contact] | None = None


def plan(
    *,
    organisation: Organisation,
    customer: Customer,
    owner: User,
    due_at: datetime,
    by: User,
    now: datetime,
    purpose: str = "",
    terms: Terms | None = None,
) -> Touchpoint:
    """Plan the owner's next call with a customer. There is one: planning again moves it.

    Who is invited hears what changes. Raises CallInPast, inviting.CannotInvite.
    """
    terms = terms or Terms()
    if due_at <= now:
        raise CallInPast
    with transaction.atomic():
        alone_with(customer)
        planned = Touchpoint.objects.planned().filter(customer=customer, owner=owner).soonest_first().last()
        if planned is None:
            planned = Touchpoint(organisation=organisation, customer=customer, owner=owner)
        fields = {
            "due_at": due_at,
            "purpose": purpose or planned.purpose,
            "minutes": terms.minutes or planned.minutes,
            "place": planned.place if terms.place is None else terms.place,
        }
        if planned.pk is None or any(getattr(planned, name) != value for name, value in fields.items()):
            _write(planned, fields, by=by, now=now)
        inviting.follow(touchpoint=planned, now=now, by=by)
        if terms.invite is not None:
            inviting.ask(touchpoint=planned, contacts=terms.invite, by=by, now=now)
    return planned


def plan_next(*, call: Call, due_at: datetime | None, terms: Terms | None, now: datetime) -> None:
    """As was agreed in a call, by whoever held it; None: nothing was."""
    if due_at is None:
        return
    organisation, customer = call.organisation, call.customer
    plan(
        organisation=organisation,
        customer=customer,
        owner=call.by,
        due_at=due_at,
        by=call.by,
        now=now,
        terms=terms,
    )


def _write(planned: Touchpoint, fields: Mapping[str, Any], *, by: User, now: datetime) -> None:
    for name, value in fields.items():
        setattr(planned, name, value)
    planned.save()
    planned.organisation.log(
        "touchpoint_planned",
        by=by,
        now=now,
        subject=planned,
        customer_id=planned.customer_id,
        due_at=planned.due_at.isoformat(),
    )


def skip(*, touchpoint: Touchpoint, by: User, now: datetime) -> Touchpoint:
    """A planned call will not be held: who is invited hears it. One no longer planned stays as it is."""
    with transaction.atomic():
        kept = Touchpoint.objects.select_for_update(of=("self",)).select_related("organisation")
        touchpoint = kept.get(pk=touchpoint.pk)
        if touchpoint.state == Touchpoint.State.PLANNED:
            touchpoint.state = Touchpoint.State.SKIPPED
            touchpoint.save(update_fields=["state"])
            touchpoint.organisation.log(
                "touchpoint_skipped", by=by, now=now, subject=touchpoint, customer_id=touchpoint.customer_id
            )
            inviting.follow(touchpoint=touchpoint, now=now, by=by)
    return touchpoint


def bring_back(*, touchpoint: Touchpoint, by: User, now: datetime) -> Touchpoint:
    """A call that was called off is on after all, and who was told hears that too.

    Raises CallInPast, OtherPlanned.
    """
    with transaction.atomic():
        alone_with(touchpoint.customer)
        kept = Touchpoint.objects.select_related("organisation", "owner", "customer")
        touchpoint = kept.get(pk=touchpoint.pk)
        if touchpoint.state != Touchpoint.State.SKIPPED:
            return touchpoint
        if touchpoint.due_at <= now:
            raise CallInPast
        same = Touchpoint.objects.planned().filter(customer=touchpoint.customer, owner=touchpoint.owner)
        if same.exists():
            raise OtherPlanned
        touchpoint.state = Touchpoint.State.PLANNED
        touchpoint.save(update_fields=["state"])
        touchpoint.organisation.log(
            "touchpoint_returned", by=by, now=now, subject=touchpoint, customer_id=touchpoint.customer_id
        )
        inviting.ask_again(touchpoint=touchpoint, by=by, now=now)
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
    inviting.follow(touchpoint=held, now=now, by=call.by)
    for touchpoint in due:
        if touchpoint is not held and (touchpoint.due_at < morning or touchpoint in own):
            skip(touchpoint=touchpoint, by=call.by, now=now)
