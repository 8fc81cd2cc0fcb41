"""Whether a customer still agrees with how a milestone is worded, asked in a message of its journey."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models import Contact
from milestones.models.journeys import Milestone
from milestones.models.progress import UNDO_FOR, Enrolment
from organisations.tenancy import TenantManager, TenantModel


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def open_objections(self) -> "AgreementQuerySet":
        """Wordings a customer says do not fit, until somebody here has taken that up."""
        return self.filter(answer=Agreement.Answer.WRONG, settled_at=None)


class Agreement(TenantModel):
    """One question to one contact, and their word on it. Neither changes a milestone by itself."""

    class Answer(models.TextChoices):
        RIGHT = "right", _("still right")
        WRONG = "wrong", _("no longer right")

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="agreements")
    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="agreements")
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=5, choices=Answer.choices, blank=True)
    words = models.TextField(blank=True, help_text=_("Why it is no longer right, in theirs."))
    answered_at = models.DateTimeField(null=True, blank=True)
    from_ip = models.GenericIPAddressField(null=True, blank=True)
    is_demo = models.BooleanField(default=False)
    settled_at = models.DateTimeField(null=True, blank=True, help_text=_("When somebody here took it up."))
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = TenantManager.from_queryset(AgreementQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "enrolment", "milestone", "contact"],
                name="agreement_open_once",
                condition=Q(answered_at=None),
            ),
            models.CheckConstraint(
                condition=Q(answer="", words="", answered_at=None)
                | (Q(answer="right", words="") | (Q(answer="wrong") & ~Q(words="")))
                & Q(answered_at__isnull=False),
                name="agreement_answered_whole",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "answered_at"],
                name="agreement_objections",
                condition=Q(answer="wrong", settled_at=None),
            )
        ]

    @property
    def is_right(self) -> bool:
        return self.answer == self.Answer.RIGHT

    def can_be_undone(self, now: datetime) -> bool:
        return self.answered_at is not None and now < self.answered_at + UNDO_FOR

    @property
    def undo_until(self) -> datetime | None:
        return self.answered_at + UNDO_FOR if self.answered_at else None
