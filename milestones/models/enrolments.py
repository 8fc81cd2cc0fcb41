"""Who is on which journey, and where they stand on it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from milestones.models.journeys import Criterion, Journey, JourneyVersion, Milestone
from organisations.tenancy import TenantManager, TenantModel


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def open(self) -> "EnrolmentQuerySet":
        return self.filter(ended_at=None)

    def of_customer(self, customer: Customer) -> "EnrolmentQuerySet":
        return self.filter(customer=customer)

    def asking_for(self, kind: str) -> "EnrolmentQuerySet":
        """On a version with a criterion of this kind."""
        return self.filter(version__in=Criterion.objects.filter(kind=kind).values("milestone__version"))

    def customer_ids(self) -> set[int]:
        return set(self.values_list("customer_id", flat=True))


class Enrolment(TenantModel):
    """A customer on a journey, pinned to one version of it."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="enrolments")
    journey = models.ForeignKey(Journey, on_delete=models.PROTECT, related_name="enrolments")
    version = models.ForeignKey(JourneyVersion, on_delete=models.PROTECT, related_name="enrolments")
    started_on = models.DateField(null=True, blank=True, help_text=_("The date given, else none."))
    started_at = models.DateTimeField(
        null=True, blank=True, help_text=_("That date's midnight in the organisation's zone.")
    )
    enrolled_at = models.DateTimeField()
    enrolled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=200, blank=True)
    is_judged = models.BooleanField(
        default=True, help_text=_("Leaving does not stop judging unless its reason says so.")
    )
    edited = models.JSONField(
        default=dict, blank=True, help_text=_("Field → when a person last edited it; imports keep those.")
    )
    # Kept by the judge, for lists:
    current = models.ForeignKey(
        Milestone,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("The first milestone not achieved; none at the end of the journey."),
    )
    current_key = models.SlugField(
        max_length=60, blank=True, default="", db_default="", help_text=_("The current milestone's key.")
    )
    due_on = models.DateField(
        null=True,
        blank=True,
        help_text=_("The current milestone's target date, moved by pauses; none while its clock stands."),
    )
    achieved_count = models.PositiveSmallIntegerField(default=0)
    moved_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When the last milestone was achieved, else when it started.")
    )

    objects = TenantManager.from_queryset(EnrolmentQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "customer", "journey"],
                name="enrolment_open_once",
                condition=Q(ended_at=None),
            ),
            models.CheckConstraint(
                condition=Q(started_on=None, started_at=None)
                | Q(started_on__isnull=False, started_at__isnull=False),
                name="enrolment_start_paired",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "version", "started_on"], name="enrolment_version"),
            models.Index(fields=["organisation", "current", "moved_at"], name="enrolment_current"),
            models.Index(
                fields=["organisation", "journey", "current_key", "moved_at", "id"],
                name="enrolment_board",
                condition=Q(ended_at=None),
            ),
            models.Index(
                fields=["organisation", "due_on", "id"], name="enrolment_due", condition=Q(ended_at=None)
            ),
        ]
