"""On which journey of a family a row of enrolments is: a base and its variants are one way to go.

Who was moved within the family since a file named their journey is found where they are now, by the start.
"""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from customers.models import Customer
from milestones.fits import Family, families_with
from milestones.models import Enrolment, Journey
from office.importing.kinds.base import Job, Row


def fit(
    rows: Sequence[Row], customers: Mapping[str, Customer], journeys: Mapping[str, Journey], job: Job
) -> None:
    """Name the journey each row is about. Refuses a row that asks for what fits where several do."""
    families = families_with({journeys[row.values["journey"]] for row in rows})
    with_variants = {pk: one for pk, one in families.items() if len(one.ids) > 1}
    concerned = [row for row in rows if journeys[row.values["journey"]].pk in with_variants]
    if not concerned:
        return
    ids = {customers[row.values["customer"]].pk for row in concerned}
    enrolments = _by_family(ids, {pk for one in with_variants.values() for pk in one.ids})
    for row in concerned:
        named, customer = journeys[row.values["journey"]], customers[row.values["customer"]]
        family = with_variants[named.pk]
        some = enrolments.get((customer.pk, family.base.pk), [])
        if row.values.get("fitting"):
            _take_fitting(row, customer, family, some, job)
        elif not any(each.journey_id == named.pk for each in some) and (there := _same(some, row)):
            row.values = {**row.values, "journey": there.journey.slug}


def _take_fitting(row: Row, customer: Customer, family: Family, some: list[Enrolment], job: Job) -> None:
    there = _same(some, row) or next((each for each in some if each.ended_at is None), None)
    found = family.fit(customer)
    journey = there.journey if there else found.journey
    if journey:
        row.values = {**row.values, "journey": journey.slug}
        return
    names = ", ".join(f"“{one.slug}”" for one in found.tied)
    why = _("%(names)s fit equally well; name the one they set out on") % {"names": names}
    row.refuse(job.named("fitting"), _("yes"), why)


def _by_family(customer_ids: set[int], journey_ids: set[int]) -> dict[tuple[int, int], list[Enrolment]]:
    """By customer and base, the open ones first, then the latest."""
    rows = Enrolment.objects.filter(customer__in=customer_ids, journey__in=journey_ids).order_by("-id")
    found: dict[tuple[int, int], list[Enrolment]] = {}
    for each in sorted(rows.select_related("journey"), key=lambda each: each.ended_at is not None):
        found.setdefault((each.customer_id, each.journey.base_id or each.journey_id), []).append(each)
    return found


def _same(some: list[Enrolment], row: Row) -> Enrolment | None:
    start = row.values.get("started_on")
    return next((each for each in some if (each.started_on and each.started_on.isoformat()) == start), None)
