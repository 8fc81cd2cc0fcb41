"""Of what was promised in calls, how much was kept by its date; and how far goals were attained, by CSM."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from statistics import fmean
from typing import Any

from django.db.models import Count, DateField, F, Q
from django.db.models.functions import Cast, TruncDate
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coaching.models import Commitment
from customers.attainment import Attainment, attainment_of
from customers.models import Customer
from dashboards.figures.rates import rate
from milestones.landmarks import AGAIN, SEED, SHARE, quantile_of
from organisations.models import Organisation
from ui.figures import Rate

FEWEST, DAYS = 5, 180
DEFINITIONS: dict[str, Promise] = {
    "kept": _("of commitments whose date fell in the last 180 days: settled as kept on that day or before"),
    "attainment": _(
        "T of each customer by Kiresuk and Sherman from the newest level of each outcome, 50 as expected; "
        "shown is the mean of customers, with its interval (95 %, percentile bootstrap)"
    ),
    "cannot tell": _("fewer than 5 commitments, or fewer than 5 customers with a level"),
}


@dataclass(frozen=True)
class Kept:
    """What one CSM's customers, and what we, promised."""

    theirs: Rate
    ours: Rate


@dataclass(frozen=True)
class Attained:
    """The mean T of some customers; `low` and `high` bound it."""

    n: int
    goals: int
    t: float | None
    low: float | None = None
    high: float | None = None

    @property
    def can_tell(self) -> bool:
        return self.low is not None


@dataclass(frozen=True)
class Line:
    """One CSM's customers; of all of them without a name."""

    name: str
    kept: Kept
    attained: Attained


def held_to(organisation: Organisation, *, today: date) -> tuple[Line, list[Line]]:
    """Of everybody, and by CSM in order of names. Four statements."""
    owners = {
        pk: (owner, name)
        for pk, owner, name in Customer.objects.values_list("pk", "owner", "owner__name")
        if owner is not None
    }
    names = dict(owners.values())
    promised = _promised(organisation, today)
    attained = attainment_of()
    grouped: dict[int, list[Attainment]] = defaultdict(list)
    for pk, one in attained.items():
        if pk in owners:
            grouped[owners[pk][0]].append(one)
    lines = [
        Line(name, _kept([promised[pk]]), attained_by(grouped[pk]))
        for pk, name in sorted(names.items(), key=lambda pair: (pair[1], pair[0]))
        if promised.get(pk) or grouped.get(pk)
    ]
    whole = Line("", _kept(list(promised.values())), attained_by(list(attained.values())))
    return whole, lines


type Promised = dict[str, tuple[int, int]]
"""By whose promise: how many were kept by their date, of how many."""


def _promised(organisation: Organisation, today: date) -> Mapping[int | None, Promised]:
    """By CSM of the customer."""
    settled_on = Cast(TruncDate("settled_at", tzinfo=organisation.tzinfo), DateField())
    rows = Commitment.objects.filter(due_on__gte=today - timedelta(days=DAYS), due_on__lt=today)
    rows = rows.annotate(settled_on=settled_on)
    in_time = Q(state=Commitment.State.KEPT, settled_on__lte=F("due_on"))
    theirs = Q(owner_contact__isnull=False)
    counts = {
        "theirs_kept": Count("pk", filter=theirs & in_time),
        "theirs": Count("pk", filter=theirs),
        "ours_kept": Count("pk", filter=~theirs & in_time),
        "ours": Count("pk", filter=~theirs),
    }
    found: dict[int | None, Promised] = defaultdict(dict)
    counted: Any = rows.order_by().values("customer__owner").annotate(**counts)
    for row in counted:
        found[row["customer__owner"]] = {
            whose: (row[f"{whose}_kept"], row[whose]) for whose in ("theirs", "ours")
        }
    return found


def _kept(parts: Sequence[Promised]) -> Kept:
    def total(whose: str) -> Rate:
        pairs = [part.get(whose, (0, 0)) for part in parts]
        return rate(sum(kept for kept, _of in pairs), sum(of for _kept, of in pairs))

    return Kept(total("theirs"), total("ours"))


def attained_by(customers: Sequence[Attainment]) -> Attained:
    """The mean T of those of whom a level is known."""
    scores = [one.t for one in customers if one.t is not None]
    n, goals = len(scores), sum(one.n for one in customers)
    if not scores:
        return Attained(0, 0, None)
    if n < FEWEST:
        return Attained(n, goals, fmean(scores))
    dice = Random(SEED)  # noqa: S311 - draws for an interval, no secret
    means = sorted(fmean(dice.choices(scores, k=n)) for _time in range(AGAIN))
    low, high = (quantile_of(means, (1 + side * SHARE) / 2) for side in (-1, 1))
    return Attained(n, goals, fmean(scores), low, high)
