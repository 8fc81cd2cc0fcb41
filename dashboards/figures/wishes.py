"""What somebody asks figures of: a journey up to a day, since a day, of a segment or of one CSM."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property

from django.db.models import F, Q

from customers.models import Segment
from milestones.models import Achievement, Enrolment, Journey, Milestone, Verdict
from milestones.models.progress import AchievementQuerySet, EnrolmentQuerySet, VerdictQuerySet
from organisations.models import Organisation, User


@dataclass(frozen=True)
class Wish:
    """The question. Periods go by when something was achieved or due, in the organisation's own days."""

    organisation: Organisation
    journey: Journey
    as_of: date
    since: date | None = None
    segment: Segment | None = None
    owner: User | None = None

    @property
    def until(self) -> datetime:
        """The first moment that no longer counts: the midnight after `as_of`."""
        return datetime.combine(self.as_of + timedelta(days=1), time(), tzinfo=self.organisation.tzinfo)

    @property
    def begins(self) -> datetime | None:
        if self.since is None:
            return None
        return datetime.combine(self.since, time(), tzinfo=self.organisation.tzinfo)

    def milestones(self) -> list[Milestone]:
        """Every milestone of every published edition, newest first; one key is one milestone in all."""
        return self._milestones

    @cached_property
    def _milestones(self) -> list[Milestone]:
        return list(
            Milestone.objects.filter(version__journey=self.journey, version__published_at__isnull=False)
            .select_related("version")
            .order_by("-version__number", "position")
        )

    def enrolments(self) -> EnrolmentQuerySet:
        """Everyone who had set out by then, those who have left included."""
        set_out = Q(started_on__lte=self.as_of) | Q(started_on=None, enrolled_at__lt=self.until)
        rows = Enrolment.objects.filter(set_out, journey=self.journey)
        return rows.filter(**self._whose(""))

    def achievements(self) -> AchievementQuerySet:
        """What stands and was so by then."""
        rows = Achievement.objects.standing().filter(
            enrolment__journey=self.journey, achieved_at__lt=self.until
        )
        return rows.filter(**self._whose("enrolment__"))

    def in_period(self) -> Q:
        """Achieved within the period."""
        return Q(achieved_at__gte=self.begins) if self.begins else Q()

    def contests(self) -> VerdictQuerySet:
        """Contests that were open then."""
        open_then = Q(settled_at=None) | Q(settled_at__gte=self.until)
        rows = Verdict.objects.standing().filter(
            open_then, kind=Verdict.Kind.CONTESTED, at__lt=self.until, enrolment__journey=self.journey
        )
        return rows.filter(**self._whose("enrolment__"))

    def _whose(self, path: str) -> dict[str, object]:
        chosen = {f"{path}customer__segment": self.segment, f"{path}customer__owner": self.owner}
        return {name: value for name, value in chosen.items() if value is not None}

    # A target date is the start plus the milestone's days, so each one asks for starts between two days.

    def passed(self, milestone: Milestone, path: str = "") -> Q:
        """Their target date for this milestone has passed, within the period."""
        if milestone.target_days is None:
            return Q(pk__in=[])
        days = timedelta(days=milestone.target_days)
        starts = Q(**{f"{path}started_on__lt": self.as_of - days})
        if self.since is not None:
            starts &= Q(**{f"{path}started_on__gte": self.since - days})
        return starts

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
