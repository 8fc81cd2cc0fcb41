"""Celebrations: one per achieved milestone, for ever."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models import Contact
from milestones.models import Achievement, Enrolment, Milestone
from organisations.tenancy import TenantManager, TenantModel


class CelebrationQuerySet(models.QuerySet["Celebration"]):
    def waiting(self) -> "CelebrationQuerySet":
        """Those a person can still edit, stop or send: in review, or waiting for their hold to pass."""
        return self.filter(state__in=[Celebration.State.REVIEW, Celebration.State.WAITING])

    def with_people(self) -> "CelebrationQuerySet":
        """With its customer, milestone, signer and guests: everything a page of it shows."""
        return self.select_related(
            "organisation", "enrolment__customer__owner", "enrolment__journey", "milestone", "signed_by",
            "stopped_by", "achievement",
        ).prefetch_related("guests__recipient")  # fmt: skip

    def soonest_first(self) -> "CelebrationQuerySet":
        return self.order_by("due_at", "id")

    def newest_first(self) -> "CelebrationQuerySet":
        return self.order_by("-made_at", "-id")


class Celebration(TenantModel):
    """The mail that honours one achievement. Unique per enrolment and milestone key for ever."""

    class State(models.TextChoices):
        REVIEW = "review", _("waits for a person's yes")
        WAITING = "waiting", _("waits for its hold to pass")
        POSTED = "posted", _("in the post")
        STOPPED = "stopped", _("stopped")
        SIMULATED = "simulated", _("simulated, never sent")

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="celebrations")
    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, related_name="+")
    milestone_key = models.SlugField(max_length=60)
    achievement = models.ForeignKey(Achievement, on_delete=models.CASCADE, related_name="celebrations")
    state = models.CharField(max_length=10, choices=State.choices)
    state_why = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text=_("When the hold has passed."))
    posted_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    contested_after_at = models.DateTimeField(null=True, blank=True, help_text=_("Sent before this contest."))
    fact = models.TextField(blank=True, help_text=_("One specific fact from the evidence."))
    personal_line = models.TextField(blank=True, help_text=_("A line the CSM adds."))
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    guests = models.ManyToManyField(Contact, through="CelebrationGuest", related_name="celebrations")

    objects = TenantManager.from_queryset(CelebrationQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "enrolment", "milestone_key"], name="celebration_once_for_ever"
            )
        ]
        indexes = [
            models.Index(
                fields=["organisation", "due_at"],
                name="celebration_due",
                condition=models.Q(state="waiting"),
            ),
            models.Index(fields=["organisation", "state", "-made_at"], name="celebration_state"),
        ]


class CelebrationGuest(TenantModel):
    """Who a celebration is sent to."""

    celebration = models.ForeignKey(Celebration, on_delete=models.CASCADE, related_name="invited")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="seats")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "celebration", "contact"], name="guest_once")
        ]
