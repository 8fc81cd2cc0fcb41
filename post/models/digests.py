"""Which member or chat channel had the digest of which period: the row is what makes it one."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organisations.models import Membership
from organisations.tenancy import TenantModel
from post.models.mails import Delivery
from post.models.webhooks import WebhookEndpoint


class Digest(TenantModel):
    """One's digest of one day or week. Made also when there was nothing to say; then nothing goes out."""

    membership = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.CASCADE, related_name="digests"
    )
    channel = models.ForeignKey(
        WebhookEndpoint, null=True, blank=True, on_delete=models.CASCADE, related_name="digests"
    )
    period = models.CharField(max_length=10, help_text=_("A day as 2026-03-12, or a week as 2026-W11."))
    made_at = models.DateTimeField()
    delivery = models.ForeignKey(Delivery, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "membership", "period"], name="digest_once"),
            models.UniqueConstraint(
                fields=["organisation", "channel", "period"], name="digest_once_in_a_channel"
            ),
            models.CheckConstraint(
                condition=Q(membership=None, channel__isnull=False)
                | Q(membership__isnull=False, channel=None),
                name="digest_of_one",
            ),
        ]
