"""Customers set out on the journey of a family that fits each: planned first, then done.

Who is on the base or one of its variants already stays as they are. Where two variants fit equally well,
nobody is enrolled until a person says which.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from customers.models import Customer
from milestones.enrolling import NotPublished, enrol_each
from milestones.fits import Family, Fit, already_in, family_of
from milestones.models import Enrolment, Journey
from organisations.models import Organisation, User

type Decisions = Mapping[str, int]
"""Journey ids by the id of a tie."""


@dataclass(frozen=True, slots=True)
class Line:
    """What becomes of one customer."""

    customer: Customer
    fit: Fit
    on: Journey | None = None
    """Of the family, and therefore they stay."""


@dataclass(frozen=True, slots=True)
class Tie:
    """Customers whom the same variants fit equally well."""

    variants: tuple[Journey, ...]
    customers: tuple[Customer, ...]

    @property
    def id(self) -> str:
        return tie_id(self.variants)


@dataclass(frozen=True)
class Plan:
    family: Family
    lines: tuple[Line, ...]

    @property
    def going(self) -> dict[Journey, list[Customer]]:
        """By journey, in the order of the family, who would set out on it."""
        found: dict[Journey, list[Customer]] = {
            each: [] for each in (self.family.base, *self.family.variants)
        }
        for line in self.lines:
            if line.on is None and line.fit.journey:
                found[line.fit.journey].append(line.customer)
        return found

    @property
    def ties(self) -> list[Tie]:
        tied: dict[tuple[Journey, ...], list[Customer]] = {}
        for line in self.lines:
            if line.on is None and line.fit.journey is None:
                tied.setdefault(line.fit.tied, []).append(line.customer)
        return [Tie(variants, tuple(customers)) for variants, customers in tied.items()]

    @property
    def staying(self) -> list[Line]:
        return [line for line in self.lines if line.on]

    @property
    def mark(self) -> str:
        """Changes with whom anything would happen to, and what."""
        said = sorted(
            (
                line.customer.pk,
                line.fit.journey.pk if line.fit.journey else 0,
                [one.pk for one in line.fit.tied],
            )
            for line in self.lines
            if line.on is None
        )
        return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Assigned:
    enrolments: list[Enrolment]
    plan: Plan
    undecided: int
    """Of ties nobody decided: these customers were not enrolled."""


class Outdated(Exception):
    """Something else would happen by now than what was looked at. Nobody was enrolled."""


def tie_id(variants: Sequence[Journey]) -> str:
    return "-".join(str(one.pk) for one in variants)


def plan(journey: Journey, customers: Iterable[Customer]) -> Plan:
    """Who would get which journey of the family that this one belongs to. Changes nothing."""
    family = family_of(journey)
    given = list(customers)
    on = already_in(family, [each.pk for each in given])
    return Plan(family, tuple(Line(each, family.fit(each), on.get(each.pk)) for each in given))


def enrol_fitting(
    *,
    organisation: Organisation,
    journey: Journey,
    starts: Mapping[int, date | None],
    by: User | None,
    now: datetime,
    history: bool = False,
    decisions: Decisions | None = None,
    mark: str | None = None,
) -> Assigned:
    """Set customers (by id, each with a start) out on what fits each; ties as decided, else not at all.

    `mark` is that of the plan somebody looked at. Raises NotPublished, Outdated.
    """
    with transaction.atomic():
        base = Journey.objects.select_for_update(of=("self",)).get(pk=journey.family.pk)
        if base.current_version() is None:
            raise NotPublished
        customers = Customer.objects.in_bulk(list(starts))
        found = plan(base, [customers[pk] for pk in starts if pk in customers])
        if mark is not None and mark != found.mark:
            raise Outdated
        going, undecided = _decided(found, decisions or {})
        enrolments = []
        for each, some in going.items():
            if some:
                enrolments += enrol_each(
                    organisation=organisation,
                    journey=each,
                    starts={customer.pk: starts[customer.pk] for customer in some},
                    by=by,
                    now=now,
                    history=history,
                )
    return Assigned(enrolments, found, undecided)


def _decided(found: Plan, decisions: Decisions) -> tuple[dict[Journey, list[Customer]], int]:
    """Who goes where, and how many wait for a decision."""
    going, undecided = found.going, 0
    for tie in found.ties:
        chosen = next((one for one in tie.variants if one.pk == decisions.get(tie.id)), None)
        if chosen:
            going[chosen] += tie.customers
        else:
            undecided += len(tie.customers)
    return going, undecided
