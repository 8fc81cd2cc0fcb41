"""How far goals were attained: one number for a customer, from the levels reached of what was agreed.

T is 50 when everything came as expected, more when it went beyond. Kiresuk and Sherman (1968), Community
Mental Health Journal 4: 443–453: T = 50 + 10·Σwx / √((1−p)·Σw² + p·(Σw)²), with p = 0.3, how much goals of
one customer go together.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from math import sqrt

from django.db.models import OuterRef, Subquery

from customers.models import GoalLevel, GoalScale

TOGETHER = 0.3
AS_EXPECTED = 50.0


@dataclass(frozen=True)
class Attainment:
    """Of one customer."""

    reached: tuple[tuple[int, int], ...]
    """Weight and level of each goal whose level is known."""
    without: int
    """Goals that are agreed and of which no level was noted yet."""

    @property
    def n(self) -> int:
        return len(self.reached)

    @property
    def t(self) -> float | None:
        """None: cannot tell yet."""
        return t_score(self.reached)

    @property
    def rounded(self) -> int | None:
        return None if self.t is None else round(self.t)


def t_score(goals: Iterable[tuple[int, int]], *, together: float = TOGETHER) -> float | None:
    """Of weights and levels from −2 to +2; None without any."""
    known = [(weight, level) for weight, level in goals if weight > 0]
    if not known:
        return None
    total = sum(weight for weight, _level in known)
    squares = sum(weight**2 for weight, _level in known)
    spread = sqrt((1 - together) * squares + together * total**2)
    return AS_EXPECTED + 10 * sum(weight * level for weight, level in known) / spread


def attainment_of(customer_ids: Collection[int] | None = None) -> dict[int, Attainment]:
    """By customer, of those with a goal that was agreed; of everybody without ids. One query.

    An outcome that is wanted no more counts by the level it had reached.
    """
    newest = GoalLevel.objects.standing().filter(scale=OuterRef("pk")).newest_first()
    rows = GoalScale.objects.annotate(now=Subquery(newest.values("level")[:1]))
    if customer_ids is not None:
        rows = rows.filter(outcome__customer__in=customer_ids)
    reached: dict[int, list[tuple[int, int]]] = defaultdict(list)
    without: dict[int, int] = defaultdict(int)
    wanted = rows.values_list("outcome__customer", "outcome__retired_at", "weight", "now")
    for customer_id, retired_at, weight, level in wanted.order_by("pk"):
        if level is not None:
            reached[customer_id].append((weight, level))
        elif retired_at is None:
            without[customer_id] += 1
    return {pk: Attainment(tuple(reached[pk]), without[pk]) for pk in sorted(reached.keys() | without.keys())}
