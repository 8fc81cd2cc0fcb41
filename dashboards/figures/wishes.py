"""What somebody asks figures of: a journey up to a day, since a day, of a segment or of one CSM."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Literal

from django.db.models import F, Q
from django.db.models.expressions import Combinable

from customers.models import Segment
from milestones.clocks import held_back, running
from milestones.models import Achievement, Enrolment, Journey, Milestone, Pause, Verdict
from milestones.models.enrolments import EnrolmentQuerySet
from milestones.models.pauses import PauseQuerySet
from milestones.models.progress import AchievementQuerySet, VerdictQuerySet
from organisations.models import Organisation, User

NONE: Literal["none"] = "none"  # of those without a segment, or without a CSM


@dataclass(frozen=True)
class Wish:
    """The question. Periods go by when something was achieved or due, in the organisation's own days."""

    organisation: Organisation
    journey: Journey
    as_of: date
    since: date | None = None
    segment: Segment | Literal["none"] | None = None
    owner: User | Literal["none"] | None = None
    with_variants: bool = False
    """Who is on a variant of the journey counts too; a milestone is the same by its key."""

    @cached_property
    def journeys(self) -> list[int]:
        if not self.with_variants:
            return [self.journey.pk]
        return [self.journey.pk, *self.journey.variants.values_list("pk", flat=True)]

    @property
    def until(self) -> datetime:
        """The first moment that no longer counts: the midnight after `as_of`."""
        return datetime.combine(self.as_of + timedelta(days=1), time(), tzinfo=self.organisation.tzinfo)

    @property
    def begins(self) -> datetime | None:
        if self.since is None:
            return None
        return datetime.combine(self.since, time(), tzinfo=self.organisation.tzinfo)

    @cached_property
    def milestones(self) -> list[Milestone]:
        """Every milestone of every published edition, newest first; one key is one milestone in all.

        What is a variant's comes after what is the journey's own.
        """
        of_all = Milestone.objects.filter(version__journey__in=self.journeys)
        rows = of_all.exclude(version__published_at=None).select_related("version")
        in_order = rows.order_by("-version__number", "position")
        return sorted(in_order, key=lambda one: self.journeys.index(one.version.journey_id))

    def enrolments(self) -> EnrolmentQuerySet:
        """Everyone who had set out by then, those who have left included."""
        return Enrolment.objects.filter(self._counts(""))

    def achievements(self) -> AchievementQuerySet:
        """What stands and was so by then, of those who had set out."""
        return Achievement.objects.standing().filter(self._counts("enrolment__"), achieved_at__lt=self.until)

    def in_period(self) -> Q:
        """Achieved within the period."""
        return Q(achieved_at__gte=self.begins) if self.begins else Q()

    def contests(self) -> VerdictQuerySet:
        """Contests that were open then, of those who had set out."""
        open_then = Q(settled_at=None) | Q(settled_at__gte=self.until)
        return Verdict.objects.standing().filter(
            self._counts("enrolment__"), open_then, kind=Verdict.Kind.CONTESTED, at__lt=self.until
        )

    def _counts(self, path: str) -> Q:
        """The enrolments that every figure is about."""
        set_out = Q(**{f"{path}started_on__lte": self.as_of}) | Q(
            **{f"{path}started_on": None, f"{path}enrolled_at__lt": self.until}
        )
        whose = Q(**{f"{path}journey__in": self.journeys})
        for name, value in (("segment", self.segment), ("owner", self.owner)):
            if value == NONE:
                whose &= Q(**{f"{path}customer__{name}": None})
            elif value is not None:
                whose &= Q(**{f"{path}customer__{name}": value})
        return set_out & whose

    # A target is a number of running days: it asks for starts between two days, less those whose clock stood.

    def passed(self, milestone: Milestone, path: str = "") -> Q:
        """Their target date for this milestone has passed, within the period."""
        if milestone.target_days is None:
            return Q(pk__in=[])
        gone = self._gone_by(self.as_of, milestone.target_days, path)
        return gone & ~self._gone_by(self.since, milestone.target_days, path) if self.since else gone

    def _gone_by(self, day: date, days: int, path: str) -> Q:
        """More than so many running days have gone by that day. False, not unknown, without a start: this is
        negated."""
        gone = Q(**{f"{path}started_on__isnull": False, f"{path}started_on__lt": day - timedelta(days=days)})
        if self.any_paused:
            gone &= ~Q(**{f"{path}pk__in": held_back(day, days, self.pauses())})
        return gone

    def running_days(self) -> Combinable:
        """For enrolments: running days from the start to the day asked about."""
        return running(self.as_of, self.pauses() if self.any_paused else None)

    def pauses(self) -> PauseQuerySet:
        return Pause.objects.standing().filter(enrolment__journey__in=self.journeys)

    @cached_property
    def any_paused(self) -> bool:
        """Asked once, so that a journey without pauses is counted as if there were none anywhere."""
        return self.pauses().exists()

    def passed_any(self, milestones: list[Milestone], path: str = "enrolment__") -> Q:
        """The same for rows of several milestones at once."""
        return _any(Q(milestone=milestone) & self.passed(milestone, path) for milestone in milestones)

    def on_time(self, milestones: list[Milestone]) -> Q:
        """Achieved by its target date; with a period, when that date fell within it."""
        by_target = Q(days__lte=F("milestone__target_days"))
        return by_target & self.passed_any(milestones) if self.since else by_target


def _any(conditions: Iterator[Q]) -> Q:
    total = Q(pk__in=[])
    for condition in conditions:
        total |= condition
    return total
