"""What coaching is planned by: how often whom, who has how many minutes when, what counts; what came due."""

from datetime import date, datetime, time
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from coaching.models.calls import Call, Touchpoint
from customers.models import Customer, Segment
from milestones.models import Milestone
from organisations.models import User
from organisations.tenancy import TenantManager, TenantModel

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

LONGEST = 24 * 60
WEEKDAYS = (
    _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"),
)  # fmt: skip


class Channel(models.TextChoices):
    PHONE = "phone", _("by phone")
    VIDEO = "video", _("by video")
    VISIT = "visit", _("a visit")


class CadenceRule(TenantModel):
    """How often customers like these are spoken with, how long and how. What is empty says nothing of it."""

    class Risk(models.TextChoices):
        """How they are doing, as the board says it."""

        ON_TRACK = "on-track", _("on track")
        BEHIND = "behind", _("behind")
        STUCK = "stuck", _("stuck")
        PAUSED = "paused", _("paused")

    segment = models.ForeignKey(
        Segment, null=True, blank=True, on_delete=models.CASCADE, related_name="cadence_rules"
    )
    stage = models.CharField(max_length=12, choices=Milestone.Stage.choices, blank=True)
    risk = models.CharField(max_length=8, choices=Risk.choices, blank=True)
    every_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("Days from one call to the next; none: no calls are planned.")
    )
    minutes = models.PositiveSmallIntegerField(help_text=_("How long such a call is."))
    channel = models.CharField(max_length=5, choices=Channel.choices, default=Channel.VIDEO)
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "segment", "stage", "risk"],
                name="cadence_rule_once",
                condition=Q(segment__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["organisation", "stage", "risk"],
                name="cadence_rule_any_segment_once",
                condition=Q(segment=None),
            ),
            models.CheckConstraint(
                condition=(Q(every_days=None) | Q(every_days__gt=0)) & Q(minutes__gt=0, minutes__lte=LONGEST),
                name="cadence_rule_takes_time",
            ),
        ]

    @property
    def weight(self) -> tuple[int, bool, bool, bool]:
        """Who says more of whom it is for goes first; of equals risk before segment before stage."""
        said = bool(self.risk), self.segment_id is not None, bool(self.stage)
        return sum(said), *said

    def fits(self, *, segment_id: int | None, stage: str, risk: str) -> bool:
        return self.segment_id in (None, segment_id) and self.stage in ("", stage) and self.risk in ("", risk)


class WorkDay(TenantModel):
    """On one weekday, from when to when a member works, and for how many minutes of it calls are planned."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    weekday = models.PositiveSmallIntegerField(help_text=_("0 is Monday."))
    begins = models.TimeField()
    ends = models.TimeField()
    minutes = models.PositiveSmallIntegerField(help_text=_("For planned calls; the rest is for all else."))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "user", "weekday"], name="work_day_once"),
            models.CheckConstraint(
                condition=Q(weekday__lte=6, begins__lt=F("ends"), minutes__lte=LONGEST),
                name="work_day_has_hours",
            ),
        ]


class DayOffQuerySet(models.QuerySet["DayOff"]):
    def of(self, user: User) -> "DayOffQuerySet":
        """Theirs, and everybody's."""
        return self.filter(Q(user=user) | Q(user=None)).order_by("first_on", "pk")

    def until_after(self, day: date) -> "DayOffQuerySet":
        return self.filter(last_on__gte=day)


class DayOff(TenantModel):
    """Days on which a member, or nobody at all, plans calls: holidays."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    first_on = models.DateField()
    last_on = models.DateField()
    name = models.CharField(max_length=80, blank=True)

    objects = TenantManager.from_queryset(DayOffQuerySet)()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="day_off_ends_after_start")
        ]
        indexes = [models.Index(fields=["organisation", "user", "last_on"], name="day_off_of_user")]

    def covers(self, day: date) -> bool:
        return self.first_on <= day <= self.last_on


class PlanWeights(TenantModel):
    """What a call is worth to the week: one set an organisation. Without a row these defaults hold."""

    stuck = models.PositiveSmallIntegerField(default=40)
    behind = models.PositiveSmallIntegerField(default=25)
    on_track = models.PositiveSmallIntegerField(default=5)
    paused = models.PositiveSmallIntegerField(default=0)
    past_target = models.PositiveSmallIntegerField(default=20)
    near_target = models.PositiveSmallIntegerField(default=15)
    value = models.PositiveSmallIntegerField(
        default=30, help_text=_("For the largest contract of the coach's customers; others their part of it.")
    )
    overdue = models.PositiveSmallIntegerField(default=10, help_text=_("The day it was due has passed."))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation"], name="plan_weights_once")]


class OccurrenceQuerySet(models.QuerySet["Occurrence"]):
    def waiting(self) -> "OccurrenceQuerySet":
        """Neither spoken since, nor skipped, nor planned."""
        spoken = Call.objects.filter(customer=OuterRef("customer"), held_at__gte=OuterRef("counts_from"))
        planned = Touchpoint.objects.planned().filter(pk=OuterRef("touchpoint"))
        return self.filter(~Exists(spoken), ~Exists(planned), skipped_at=None)

    def skipped(self) -> "OccurrenceQuerySet":
        return self.exclude(skipped_at=None)


class Occurrence(TenantModel):
    """A call with a customer came due on a local day: once for each customer and day, for ever."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="occurrences")
    due_on = models.DateField(help_text=_("In the organisation's own days."))
    every_days = models.PositiveSmallIntegerField()
    minutes = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=5, choices=Channel.choices)
    counts_from = models.DateTimeField(help_text=_("A call held from here on is the one that was due."))
    raised_at = models.DateTimeField()
    raised_on = models.DateField(help_text=_("Later than due: nobody looked on the day itself."))
    touchpoint = models.ForeignKey(
        Touchpoint, null=True, blank=True, on_delete=models.SET_NULL, related_name="occurrences"
    )
    skipped_at = models.DateTimeField(null=True, blank=True)
    skipped_on = models.DateField(null=True, blank=True)
    skipped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    skipped_why = models.CharField(max_length=200, blank=True)

    objects = TenantManager.from_queryset(OccurrenceQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "customer", "due_on"], name="occurrence_once"),
            models.CheckConstraint(
                condition=Q(skipped_at=None, skipped_on=None, skipped_by=None, skipped_why="")
                | (
                    Q(skipped_at__isnull=False, skipped_on__isnull=False, skipped_by__isnull=False)
                    & ~Q(skipped_why="")
                ),
                name="occurrence_skipped_why",
            ),
        ]

    @property
    def days_late(self) -> int:
        """How many days after its day it was noticed."""
        return max(0, (self.raised_on - self.due_on).days)


def midnight(day: date, zone: "ZoneInfo") -> datetime:
    """The moment a local day begins, also where clocks skip it."""
    return datetime.combine(day, time(), tzinfo=zone)
