"""Who in a circle has reached what another attempts next. Asks; changes nothing."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count

from advocacy.models import Circle, CircleMeeting, CircleSeat, Introduction, Referral
from customers.models import Customer
from milestones.models import Achievement, Enrolment, Milestone

FEWEST = 3
"""In a circle of two, each would know who is meant before either has said yes."""
OF_EACH, SHOWN = 2, 20


@dataclass(frozen=True)
class Community:
    """What there is of it, in numbers."""

    people: int
    customers: int
    of: int
    """Customers there are, in a circle or not."""
    introduced: int
    meetings: int
    referrals: int
    """Qualified or won, brought by people who are in a circle now."""


@dataclass(frozen=True)
class Match:
    """`seeker` attempts the milestone next; `peer`, of another customer, has reached it."""

    seeker: CircleSeat
    peer: CircleSeat
    milestone: Milestone
    is_verified: bool = False


def community(*, now: datetime) -> Community:
    here = CircleSeat.objects.here()
    counted = here.aggregate(
        people=Count("contact", distinct=True), customers=Count("contact__customer", distinct=True)
    )
    brought = Referral.objects.filter(advocate__contact__in=here.values("contact"))
    return Community(
        **counted,
        of=Customer.objects.current().count(),
        introduced=Introduction.objects.filter(state=Introduction.State.MADE).count(),
        meetings=CircleMeeting.objects.ahead(now).count(),
        referrals=brought.filter(state__in=[Referral.State.QUALIFIED, Referral.State.WON]).count(),
    )


def matches(circle: Circle, *, at_most: int = SHOWN) -> list[Match]:
    """What may be proposed, confirmed outcomes first, at most two for one person. Two who were asked about
    each other once are not proposed again. Four queries."""
    seats = list(CircleSeat.objects.here().filter(circle=circle).with_people().by_name())
    if circle.closed_at is not None or len(seats) < FEWEST:
        return []
    reached = _reached(seats)
    known = {frozenset(pair) for pair in Introduction.objects.values_list("seeker", "peer")}
    found: list[Match] = []
    for seeker, milestone, journey_id in _attempts(seats):
        peers = [
            Match(seeker, peer, milestone, is_verified)
            for peer in seats
            if peer.contact.customer_id != seeker.contact.customer_id
            and frozenset((seeker.contact_id, peer.contact_id)) not in known
            and (is_verified := reached.get((peer.contact.customer_id, journey_id, milestone.key)))
            is not None
        ]
        found += sorted(peers, key=lambda one: not one.is_verified)[:OF_EACH]
    return sorted(found, key=lambda one: not one.is_verified)[:at_most]


def is_match(match: Match) -> bool:
    """Whether it still fits, as things stand now."""
    about = (match.seeker.pk, match.peer.pk, match.milestone.key)
    return any(
        (one.seeker.pk, one.peer.pk, one.milestone.key) == about
        for one in matches(match.seeker.circle, at_most=10**6)
    )


def _attempts(seats: Sequence[CircleSeat]) -> list[tuple[CircleSeat, Milestone, int]]:
    """Each person with what their company attempts next, on every way it is on."""
    rows = Enrolment.objects.open().filter(customer__in=_customers(seats), current__isnull=False)
    by_customer: dict[int, list[Any]] = defaultdict(list)
    for row in rows.select_related("current").order_by("id"):
        by_customer[row.customer_id].append(row)
    return [
        (seat, row.current, row.journey_id) for seat in seats for row in by_customer[seat.contact.customer_id]
    ]


def _reached(seats: Sequence[CircleSeat]) -> dict[tuple[int, int, str], bool]:
    """(customer, journey, milestone key) → whether they confirmed it; of what stands."""
    rows = Achievement.objects.standing().filter(enrolment__customer__in=_customers(seats))
    said = rows.order_by("id").values_list(
        "enrolment__customer", "enrolment__journey", "milestone_key", "verified_at"
    )
    return {(customer, journey, key): at is not None for customer, journey, key, at in said}


def _customers(seats: Sequence[CircleSeat]) -> set[int]:
    return {seat.contact.customer_id for seat in seats}
