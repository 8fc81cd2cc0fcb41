"""Other systems that hear what happens: an address of theirs, and every call to it with its state."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organisations.tenancy import TenantManager, TenantModel


class WebhookEndpointQuerySet(models.QuerySet["WebhookEndpoint"]):
    def listening(self) -> "WebhookEndpointQuerySet":
        """Those that are not switched off."""
        return self.filter(off_at=None)


class WebhookEndpoint(TenantModel):
    """An address that is called when something happens. Its secrets are encrypted; see `post.signing`.

    The address of a chat channel is itself the secret: whoever has it may write there. So it stands in
    `secret`, and `url` shows no more of it than tells one from another.
    """

    class Style(models.TextChoices):
        SIGNED = "signed", _("signed, as Standard Webhooks has it")
        SLACK = "slack", _("Slack")
        TEAMS = "teams", _("Microsoft Teams")

    style = models.CharField(
        max_length=6, choices=Style.choices, default=Style.SIGNED, db_default=Style.SIGNED
    )
    url = models.URLField(max_length=500)
    about = models.CharField(max_length=120, blank=True, help_text=_("What stands behind it."))
    kinds = models.JSONField(default=list, help_text=_("What it is told; empty: everything."))
    secret = models.TextField()
    earlier_secret = models.TextField(blank=True, help_text=_("Signs as well until `earlier_until`."))
    earlier_until = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    paused_until = models.DateTimeField(
        null=True, blank=True, help_text=_("It did not answer, or asked us to wait.")
    )
    off_at = models.DateTimeField(null=True, blank=True)
    off_why = models.CharField(max_length=200, blank=True)

    objects = TenantManager.from_queryset(WebhookEndpointQuerySet)()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(off_at=None, off_why="") | (Q(off_at__isnull=False) & ~Q(off_why="")),
                name="webhook_off_says_why",
            ),
            models.CheckConstraint(
                condition=Q(earlier_secret="", earlier_until=None)
                | (~Q(earlier_secret="") & Q(earlier_until__isnull=False)),
                name="webhook_earlier_secret_ends",
            ),
        ]

    def __str__(self) -> str:
        return self.about or self.url

    @property
    def is_channel(self) -> bool:
        return self.style != self.Style.SIGNED

    def hears(self, kind: str) -> bool:
        """Whether it is told of this. Nothing chosen means everything; a channel hears what was chosen."""
        return kind in self.kinds or not (self.kinds or self.is_channel)

    def is_paused(self, now: datetime) -> bool:
        return self.paused_until is not None and self.paused_until > now


class WebhookDeliveryQuerySet(models.QuerySet["WebhookDelivery"]):
    def newest_first(self) -> "WebhookDeliveryQuerySet":
        return self.order_by("-pk")

    def waiting(self) -> "WebhookDeliveryQuerySet":
        return self.filter(state=WebhookDelivery.State.PENDING)

    def stop(self, *, now: datetime) -> int:
        """Those of them that wait are not made after all. What is being called is past stopping."""
        waiting = self.waiting()
        WebhookDue.objects.filter(delivery__in=waiting).delete()
        return waiting.update(
            state=WebhookDelivery.State.STOPPED, settled_at=now, lease_token=None, lease_until=None
        )


class WebhookDelivery(TenantModel):
    """One fact on its way to one address. It keeps its id and its bytes, however often it is sent."""

    class State(models.TextChoices):
        PENDING = "pending", _("waiting to go")
        DELIVERED = "delivered", _("taken")
        FAILED = "failed", _("given up")
        STOPPED = "stopped", _("stopped")

    RESTING = (State.DELIVERED, State.FAILED, State.STOPPED)

    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries")
    kind = models.CharField(max_length=40)
    fact = models.CharField(max_length=100, help_text=_("What it tells of: told to an address once."))
    message_id = models.CharField(max_length=40)
    body = models.TextField()
    customer_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    tries = models.JSONField(default=list, help_text=_("The last ones: [{at, status, ms, words}]."))
    lease_token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)

    objects = TenantManager.from_queryset(WebhookDeliveryQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "endpoint", "fact"], name="webhook_fact_once"),
            models.CheckConstraint(
                condition=Q(state="pending", settled_at=None)
                | (~Q(state="pending") & Q(settled_at__isnull=False)),
                name="webhook_settled_when",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "endpoint", "state", "-id"], name="webhook_by_state"),
            models.Index(fields=["organisation", "settled_at"], name="webhook_settled"),
        ]

    @property
    def last_try(self) -> dict[str, Any]:
        return self.tries[-1] if self.tries else {}


class WebhookDue(models.Model):
    """The thin table the post loop reads across organisations, as `PostDue` is for mails."""

    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.CASCADE, related_name="+")
    delivery = models.OneToOneField(
        WebhookDelivery, primary_key=True, on_delete=models.CASCADE, related_name="due"
    )
    due_at = models.DateTimeField()

    class Meta:
        db_table = "post_webhook_due"
        indexes = [
            models.Index(fields=["due_at", "delivery"], name="webhook_due_soonest"),
            models.Index(fields=["organisation", "due_at", "delivery"], name="webhook_due_organisation"),
        ]
