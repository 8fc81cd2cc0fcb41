"""What somebody says back to a celebration, with one tap and perhaps a sentence."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from advocacy.models.celebrations import Celebration
from customers.models import Contact
from organisations.tenancy import TenantManager, TenantModel


class CelebrationReplyQuerySet(models.QuerySet["CelebrationReply"]):
    def unseen(self) -> "CelebrationReplyQuerySet":
        """Nobody here has taken it up yet."""
        return self.filter(replied_at__isnull=False, seen_at=None)


class CelebrationReply(TenantModel):
    """One guest's word back to one celebration, and whether they passed its card on."""

    celebration = models.ForeignKey(Celebration, on_delete=models.CASCADE, related_name="replies")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="celebration_replies")
    words = models.TextField(blank=True)
    may_tell = models.BooleanField(default=False, help_text=_("They would let it be told as a story."))
    replied_at = models.DateTimeField(null=True, blank=True)
    shared_at = models.DateTimeField(null=True, blank=True, help_text=_("When they passed the card on."))
    from_ip = models.GenericIPAddressField(null=True, blank=True)
    is_demo = models.BooleanField(default=False)
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = TenantManager.from_queryset(CelebrationReplyQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "celebration", "contact"], name="celebration_reply_once"
            ),
            models.CheckConstraint(
                condition=Q(replied_at__isnull=False) | Q(shared_at__isnull=False),
                name="celebration_reply_says_something",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "replied_at"],
                name="celebration_reply_unseen",
                condition=Q(seen_at=None),
            )
        ]
