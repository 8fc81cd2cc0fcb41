"""What stands behind a number: which customers, or which milestones of which customers, it counts.

A number of one milestone opens its customers. A number over all milestones opens each (customer, milestone)
that it adds up, so that the list is as long as the number says.
"""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q, QuerySet

from dashboards.figures.behind_rows import BehindRow, Pair, rows_of
from dashboards.figures.onboarding import still_in_onboarding
from dashboards.figures.rates import ALL_DUE_ACHIEVED, by_due
from dashboards.figures.timing import in_time, timed
from dashboards.figures.wishes import Wish
from milestones.models import Achievement, Enrolment, Milestone, Verdict

OF_JOURNEY = ("enrolled", "all_due_achieved", "onboarding")
OF_MILESTONE = ("achieved", "verified", "on_time", "late", "not_yet_due", "contested")
OF_TIMELINE = ("timed", "reached", "left", "on_the_way")
OF_ALL_MILESTONES = ("verified", "on_time", "contested")
PAGE = 50


def is_a_number(kind: str, key: str) -> bool:
    """Whether there is such a number; `key` names the milestone, or is empty for all of them."""
    return kind in OF_MILESTONE + OF_TIMELINE if key else kind in OF_JOURNEY + OF_ALL_MILESTONES


def count(wish: Wish, *, kind: str, key: str = "") -> int:
    return _sources(wish, kind, key).count()


def page(wish: Wish, *, kind: str, key: str = "", after: int = 0, size: int = PAGE) -> list[BehindRow]:
    """Up to `size` rows after the one with this place, in a fixed number of statements."""
    sources = _sources(wish, kind, key).filter(pk__gt=after).order_by("pk")
    path = "" if sources.model is Enrolment else "enrolment__"
    related = [f"{path}{name}" for name in ("customer__owner", "customer__segment", "version")]
    return rows_of(wish, [_pair(row, key) for row in sources.select_related(*related)[:size]])


def every(wish: Wish, *, kind: str, key: str = "") -> Iterator[BehindRow]:
    after, size = 0, 500
    while rows := page(wish, kind=kind, key=key, after=after, size=size):
        yield from rows
        after = rows[-1].place


def _sources(
    wish: Wish, kind: str, key: str
) -> QuerySet[Enrolment] | QuerySet[Achievement] | QuerySet[Verdict]:
    """The rows that a number counts."""
    if key:
        return _customers(wish, kind, key)
    achieved = wish.achievements()
    match kind:
        case "enrolled":
            return wish.enrolments()
        case "all_due_achieved":
            return by_due(wish).filter(ALL_DUE_ACHIEVED)
        case "onboarding":
            return still_in_onboarding(wish)
        case "on_time":
            return achieved.filter(wish.on_time(wish.milestones))
        case "verified":
            return achieved.filter(wish.in_period(), verified_at__lt=wish.until)
        case "contested":
            return _one_contest_each(wish)
    raise ValueError(f"no number is called {kind!r}")


def _customers(wish: Wish, kind: str, key: str) -> QuerySet[Enrolment]:
    """The enrolments that a number of one milestone counts."""
    milestones = [milestone for milestone in wish.milestones if milestone.key == key]
    if kind in OF_TIMELINE:
        return _timed(wish, kind, milestones)
    achieved = wish.achievements().filter(milestone__in=milestones, enrolment=OuterRef("pk"))
    contested = wish.contests().filter(milestone__in=milestones, enrolment=OuterRef("pk"))
    on_time = achieved.filter(wish.on_time(milestones))
    passed = Q(pk__in=[])
    for milestone in milestones:
        passed |= wish.passed(milestone) & Q(version=milestone.version_id)
    conditions = {
        "achieved": Exists(achieved.filter(wish.in_period())),
        "verified": Exists(achieved.filter(wish.in_period(), verified_at__lt=wish.until)),
        "on_time": Exists(on_time),
        "late": passed & ~Exists(on_time) & ~Exists(contested),
        "not_yet_due": ~Exists(achieved) & ~Exists(contested) & ~_known(passed),
        "contested": Exists(contested),
    }
    return wish.enrolments().filter(conditions[kind])


def _timed(wish: Wish, kind: str, milestones: list[Milestone]) -> QuerySet[Enrolment]:
    """Whose days are counted for this milestone, and what became of them."""
    rows = timed(wish).filter(version__in={milestone.version_id for milestone in milestones})
    reached = Exists(in_time(wish).filter(milestone__in=milestones, enrolment=OuterRef("pk")))
    conditions = {
        "timed": Q(),
        "reached": reached,
        "left": ~reached & Q(has_left=True),
        "on_the_way": ~reached & Q(has_left=False),
    }
    return rows.filter(conditions[kind])


def _known(passed: Q) -> Q:
    """Who has no start has no target date, so it has not passed."""
    return Q(started_on__isnull=False) & passed


def _one_contest_each(wish: Wish) -> QuerySet[Verdict]:
    """Several people may contest the same milestone; it is contested once."""
    earlier = wish.contests().filter(
        enrolment=OuterRef("enrolment"), milestone=OuterRef("milestone"), pk__lt=OuterRef("pk")
    )
    return wish.contests().exclude(Exists(earlier))


def _pair(row: Enrolment | Achievement | Verdict, key: str) -> Pair:
    if isinstance(row, Enrolment):
        return Pair(row.pk, row, key)
    return Pair(row.pk, row.enrolment, row.milestone_key)
