"""Support cases: how quickly customers were answered, and whether it was solved the first time."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from customers.models.people import Customer
from organisations.tenancy import TenantManager, TenantModel


class SupportCaseQuerySet(models.QuerySet["SupportCase"]):
    def standing(self) -> "SupportCaseQuerySet":
        """All but those an undo took back."""
        return self.filter(retracted_by=None)

    def open(self) -> "SupportCaseQuerySet":
        return self.standing().filter(resolved_at=None)

    def newest_first(self) -> "SupportCaseQuerySet":
        return self.order_by("-opened_at", "-pk")


class SupportCase(TenantModel):
    """One question or trouble of a customer, as the help desk keeps it. What a desk does not say is none."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="cases")
    subject = models.CharField(max_length=300, blank=True)
    opened_at = models.DateTimeField()
    first_answer_at = models.DateTimeField(null=True, help_text=_("The first answer by a person."))
    resolved_at = models.DateTimeField(null=True)
    reopened_count = models.PositiveIntegerField(
        null=True, help_text=_("How often the answer was not enough; none when the desk does not say.")
    )
    reopened_at = models.DateTimeField(null=True, help_text=_("The last time."))
    reassigned_count = models.PositiveIntegerField(
        null=True, help_text=_("How often it was handed on; none when the desk does not say.")
    )
    channel = models.CharField(max_length=40, blank=True)
    urgency = models.CharField(max_length=40, blank=True)
    satisfaction = models.FloatField(null=True, help_text=_("What the customer answered afterwards."))
    satisfaction_of = models.FloatField(null=True, help_text=_("The best answer of that scale."))
    recorded_at = models.DateTimeField(help_text=_("When we learned it."))
    source = models.CharField(max_length=60)
    external_id = models.CharField(max_length=200, help_text=_("The source's id."))
    import_id = models.BigIntegerField(null=True)
    retracted_by = models.BigIntegerField(null=True, help_text=_("The import whose undo took it back."))

    objects = TenantManager.from_queryset(SupportCaseQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "source", "external_id"],
                name="case_once",
                condition=Q(retracted_by=None),
            ),
            models.CheckConstraint(
                condition=Q(satisfaction=None)
                | Q(satisfaction_of__isnull=False, satisfaction__gte=0)
                & Q(satisfaction__lte=F("satisfaction_of")),
                name="case_satisfaction_on_scale",
            ),
            models.CheckConstraint(
                condition=Q(resolved_at=None) | Q(resolved_at__gte=F("opened_at")),
                name="case_resolved_after_opening",
            ),
            models.CheckConstraint(
                condition=Q(first_answer_at=None) | Q(first_answer_at__gte=F("opened_at")),
                name="case_answered_after_opening",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "customer", "-opened_at"], name="case_of_customer"),
            models.Index(fields=["organisation", "import_id"], name="case_import"),
        ]

    @property
    def is_open(self) -> bool:
        return self.resolved_at is None

    @property
    def waited(self) -> timedelta | None:
        """How long they waited for the first answer; none when that is not known."""
        return self.first_answer_at - self.opened_at if self.first_answer_at else None
