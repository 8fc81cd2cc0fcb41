"""How long customers took: counted by the database per day, three statements whatever their number.

The clock of a milestone runs from the customer's start, so who has no start is left out; so is whose
enrolment was ended because it never was theirs. Of reaching it and leaving, the first counts.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    DateField,
    Expression,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Least, TruncDate

from dashboards.figures.wishes import Wish
from milestones.clocks import DaysBetween, stood_until
from milestones.models.enrolments import EnrolmentQuerySet
from milestones.models.progress import AchievementQuerySet
from milestones.timelines import Observed

type By = Callable[[str], Expression | F]
"""Which group an enrolment belongs to, given the path that leads to it."""
type Group = Any


def everybody(path: str) -> Expression:
    return Value("", output_field=CharField())


def observed(
    wish: Wish, *, keys: frozenset[str] | None = None, by: By = everybody
) -> dict[tuple[Group, str], Observed]:
    """By group and milestone key. Without `keys`, of every milestone of the journey."""
    milestones = [m for m in wish.milestones if keys is None or m.key in keys]
    found: dict[tuple[Group, str], Observed] = defaultdict(Observed)
    of_version: dict[int, list[str]] = defaultdict(list)
    for milestone in milestones:
        of_version[milestone.version_id].append(milestone.key)
    for version, group, day, left, n in _counted(timed(wish), "version_id", by("")):
        for key in of_version[version]:
            _ending(found[group, key], left)[max(0, day)] += n
    key_of = {milestone.pk: milestone.key for milestone in milestones}
    reached = in_time(wish).filter(milestone__in=milestones)
    for milestone, group, day, left, n in _counted(reached, "milestone_id", by("enrolment__")):
        _ending(found[group, key_of[milestone]], left)[max(0, day)] -= n
    rows = reached.values_list("milestone_id", by("enrolment__"), "days").annotate(n=Count("pk"))
    for milestone, group, day, n in rows.order_by():
        found[group, key_of[milestone]].reached[max(0, day)] += n
    return {place: _without_zeros(one) for place, one in found.items()}


def _counted(rows: Any, whose: str, group: Any) -> Any:
    """How many, by how many days they have been seen and whether they left then."""
    return rows.values_list(whose, group, "seen_days", "has_left").annotate(n=Count("pk")).order_by()


def _ending(one: Observed, left: bool) -> Any:
    return one.left if left else one.waiting


def _without_zeros(one: Observed) -> Observed:
    return Observed(+one.reached, +one.left, +one.waiting)


@dataclass(frozen=True)
class LeftOut:
    """Customers who had set out by then and whose time is not counted."""

    without_start: int
    never_theirs: int


def left_out(wish: Wish) -> LeftOut:
    is_without, is_judged = Q(started_on=None), Q(is_judged=True)
    counts = wish.enrolments().aggregate(
        without_start=Count("pk", filter=is_judged & is_without),
        never_theirs=Count("pk", filter=~is_judged),
    )
    return LeftOut(**counts)


def timed(wish: Wish) -> EnrolmentQuerySet:
    """The enrolments whose time is counted, with `seen_days` and `has_left`."""
    rows = wish.enrolments().filter(_counts(wish, ""))
    return rows.annotate(**_seen(wish, ""))


def in_time(wish: Wish) -> AchievementQuerySet:
    """What they reached before they left, if they did."""
    rows = wish.achievements().filter(_counts(wish, "enrolment__"), days__isnull=False)
    return rows.annotate(**_seen(wish, "enrolment__")).filter(Q(has_left=False) | Q(days__lte=F("seen_days")))


def _counts(wish: Wish, path: str) -> Q:
    counts = Q(**{f"{path}started_on__isnull": False, f"{path}is_judged": True})
    return counts & Q(**{f"{path}started_on__gte": wish.since}) if wish.since else counts


def _seen(wish: Wish, path: str) -> dict[str, Combinable]:
    return {
        "seen_days": _running_days(wish, path),
        "has_left": Case(
            When(Q(_left(wish, path)), then=Value(True)), default=Value(False), output_field=BooleanField()
        ),
    }


def _running_days(wish: Wish, path: str) -> Combinable:
    """From the start to the last day they were seen on, without those on which their clock stood."""
    gone = DaysBetween(_last_on(wish, path), Cast(F(f"{path}started_on"), DateField()))
    if not wish.any_paused:
        return gone
    own = wish.pauses().filter(enrolment=OuterRef("enrolment_id" if path else "pk"))
    stood = stood_until(_last_on(wish, "enrolment__"), own, F("enrolment__started_on"))
    return gone - Coalesce(Subquery(stood.values("stood")), 0)


def _last_on(wish: Wish, path: str) -> Expression:
    as_of = Value(wish.as_of, output_field=DateField())
    return Coalesce(left_on(wish, path), as_of, output_field=DateField())


def _ended(wish: Wish, path: str) -> Q:
    return Q(**{f"{path}ended_at__lt": wish.until})


def _gone(wish: Wish, path: str) -> Q:
    return Q(**{f"{path}customer__left_on__lte": wish.as_of})


def _left(wish: Wish, path: str) -> Q:
    return _ended(wish, path) | _gone(wish, path)


def left_on(wish: Wish, path: str) -> Expression:
    """The day they went off the journey, or left altogether, if that was so by then."""
    zone = wish.organisation.tzinfo
    ended = Case(
        When(_ended(wish, path), then=TruncDate(f"{path}ended_at", tzinfo=zone)), output_field=DateField()
    )
    gone = Case(When(_gone(wish, path), then=F(f"{path}customer__left_on")), output_field=DateField())
    return Least(Coalesce(ended, gone), Coalesce(gone, ended), output_field=DateField())
