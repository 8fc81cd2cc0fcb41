"""Shares with their intervals: the key figures above the table, and the same by CSM and by segment."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from math import sqrt

from django.db import models
from django.db.models import Count, F, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from dashboards.figures.counting import Figures
from dashboards.figures.wishes import NONE, Wish
from milestones.models import Milestone
from milestones.models.enrolments import EnrolmentQuerySet
from ui.figures import Rate

Z95 = 1.959963984540054


def wilson(count: int, of: int, z: float = Z95) -> tuple[float, float] | None:
    """The 95 % score interval of a share; none of nothing.

    Wilson (1927), Journal of the American Statistical Association 22: 209–212, without continuity correction.
    """
    if not of:
        return None
    share, square = count / of, z * z
    centre = (share + square / (2 * of)) / (1 + square / of)
    half = z * sqrt(share * (1 - share) / of + square / (4 * of * of)) / (1 + square / of)
    return max(0.0, centre - half), min(1.0, centre + half)


def rate(count: int, of: int) -> Rate:
    bounds = wilson(count, of)
    return Rate(count, of, *(bounds or (None, None)))


@dataclass(frozen=True)
class Headline:
    """achieved: customers whose due milestones are all achieved, of customers with any due ·
    on time: achieved by target date, of milestones due · verified: confirmed by the customer, of achieved ·
    contested: open contests, of achieved and contested."""

    achieved: Rate
    on_time: Rate
    verified: Rate
    contested: Rate


def headline(found: Figures) -> Headline:
    with_due, all_achieved = _customers_with_all_due_achieved(found.wish)
    return Headline(
        achieved=rate(all_achieved, with_due),
        on_time=rate(found.on_time, found.due),
        verified=rate(found.verified, found.achieved),
        contested=rate(found.contested, found.achieved + found.contested),
    )


def _customers_with_all_due_achieved(wish: Wish) -> tuple[int, int]:
    """How many have any milestone due in the period, and how many of them have achieved all of those."""
    counts = by_due(wish).aggregate(n=Count("pk"), whole=Count("pk", filter=ALL_DUE_ACHIEVED))
    return counts["n"], counts["whole"]


ALL_DUE_ACHIEVED = Q(reached__gte=F("due"))


def by_due(wish: Wish) -> EnrolmentQuerySet:
    """Enrolments with a milestone due in the period: how many are (`due`), and of those `reached`."""
    milestones = wish.milestones
    reached = (
        wish.achievements()
        .filter(wish.passed_any(milestones), enrolment=OuterRef("pk"))
        .order_by()
        .values("enrolment")
        .annotate(n=Count("pk"))
        .values("n")
    )
    due = sum((_one_if(wish.passed(m) & Q(version=m.version_id)) for m in milestones), start=_zero())
    return wish.enrolments().annotate(due=due, reached=Coalesce(Subquery(reached), 0)).filter(due__gt=0)


def _one_if(condition: Q) -> models.Case:
    return models.Case(models.When(condition, then=1), default=0, output_field=IntegerField())


def _zero() -> models.Value:
    return models.Value(0, output_field=IntegerField())


@dataclass(frozen=True)
class Group:
    """One CSM's or one segment's customers on this journey."""

    value: object
    """How the page's filter calls them."""
    name: str
    enrolled: int
    on_time: Rate


def by_group(wish: Wish, *, column: str, value: str) -> list[Group]:
    """On-time rates by `owner` or `segment` of the customer, largest group first. Three statements.

    `value` names what the filters of the page call one by.
    """
    milestones = wish.milestones
    path = f"customer__{column}"
    known: dict[int | None, tuple[object, str]] = {}
    enrolled: Counter[int | None] = Counter()
    due: Counter[int | None] = Counter()
    counts = {f"m{m.pk}": Count("pk", filter=wish.passed(m) & Q(version=m.version_id)) for m in milestones}
    rows = wish.enrolments().values(f"{path}_id", f"{path}__{value}", f"{path}__name").order_by()
    for row in rows.annotate(n=Count("pk"), **counts):
        pk = row[f"{path}_id"]
        known[pk] = (row[f"{path}__{value}"], row[f"{path}__name"]) if pk else (NONE, "")
        enrolled[pk] += row["n"]
        due[pk] += sum(row[f"m{m.pk}"] for m in milestones)
    due.subtract(_contested_by(wish, milestones, f"enrolment__{path}_id"))
    on_time = _on_time_by(wish, milestones, f"enrolment__{path}_id")
    groups = [
        Group(*known[pk], n, rate(on_time[pk][0], due[pk] + on_time[pk][1])) for pk, n in enrolled.items()
    ]
    return sorted(groups, key=lambda group: (-group.enrolled, group.name))


def _contested_by(wish: Wish, milestones: list[Milestone], path: str) -> Counter[int | None]:
    """Per group: contested milestones past their target date; they count as contested alone, not as due."""
    found: Counter[int | None] = Counter()
    rows = wish.contests().filter(wish.passed_any(milestones)).values(path, "milestone_id")
    for row in rows.annotate(n=Count("enrolment", distinct=True)).order_by():
        found[row[path]] += row["n"]
    return found


def _on_time_by(wish: Wish, milestones: list[Milestone], path: str) -> dict[int | None, tuple[int, int]]:
    """Per group: achieved on time, and those of them whose target date lies ahead (they are due as well)."""
    found: dict[int | None, tuple[int, int]] = defaultdict(lambda: (0, 0))
    passed, on_time = wish.passed_any(milestones), wish.on_time(milestones)
    for row in (
        wish.achievements()
        .values(path)
        .annotate(on_time=Count("pk", filter=on_time), ahead=Count("pk", filter=on_time & ~Q(passed)))
        .order_by()
    ):
        found[row[path]] = row["on_time"], row["ahead"]
    return found
