"""When the clock of a journey stands: a holiday, a project on hold."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from milestones.models.enrolments import Enrolment
from milestones.models.journeys import Journey
from organisations.tenancy import TenantManager, TenantModel

WHY_LENGTH = 200


class PauseQuerySet(models.QuerySet["Pause"]):
    def standing(self) -> "PauseQuerySet":
        """All but those that were taken back."""
        return self.filter(withdrawn_at=None)

    def covering(self, day: date) -> "PauseQuerySet":
        """Those in which the clock stands on that day."""
        runs_later = Q(resumes_on=None) | Q(resumes_on__gt=day)
        return self.standing().filter(runs_later, starts_on__lte=day)

    def by_enrolment(self, enrolments: Iterable[Enrolment]) -> "dict[int, list[Pause]]":
        """Those of each of these enrolments, by its id."""
        found: dict[int, list[Pause]] = defaultdict(list)
        for pause in self.filter(enrolment__in=[row.pk for row in enrolments]):
            found[pause.enrolment_id].append(pause)
        return found


class Pause(TenantModel):
    """Days on which the clock of an enrolment stands, from the first until it runs again.

    It ends by itself when that day comes; without one it lasts until somebody says that they go on.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="pauses")
    starts_on = models.DateField(help_text=_("The first day on which the clock stands."))
    resumes_on = models.DateField(
        null=True, blank=True, help_text=_("The day on which it runs again; none: until somebody says so.")
    )
    why = models.CharField(max_length=WHY_LENGTH)
    paused_at = models.DateTimeField()
    paused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    resumed_at = models.DateTimeField(null=True, blank=True, help_text=_("When somebody ended it by hand."))
    resumed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True, help_text=_("Taken back: it never was."))
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = TenantManager.from_queryset(PauseQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "enrolment"],
                name="pause_open_once",
                condition=Q(resumes_on=None, withdrawn_at=None),
            ),
            models.CheckConstraint(
                condition=Q(resumes_on=None) | Q(resumes_on__gt=F("starts_on")), name="pause_has_days"
            ),
            models.CheckConstraint(condition=~Q(why=""), name="pause_has_reason"),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "enrolment", "starts_on"],
                name="pause_standing",
                condition=Q(withdrawn_at=None),
            )
        ]

    def covers(self, day: date) -> bool:
        return self.starts_on <= day and (self.resumes_on is None or day < self.resumes_on)


class Patience(TenantModel):
    """After how many days without progress a customer counts as stuck, set by hand: for one milestone of a
    journey or (no key) for all of them that have none of their own."""

    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, related_name="patience")
    milestone_key = models.SlugField(max_length=60, blank=True)
    days = models.PositiveIntegerField()
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "journey", "milestone_key"], name="patience_once"
            ),
            models.CheckConstraint(condition=Q(days__gte=1), name="patience_has_days"),
        ]
