"""From one milestone to the next: how long each step takes, of those who began it, counted in one statement.

A step begins when the milestone before is reached; the first one with the start. Who had reached the next
milestone by then has no such step and is left out, and how many those are is said.
"""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.db.models import Case, CharField, Count, F, IntegerField, OuterRef, Q, Subquery, Value, When

from dashboards.figures.timing import in_time
from dashboards.figures.wishes import Wish
from milestones.models import Achievement, Milestone
from milestones.timelines import Observed

REACHED, LEFT, WAITING = "reached", "left", "waiting"


@dataclass
class Stretch:
    """What was seen of one step that begins with a milestone."""

    observed: Observed = field(default_factory=Observed)
    before: int = 0
    """Had reached the next milestone before the step began."""


def newest_edition(wish: Wish) -> list[Milestone]:
    """Its milestones in order."""
    newest = [m for m in wish.milestones if m.version_id == wish.milestones[0].version_id]
    return sorted(newest, key=lambda milestone: milestone.position)


def stretches(wish: Wish) -> dict[str, Stretch]:
    """By the key of the milestone that a step leads to; all but the first of the newest edition."""
    order = [milestone.key for milestone in newest_edition(wish)]
    found = {key: Stretch() for key in order[1:]}
    next_of = _next_of(wish, set(pairwise(order)))
    for milestone, outcome, days, n in _counted(wish, next_of):
        stretch = found[next_of[milestone]]
        if outcome == REACHED and days < 0:
            stretch.before += n
        else:
            _ending(stretch.observed, outcome)[max(0, days)] += n
    return found


def _next_of(wish: Wish, steps: set[tuple[str, str]]) -> dict[int, str]:
    """Milestone → key of the one after it, in every edition that has this very step."""
    of_version: dict[int, list[Milestone]] = {}
    for milestone in wish.milestones:
        of_version.setdefault(milestone.version_id, []).append(milestone)
    pairs = [
        pair
        for milestones in of_version.values()
        for pair in pairwise(sorted(milestones, key=lambda milestone: milestone.position))
    ]
    return {first.pk: second.key for first, second in pairs if (first.key, second.key) in steps}


def _counted(wish: Wish, next_of: dict[int, str]) -> Any:
    next_key = Case(*(When(milestone=pk, then=Value(key)) for pk, key in next_of.items()))
    following = Achievement.objects.standing().filter(
        enrolment=OuterRef("enrolment"), milestone_key=OuterRef("next_key"), achieved_at__lt=wish.until
    )
    is_reached = Q(next_days__isnull=False) & (Q(has_left=False) | Q(next_days__lte=F("seen_days")))
    return (
        in_time(wish)
        .filter(milestone__in=next_of)
        .annotate(next_key=next_key)
        .annotate(next_days=Subquery(following.values("days")[:1]))
        .annotate(
            outcome=Case(
                When(is_reached, then=Value(REACHED)),
                When(has_left=True, then=Value(LEFT)),
                default=Value(WAITING),
                output_field=CharField(),
            ),
            took=Case(
                When(is_reached, then=F("next_days") - F("days")),
                default=F("seen_days") - F("days"),
                output_field=IntegerField(),
            ),
        )
        .values_list("milestone_id", "outcome", "took")
        .annotate(n=Count("pk"))
        .order_by()
    )


def _ending(one: Observed, outcome: str) -> Any:
    return {REACHED: one.reached, LEFT: one.left, WAITING: one.waiting}[outcome]
