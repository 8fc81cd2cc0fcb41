"""Which journey of a family fits a customer: the most specific variant, else the base, for everybody.

A family is a base and its variants. Only what is published takes part. Two that fit equally well are a tie,
which a person decides.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import batched
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from customers.models import Customer
from milestones.models import Enrolment, Journey, JourneyVersion

CHUNK = 1000  # customers asked about at once


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

    def better_for(self, enrolment: Enrolment) -> Journey | None:
        """The journey that fits its customer where they follow another one; none on a tie."""
        fitting = self.fit(enrolment.customer).journey
        return fitting if fitting and fitting.pk != enrolment.journey_id else None

    def fit(self, customer: Customer) -> Fit:
        weights = [(_weight(one, customer), one) for one in self.variants]
        most = max((weight for weight, _one in weights), default=0)
        if not most:
            return Fit(self.base)
        fitting = tuple(one for weight, one in weights if weight == most)
        return Fit(fitting[0]) if len(fitting) == 1 else Fit(None, fitting)


def family_of(journey: Journey) -> Family:
    """The family of a base or of a variant; its variants come in one statement."""
    return families_with([journey])[journey.pk]


def families_of(journeys: Iterable[Journey]) -> dict[int, Family]:
    """By journey, the families in which a variant takes part; one statement for all of them."""
    return {pk: family for pk, family in families_with(journeys).items() if family.variants}


def families_with(journeys: Iterable[Journey]) -> dict[int, Family]:
    """By journey, its family; one statement for all of them."""
    given = list(journeys)
    in_force = JourneyVersion.objects.filter(journey=OuterRef("pk"), published_at__isnull=False)
    rows = Journey.objects.filter(base__in={one.base_id or one.pk for one in given})
    rows = rows.select_related("base", "for_segment").annotate(is_published=Exists(in_force))
    variants: dict[int, list[Any]] = defaultdict(list)
    for row in rows.order_by("name", "pk"):
        variants[row.base_id].append(row)
    return {one.pk: _family(one.family if one.base_id else one, variants) for one in given}


def _family(base: Journey, variants: Mapping[int, list[Any]]) -> Family:
    every = variants.get(base.pk, [])
    taking_part = [one for one in every if one.is_published and has_rule(one)]
    return Family(base, tuple(taking_part), tuple(one for one in every if one not in taking_part))


def bases_of(journeys: Iterable[Journey]) -> list[Journey]:
    """The bases of the variants among these, each once. Ask with the base selected."""
    return list(dict.fromkeys(one.base for one in journeys if one.base))


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


def already_in(family: Family, customer_ids: Iterable[int]) -> dict[int, Journey]:
    """By customer, the journey of the family that they are on now."""
    journeys = {one.pk: one for one in (family.base, *family.variants, *family.aside)}
    rows = Enrolment.objects.open().filter(journey__in=journeys).order_by("-pk")
    return {
        customer_id: journeys[journey_id]
        for some in batched(customer_ids, CHUNK)
        for customer_id, journey_id in rows.filter(customer__in=some).values_list("customer", "journey")
    }


def same_use_case(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


def _weight(variant: Journey, customer: Customer) -> int:
    """How many conditions of the variant hold of the customer; 0 when one of them does not."""
    if variant.for_segment_id and variant.for_segment_id != customer.segment_id:
        return 0
    if variant.for_use_case and not same_use_case(variant.for_use_case, customer.use_case):
        return 0
    return bool(variant.for_segment_id) + bool(variant.for_use_case)
