"""What lists read, worked out anew from what it is kept from; how much of it had been wrong."""

from dataclasses import dataclass

from django.db import transaction

from customers.recording import refresh_latest
from milestones import standing
from milestones.models import Enrolment
from organisations.models import Organisation

PART = 2000  # enrolments in one transaction


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """Enrolments that were looked at, those of them that stood elsewhere, and where to go on; None: done."""

    looked_at: int
    put_right: int
    last: int | None


def rebuild(*, organisation: Organisation, after: int = 0) -> Rebuilt:
    """A part of them, in the order of their ids: where each stands, and its customer's latest values."""
    rows = Enrolment.objects.filter(pk__gt=after).order_by("pk").values_list("pk", "customer_id")[:PART]
    found = list(rows)
    with transaction.atomic():
        changed = standing.keep(organisation, [pk for pk, _ in found])
        refresh_latest(organisation, {customer_id for _, customer_id in found})
    return Rebuilt(len(found), changed, found[-1][0] if len(found) == PART else None)
