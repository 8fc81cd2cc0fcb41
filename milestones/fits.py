"""Which journey of a family fits a customer: the most specific variant, else the base, for everybody.

A family is a base and its variants. Only what is published takes part. Two that fit equally well are a tie,
which a person decides.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from customers.models import Customer
from milestones.models import Enrolment, Journey


@dataclass(frozen=True, slots=True)
class Fit:
    """What fits one customer. `journey` is none where several fit equally well: `tied` are these."""

    journey: Journey | None
    tied: tuple[Journey, ...] = ()


@dataclass(frozen=True, slots=True)
class Family:
    base: Journey
    variants: tuple[Journey, ...]
    """Those that take part: published, and for somebody."""
    aside: tuple[Journey, ...] = ()
    """Variants that take no part: not published, or chosen by hand alone."""

    @property
    def ids(self) -> list[int]:
        return [one.pk for one in (self.base, *self.variants, *self.aside)]

    def fit(self, customer: Customer) -> Fit:
        weights = [(_weight(one, customer), one) for one in self.variants]
        most = max((weight for weight, _one in weights), default=0)
        if not most:
            return Fit(self.base)
        fitting = tuple(one for weight, one in weights if weight == most)
        return Fit(fitting[0]) if len(fitting) == 1 else Fit(None, fitting)


def family_of(journey: Journey) -> Family:
    """The family of a base or of a variant, in one statement for its variants."""
    base = journey.family
    published = set(Journey.objects.published().filter(base=base).values_list("pk", flat=True))
    every = list(base.variants.select_related("for_segment").order_by("name", "pk"))
    taking_part = [one for one in every if one.pk in published and has_rule(one)]
    return Family(base, tuple(taking_part), tuple(one for one in every if one not in taking_part))


def families_of(journey_ids: Iterable[int]) -> dict[int, Family]:
    """By journey, the families that have variants, of those among these that are in one."""
    journeys = Journey.objects.filter(pk__in=set(journey_ids)).select_related("base")
    by_base: dict[int, Family] = {}
    found: dict[int, Family] = {}
    for one in journeys:
        base = one.family
        family = by_base.setdefault(base.pk, family_of(base)) if one.base_id or _has_variants(base) else None
        if family and family.variants:
            found[one.pk] = family
    return found


def has_rule(journey: Journey) -> bool:
    return bool(journey.for_segment_id or journey.for_use_case)


def rule_words(journey: Journey) -> str:
    """For whom a variant is: "segment “Freight”, use case “planning”"."""
    said = []
    if journey.for_segment:
        said.append(_("segment “%(name)s”") % {"name": journey.for_segment.name})
    if journey.for_use_case:
        said.append(_("use case “%(name)s”") % {"name": journey.for_use_case})
    return ", ".join(said)


def already_in(family: Family, customer_ids: Collection[int]) -> dict[int, Journey]:
    """By customer, the journey of the family that they are on now."""
    ids = set(customer_ids)
    rows = Enrolment.objects.open().filter(journey__in=family.ids).select_related("journey")
    if len(ids) < MOST_ASKED:
        rows = rows.filter(customer__in=ids)
    return {row.customer_id: row.journey for row in rows.order_by("-pk") if row.customer_id in ids}


MOST_ASKED = 500  # by id; beyond that everybody of the family is read


def same_use_case(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


def _has_variants(base: Journey) -> bool:
    return base.variants.exists()


def _weight(variant: Journey, customer: Customer) -> int:
    """How many conditions of the variant hold of the customer; 0 when one of them does not."""
    if variant.for_segment_id and variant.for_segment_id != customer.segment_id:
        return 0
    if variant.for_use_case and not same_use_case(variant.for_use_case, customer.use_case):
        return 0
    return bool(variant.for_segment_id) + bool(variant.for_use_case)


def names(journeys: Sequence[Journey]) -> str:
    return ", ".join(f"“{one.name}”" for one in journeys)
