"""What a milestone is good for at one customer: the outcome of theirs that it serves."""

from django.conf import settings
from django.db import models

from customers.models import Outcome
from milestones.models.enrolments import Enrolment
from organisations.tenancy import TenantModel


class Aim(TenantModel):
    """A milestone of an enrolment serves an outcome of its customer. At most one each."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="aims")
    milestone_key = models.SlugField(max_length=60)
    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, related_name="aims")
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "enrolment", "milestone_key"], name="aim_once")
        ]
