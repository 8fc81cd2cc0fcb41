"""The address under which a calendar program finds somebody's planned calls."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from organisations.tenancy import TenantManager, TenantModel


class CalendarFeed(TenantModel):
    """One per member: who holds its address sees their planned calls. Only the hash of it is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField(help_text=_("When this address was made; a new one ends the one before."))

    objects = TenantManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "user"], name="calendar_feed_one_each"),
            models.UniqueConstraint(fields=["organisation", "token_hash"], name="calendar_feed_once"),
        ]
