"""What a customer may take up after a win: the organisation's menu by stage, and what somebody picked."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models import Contact, Outcome
from milestones.models.enrolments import Enrolment
from milestones.models.journeys import Milestone
from milestones.models.progress import UNDO_FOR
from organisations.tenancy import TenantManager, TenantModel


class NextStep(TenantModel):
    """One line of the menu as an organisation words it; what it did not word reads as it was shipped."""

    class Kind(models.TextChoices):
        DEEPEN = "deepen", _("deepen")
        TEACH = "teach", _("teach a peer")
        PRESENT = "present", _("present it")
        STRETCH = "stretch", _("stretch goal")

    class Becomes(models.TextChoices):
        COMMITMENT = "commitment", _("a commitment of theirs")
        OUTCOME = "outcome", _("an outcome to be put in their words")

    stage = models.CharField(max_length=12, choices=Milestone.Stage.choices)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    words = models.CharField(max_length=200, blank=True, help_text=_("Empty: not offered at this stage."))
    becomes = models.CharField(max_length=10, choices=Becomes.choices, default=Becomes.COMMITMENT)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "stage", "kind"], name="next_step_once")
        ]


class PickQuerySet(models.QuerySet["Pick"]):
    def standing(self) -> "PickQuerySet":
        return self.filter(withdrawn_at=None)

    def new(self) -> "PickQuerySet":
        """Nobody here has taken them up yet."""
        return self.standing().filter(taken_up_at=None)


class Pick(TenantModel):
    """What somebody at a customer chose after a win: it is a commitment of theirs, or an outcome to word."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="picks")
    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, related_name="+")
    milestone_key = models.SlugField(max_length=60)
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="picks")
    kind = models.CharField(max_length=8, choices=NextStep.Kind.choices)
    words = models.CharField(max_length=200, help_text=_("As the menu had it when it was chosen."))
    due_on = models.DateField(null=True, blank=True)
    outcome = models.ForeignKey(Outcome, null=True, on_delete=models.SET_NULL, related_name="+")
    commitment_id = models.BigIntegerField(null=True, help_text=_("The commitment it became."))
    at = models.DateTimeField()
    is_demo = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    taken_up_at = models.DateTimeField(null=True, blank=True, help_text=_("When somebody here took it up."))
    taken_up_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = TenantManager.from_queryset(PickQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "enrolment", "milestone_key"],
                name="pick_once",
                condition=Q(withdrawn_at=None),
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "at"],
                name="pick_new",
                condition=Q(withdrawn_at=None, taken_up_at=None),
            )
        ]

    @property
    def undo_until(self) -> datetime:
        return self.at + UNDO_FOR

    def can_be_undone(self, now: datetime) -> bool:
        """Whoever picked may take it back for 24 hours, until somebody here has taken it up."""
        return self.withdrawn_at is None and self.taken_up_at is None and now <= self.undo_until
