"""Customers set out on a journey, and leave it.

An enrolment is pinned to the version in force when it begins. Whatever already meets a criterion counts from
the first moment: enrolling, and changing the start, ends with the judge.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime, time
from itertools import batched
from typing import Any

from django.db import transaction
from django.db.models import DateTimeField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from customers.models import Customer, Segment
from milestones import judging, pausing, standing
from milestones.clocks import target_day
from milestones.enrolment_events import log_each
from milestones.models import Enrolment, Journey
from organisations.models import Organisation, User

CHUNK = 1000
WHY_LENGTH = 200


class NotPublished(Exception):
    """Nobody can set out on a journey that has no published version."""


class NotOpen(Exception):
    """The enrolment has ended already."""


class NoReason(ValueError):
    """An enrolment ends for a reason, said in at most 200 characters."""


def midnight(organisation: Organisation, day: date) -> datetime:
    """When that day begins where the organisation is; in UTC, since a local time may not exist that day."""
    return datetime.combine(day, time(), tzinfo=organisation.tzinfo).astimezone(UTC)


def candidates(*, journey: Journey, text: str = "", segment: Segment | None = None) -> QuerySet[Customer]:
    """Customers who may set out, by name; `on_it_since` is when those began who are on the journey."""
    rows = Customer.objects.current().matching(text) if text else Customer.objects.current()
    if segment:
        rows = rows.filter(segment=segment)
    now_on_it = Enrolment.objects.open().filter(journey=journey, customer=OuterRef("pk"))
    began = now_on_it.values_list(Coalesce("started_at", "enrolled_at"))
    since = Subquery(began[:1], output_field=DateTimeField())
    return rows.select_related("segment").annotate(on_it_since=since).order_by("name", "pk")


def enrol(
    *,
    organisation: Organisation,
    customers: Iterable[Customer],
    journey: Journey,
    started_on: date | None,
    by: User | None,
    now: datetime,
    history: bool = False,
) -> list[Enrolment]:
    """Set customers out on the journey's published version, all with one start; return the new enrolments.

    Who is on the journey already stays as they are. `history` keeps what they have reached by now from being
    celebrated by itself. Raises NotPublished.
    """
    return enrol_each(
        organisation=organisation,
        journey=journey,
        starts={customer.pk: started_on for customer in customers},
        by=by,
        now=now,
        history=history,
    )


def enrol_each(
    *,
    organisation: Organisation,
    journey: Journey,
    starts: Mapping[int, date | None],
    by: User | None,
    now: datetime,
    history: bool = False,
) -> list[Enrolment]:
    """Set customers out, each (by id) with a start of their own. Else as `enrol`."""
    with transaction.atomic():
        journey = Journey.objects.select_for_update().get(pk=journey.pk)
        version = journey.current_version()
        if version is None:
            raise NotPublished
        first = version.milestones.order_by("position").first()
        on_it = _on_it(journey, starts)
        enrolments = [
            Enrolment(
                organisation=organisation,
                customer_id=customer_id,
                journey=journey,
                version=version,
                enrolled_at=now,
                enrolled_by=by,
                current=first,
                current_key=first.key if first else "",
                due_on=target_day(started_on, first.target_days, ()) if first else None,
                **_start(organisation, started_on, otherwise=now),
            )
            for customer_id, started_on in starts.items()
            if customer_id not in on_it
        ]
        Enrolment.objects.bulk_create(enrolments, batch_size=CHUNK)
        log_each(organisation, enrolments, "enrolled", by=by, now=now)
        who = [enrolment.customer_id for enrolment in enrolments]
        judging.judge(organisation=organisation, customer_ids=who, now=now, by=by, history=history)
    return enrolments


def _on_it(journey: Journey, customer_ids: Iterable[int]) -> set[int]:
    """Who of these customers is on the journey already."""
    open_ones = journey.enrolments.open()
    return {
        customer_id
        for some in batched(customer_ids, CHUNK)
        for customer_id in open_ones.filter(customer__in=some).values_list("customer_id", flat=True)
    }


def end(
    *, enrolment: Enrolment, why: str, by: User | None, now: datetime, keep_judging: bool = True
) -> Enrolment:
    """Take a customer off a journey. What they reach afterwards still counts, unless the reason says not to:
    then it never was theirs, and what they have reached on it is withdrawn for that reason.

    Raises NotOpen, NoReason.
    """
    why = why.strip()
    if not 0 < len(why) <= WHY_LENGTH:
        raise NoReason
    with transaction.atomic():
        enrolment = _locked(enrolment)
        if enrolment.ended_at:
            raise NotOpen
        enrolment.ended_at, enrolment.ended_why, enrolment.is_judged = now, why, keep_judging
        enrolment.edited |= dict.fromkeys(("ended_on", "ended_why"), now.isoformat())
        enrolment.save(update_fields=["ended_at", "ended_why", "is_judged", "edited"])
        pausing.end_with([enrolment], organisation=enrolment.organisation, by=by, now=now)
        _log(enrolment, "enrolment_ended", by=by, now=now, why=why)
        if not keep_judging:
            judging.withdraw_all([enrolment], organisation=enrolment.organisation, why=why, by=by, now=now)
    return enrolment


def end_each(
    *, organisation: Organisation, enrolment_ids: Collection[int], why: str, by: User | None, now: datetime
) -> list[Enrolment]:
    """Take several off their journeys for one reason; those who are off already stay as they are.

    What they reach afterwards still counts. Raises NoReason.
    """
    why = why.strip()
    if not 0 < len(why) <= WHY_LENGTH:
        raise NoReason
    with transaction.atomic():
        rows = Enrolment.objects.open().select_for_update(of=("self",))
        enrolments = list(rows.filter(pk__in=enrolment_ids).order_by("pk"))
        for enrolment in enrolments:
            enrolment.ended_at, enrolment.ended_why = now, why
            enrolment.edited |= dict.fromkeys(("ended_on", "ended_why"), now.isoformat())
        Enrolment.objects.bulk_update(enrolments, ["ended_at", "ended_why", "edited"], batch_size=CHUNK)
        pausing.end_with(enrolments, organisation=organisation, by=by, now=now)
        log_each(organisation, enrolments, "enrolment_ended", by=by, now=now, why=why)
    return enrolments


def change_start(
    *, enrolment: Enrolment, started_on: date | None, by: User | None, now: datetime
) -> Enrolment:
    """Give an enrolment another start, or none, and judge it again: only what came since then counts.

    Raises NotOpen.
    """
    with transaction.atomic():
        enrolment = _locked(enrolment)
        if enrolment.ended_at:
            raise NotOpen
        before = enrolment.started_on
        if before == started_on:
            return enrolment
        enrolment.started_on = started_on
        enrolment.started_at = midnight(enrolment.organisation, started_on) if started_on else None
        enrolment.edited["started_on"] = now.isoformat()
        enrolment.save(update_fields=["started_on", "started_at", "edited"])
        _log(enrolment, "start_changed", by=by, now=now, **{"from": _said(before), "to": _said(started_on)})
        judging.judge(
            organisation=enrolment.organisation,
            customer_ids=[enrolment.customer_id],
            now=now,
            by=by,
            why_gone="start changed",
        )
        standing.keep(enrolment.organisation, [enrolment.pk])
    enrolment.refresh_from_db()
    return enrolment


def _start(
    organisation: Organisation, started_on: date | None, *, otherwise: datetime
) -> dict[str, date | datetime | None]:
    started_at = midnight(organisation, started_on) if started_on else None
    return {"started_on": started_on, "started_at": started_at, "moved_at": started_at or otherwise}


def _locked(enrolment: Enrolment) -> Enrolment:
    rows = Enrolment.objects.select_for_update(of=("self",)).select_related("organisation")
    return rows.get(pk=enrolment.pk)


def _said(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _log(enrolment: Enrolment, verb: str, *, by: User | None, now: datetime, **data: Any) -> None:
    enrolment.organisation.log(
        verb,
        by=by,
        now=now,
        subject=enrolment,
        customer_id=enrolment.customer_id,
        journey_id=enrolment.journey_id,
        **data,
    )
