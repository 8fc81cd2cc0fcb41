"""Which member had the digest of which period: the row is what makes it one."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from organisations.models import Membership
from organisations.tenancy import TenantModel
from post.models.mails import Delivery


class Digest(TenantModel):
    """A member's digest of one day or week. Made also when there was nothing to say, then without a mail."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="digests")
    period = models.CharField(max_length=10, help_text=_("A day as 2026-03-12, or a week as 2026-W11."))
    made_at = models.DateTimeField()
    delivery = models.ForeignKey(Delivery, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "membership", "period"], name="digest_once")
        ]
