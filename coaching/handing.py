"""Hand customers from one coach to another, with what was planned and promised there: nothing stays behind.

What the one before was to do goes along: planned calls, open commitments of ours, open challenges they lead.
Whoever else has something planned or promised there keeps it. Invitations to moved calls follow by
themselves.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from coaching.models import Challenge, Commitment, Touchpoint
from customers import keeping
from customers.models import Customer
from organisations.models import Organisation, User


@dataclass(frozen=True)
class Handed:
    """How many customers have another coach now, and what went along, by customer."""

    customers: int
    along: dict[int, dict[str, int]] = field(default_factory=dict)

    def total(self, what: str) -> int:
        return sum(counts.get(what, 0) for counts in self.along.values())


def hand_over(
    *,
    organisation: Organisation,
    customers: Collection[Customer],
    owner: User | None,
    by: User,
    now: datetime,
) -> Handed:
    """To one member; or to nobody: then what was planned and promised stays with who has it, for somebody
    has to do it."""
    made: dict[str, Any] = {"organisation": organisation, "by": by, "now": now}
    with transaction.atomic():
        wanted = Customer.objects.select_for_update(of=("self",)).filter(pk__in=[c.pk for c in customers])
        moving = [one for one in wanted.order_by("pk") if one.owner_id != (owner.pk if owner else None)]
        along = _take_along(moving, owner) if owner else {}
        n = keeping.change_owner(customers=moving, owner=owner, along=along, **made)
    return Handed(n, along)


def _take_along(moving: Collection[Customer], owner: User) -> dict[int, dict[str, int]]:
    """Before the customers have their new coach: the one before is still read from them."""
    ids = [one.pk for one in moving if one.owner_id is not None]
    found: dict[int, dict[str, int]] = {pk: {} for pk in ids}
    parts: dict[str, tuple[QuerySet[Any], str]] = {
        "calls": (Touchpoint.objects.planned(), "owner"),
        "commitments": (Commitment.objects.open(), "owner_user"),
        "challenges": (Challenge.objects.open(), "owner"),
    }
    for what, (rows, whose) in parts.items():
        theirs = rows.filter(customer__in=ids, **{whose: F("customer__owner")})
        moved = dict(theirs.values_list("pk", "customer"))
        rows.model.objects.filter(pk__in=moved).update(**{whose: owner})
        for pk, n in Counter(moved.values()).items():
            found[pk][what] = n
    return {pk: counts for pk, counts in found.items() if counts}
