"""Which resource went to whom, whether they opened it and whether it helped; and the recap of a call."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coaching.models.calls import Call
from coaching.models.resources import Resource, ResourceEdition
from customers.models import Contact, Customer
from organisations.tenancy import TenantManager, TenantModel
from post.models import Delivery


class SendingQuerySet(models.QuerySet["Sending"]):
    def newest_first(self) -> "SendingQuerySet":
        return self.order_by("-sent_at", "-id")

    def left(self) -> "SendingQuerySet":
        """Whose mail left; in the demo, was made."""
        return self.filter(delivery__state__in=[Delivery.State.SENT, Delivery.State.SIMULATED])

    def with_people(self) -> "SendingQuerySet":
        """With what was sent, to whom, and what became of the mail."""
        return self.select_related("resource", "edition", "contact", "customer", "sent_by", "delivery").defer(
            "delivery__text", "delivery__html", "delivery__links", "edition__body"
        )


class Sending(TenantModel):
    """One edition of a resource, sent to one person, once."""

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="sendings")
    edition = models.ForeignKey(ResourceEdition, on_delete=models.CASCADE, related_name="sendings")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="resource_sendings")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="resource_sendings")
    call = models.ForeignKey(
        Call,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="sendings",
        help_text=_("The call after which it was sent."),
    )
    words = models.TextField(blank=True, help_text=_("What the sender wrote along with it."))
    sent_at = models.DateTimeField(help_text=_("When it was put in the outbox."))
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    delivery = models.ForeignKey(Delivery, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    opened_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When a person first looked at it; scanners do not count.")
    )
    has_helped = models.BooleanField(null=True, blank=True, help_text=_("What they say of it."))
    judged_at = models.DateTimeField(null=True, blank=True)
    is_demo = models.BooleanField(
        default=False, help_text=_("Judged by a member who looked as the customer, in the demo.")
    )

    objects = TenantManager.from_queryset(SendingQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "edition", "contact"], name="sending_once"),
            models.CheckConstraint(
                condition=Q(has_helped=None, judged_at=None)
                | Q(has_helped__isnull=False, judged_at__isnull=False),
                name="sending_judged_when",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "customer", "-sent_at", "-id"], name="sending_customer"),
            models.Index(fields=["organisation", "resource", "sent_at", "id"], name="sending_resource"),
        ]

    @property
    def key(self) -> str:
        """What the outbox knows its mail by."""
        return f"resource-{self.edition_id}-{self.contact_id}"


class Recap(TenantModel):
    """What a customer is written after a call: drafted from its record, edited, then sent. One per call."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="recaps")
    subject = models.CharField(max_length=200)
    body = models.TextField(help_text=_("Markdown."))
    begun_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True, help_text=_("When it first went to anybody."))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "call"], name="recap_once")]


class RecapCopy(TenantModel):
    """That a recap went to one person: once, for ever. What it said stands in the outbox."""

    recap = models.ForeignKey(Recap, on_delete=models.CASCADE, related_name="copies")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="recaps")
    sent_at = models.DateTimeField(help_text=_("When it was put in the outbox."))
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    delivery = models.ForeignKey(Delivery, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "recap", "contact"], name="recap_copy_once")
        ]
