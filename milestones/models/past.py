"""What was reached before Bosai knew of it, and baselines: rates frozen on a day."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from milestones.models.enrolments import Enrolment
from milestones.models.journeys import Journey
from organisations.tenancy import TenantManager, TenantModel


class PastAchievementQuerySet(models.QuerySet["PastAchievement"]):
    def standing(self) -> "PastAchievementQuerySet":
        """All but those an undo took back."""
        return self.filter(retracted_by=None)


class PastAchievement(TenantModel):
    """That a milestone was reached on a day in the past, as another system says. Evidence for the judge."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="past_achievements")
    milestone_key = models.SlugField(max_length=60)
    achieved_at = models.DateTimeField()
    recorded_at = models.DateTimeField(help_text=_("When we learned it."))
    source = models.CharField(max_length=60)
    import_id = models.BigIntegerField(null=True)
    retracted_by = models.BigIntegerField(null=True, help_text=_("The import whose undo took it back."))

    objects = TenantManager.from_queryset(PastAchievementQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "enrolment", "milestone_key"],
                name="past_achievement_once",
                condition=Q(retracted_by=None),
            )
        ]
        indexes = [models.Index(fields=["organisation", "import_id"], name="past_achievement_import")]


class BaselineQuerySet(models.QuerySet["Baseline"]):
    def newest_first(self) -> "BaselineQuerySet":
        return self.order_by("-frozen_at", "-pk")


class Baseline(TenantModel):
    """How a journey stood on a day, frozen: what later figures are held against. Never changed afterwards."""

    journey = models.ForeignKey(Journey, on_delete=models.PROTECT, related_name="baselines")
    on = models.DateField(help_text=_("The last day that counts."))
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    enrolled = models.PositiveIntegerField()
    brought_in = models.PositiveIntegerField(
        help_text=_("How many of the achievements had come in as history.")
    )
    definitions = models.JSONField(
        null=True, help_text=_("What the figures meant then, in words; none before that was kept.")
    )

    objects = TenantManager.from_queryset(BaselineQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "journey", "on"], name="baseline_day_once")
        ]


class BaselineRate(TenantModel):
    """One milestone of a baseline: how many of those enrolled had reached it, with the 95 % interval."""

    baseline = models.ForeignKey(Baseline, on_delete=models.PROTECT, related_name="rates")
    milestone_key = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField()
    achieved = models.PositiveIntegerField()
    of = models.PositiveIntegerField()
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    on_time = models.PositiveIntegerField()
    due = models.PositiveIntegerField()
    median_days = models.FloatField(null=True)
    median_n = models.PositiveIntegerField()
    timeline = models.JSONField(
        null=True, help_text=_("How long it took: counts, quantiles, curve; none before that was kept.")
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "baseline", "milestone_key"], name="baseline_rate_once"
            )
        ]
        ordering = ["position"]

    @property
    def share(self) -> float | None:
        return self.achieved / self.of if self.of else None
