"""Events that other systems send, in Segment's protocol, and what we make of them."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models import Customer, Metric
from organisations.tenancy import TenantManager, TenantModel


class IncomingEventQuerySet(models.QuerySet["IncomingEvent"]):
    def newest_first(self) -> "IncomingEventQuerySet":
        return self.order_by("-pk")

    def waiting(self) -> "IncomingEventQuerySet":
        return self.filter(state=IncomingEvent.State.WAITING)


class IncomingEvent(TenantModel):
    """One message as it came, for 30 days: taken, waiting for something, or ignored, and why."""

    class State(models.TextChoices):
        TAKEN = "taken", _("taken")
        WAITING = "waiting", _("waiting")
        IGNORED = "ignored", _("ignored")

    class Waits(models.TextChoices):
        NOTHING = "", _("nothing")
        RULE = "rule", _("a rule for it")
        CUSTOMER = "customer", _("whose customer they are")

    message_id = models.CharField(max_length=100, help_text=_("The sender's own."))
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=200, blank=True)
    user_key = models.CharField(max_length=120, blank=True)
    customer_key = models.CharField(max_length=120, blank=True)
    customer = models.ForeignKey(Customer, null=True, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(help_text=_("When it was so, by the sender's clock set right."))
    received_at = models.DateTimeField()
    is_history = models.BooleanField(default=False)
    data = models.JSONField(
        default=dict, help_text=_("Numbers of an event; of a person, only until they are written down.")
    )
    state = models.CharField(max_length=8, choices=State.choices)
    waits_for = models.CharField(max_length=8, choices=Waits.choices, blank=True)
    why = models.CharField(max_length=200, blank=True)

    objects = TenantManager.from_queryset(IncomingEventQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "message_id"], name="incoming_event_once"),
            models.CheckConstraint(
                condition=(Q(state="waiting") & ~Q(waits_for="")) | (~Q(state="waiting") & Q(waits_for="")),
                name="incoming_event_waits_for",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "state", "name"], name="incoming_by_state"),
            models.Index(
                fields=["organisation", "user_key"],
                name="incoming_waiting_user",
                condition=Q(state="waiting"),
            ),
            models.Index(fields=["organisation", "received_at"], name="incoming_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}".strip()

    @property
    def numbers(self) -> dict[str, float]:
        found: dict[str, float] = self.data.get("numbers", {})
        return found

    @property
    def traits(self) -> dict[str, Any]:
        found: dict[str, Any] = self.data.get("traits", {})
        return found


class EventRule(TenantModel):
    """What an event of a name means: one more of a metric, or a number it carries as its value."""

    event = models.CharField(max_length=200)
    property = models.CharField(max_length=120, blank=True, help_text=_("Empty: each event counts as one."))
    metric = models.ForeignKey(
        Metric,
        null=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text=_("None: it is ignored."),
    )
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["event", "property"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "event", "property"], name="event_rule_once")
        ]


class EventPerson(TenantModel):
    """To which customer a user of the sender's belongs: the group they named last."""

    user_key = models.CharField(max_length=120)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "user_key"], name="event_person_once")]


class EventCount(TenantModel):
    """How many events were counted for a customer and a metric; the readings say the same."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    metric = models.ForeignKey(Metric, on_delete=models.CASCADE, related_name="+")
    count = models.BigIntegerField(default=0)
    last_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "customer", "metric"], name="event_count_once")
        ]
