"""Who is still in onboarding, and for how long."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count

from dashboards.figures.counting import median
from dashboards.figures.wishes import Wish
from milestones.models import Enrolment, Milestone
from milestones.models.enrolments import EnrolmentQuerySet

LONGEST = 8


@dataclass(frozen=True)
class Waiting:
    enrolment: Enrolment
    days: int


@dataclass(frozen=True)
class Onboarding:
    """Open enrolments whose current milestone is in onboarding; running days since the start, of those with
    one: days in a pause do not count."""

    n: int
    median_days: float | None
    median_n: int
    longest: list[Waiting]


def still_in_onboarding(wish: Wish) -> EnrolmentQuerySet:
    """Who is there now. Where each stood on an earlier day is not kept, so this asks for today alone."""
    return wish.enrolments().open().filter(current__stage=Milestone.Stage.ONBOARDING)


def onboarding(wish: Wish) -> Onboarding:
    still = still_in_onboarding(wish).annotate(running=wish.running_days())
    counts = dict(still.order_by().values_list("running").annotate(n=Count("pk")))
    days = Counter({running: n for running, n in counts.items() if running is not None})
    oldest = still.exclude(started_on=None).select_related("customer", "customer__owner", "current")
    longest = [
        Waiting(enrolment, enrolment.running) for enrolment in oldest.order_by("-running", "pk")[:LONGEST]
    ]
    return Onboarding(sum(counts.values()), median(days), days.total(), longest)
