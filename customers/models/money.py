"""What customers pay: single transactions, and subscriptions that run. Amounts are ten-thousandths of a unit.

Transactions are append-only, like readings: a correction replaces, an undo retracts. A subscription is one
row that changes with what its source says of it.
"""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Count, F, Max, Min, Q, Sum
from django.utils.translation import gettext_lazy as _

from customers.models.people import Customer
from organisations.tenancy import TenantManager, TenantModel


class TransactionQuerySet(models.QuerySet["Transaction"]):
    def standing(self) -> "TransactionQuerySet":
        """Neither retracted nor replaced by a correction."""
        return self.filter(is_standing=True)

    def sums(self) -> list[dict[str, Any]]:
        """By currency, the largest first: how many, how much, since when and until when.

        `costs_e4` is the cost of those n_costed whose cost is known, `costed_e4` what they brought in.
        """
        costed = Q(cost_e4__isnull=False)
        return list(
            self.order_by()
            .values("currency")
            .annotate(
                n=Count("pk"),
                total_e4=Sum("amount_e4"),
                n_costed=Count("pk", filter=costed),
                costs_e4=Sum("cost_e4"),
                costed_e4=Sum("amount_e4", filter=costed),
                first_at=Min("at"),
                last_at=Max("at"),
            )
            .order_by("-total_e4", "currency")
        )


class Transaction(TenantModel):
    """One payment, order or deal of a customer. Negative when it was paid back."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="transactions")
    at = models.DateTimeField(help_text=_("When it was so."))
    recorded_at = models.DateTimeField(help_text=_("When we learned it."))
    amount_e4 = models.BigIntegerField(help_text=_("In ten-thousandths of the currency's unit."))
    cost_e4 = models.BigIntegerField(null=True, help_text=_("What it cost to deliver; none when unknown."))
    currency = models.CharField(max_length=3)
    about = models.CharField(max_length=200, blank=True, help_text=_("What it was for."))
    source = models.CharField(max_length=60)
    external_id = models.CharField(max_length=200, help_text=_("The source's id."))
    import_id = models.BigIntegerField(null=True)
    is_standing = models.BooleanField(default=True)
    replaced_by = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    retracted_by = models.BigIntegerField(null=True, help_text=_("The import whose undo took it back."))

    objects = TenantManager.from_queryset(TransactionQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "source", "external_id"],
                name="transaction_once",
                condition=Q(is_standing=True),
            ),
            models.CheckConstraint(
                condition=Q(is_standing=True, replaced_by=None, retracted_by=None)
                | (Q(is_standing=False) & (Q(replaced_by__isnull=False) | Q(retracted_by__isnull=False))),
                name="transaction_standing_or_why_not",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "customer", "-at"],
                name="transaction_of_customer",
                condition=Q(is_standing=True),
            ),
            models.Index(fields=["organisation", "import_id"], name="transaction_import"),
        ]


TIMES_A_YEAR = {"week": 52, "month": 12, "quarter": 4, "half-year": 2, "year": 1}
"""How often a subscription of each interval is paid in a year."""


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def standing(self) -> "SubscriptionQuerySet":
        """All but those an undo took back."""
        return self.filter(retracted_by=None)

    def running(self, on: date) -> "SubscriptionQuerySet":
        """Begun by that day, and not past their last day."""
        return self.standing().filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on)

    def newest_first(self) -> "SubscriptionQuerySet":
        """Those that go on, then the latest to end."""
        return self.order_by(F("ends_on").desc(nulls_first=True), "-starts_on", "-pk")


class Subscription(TenantModel):
    """What a customer pays again and again, from a first day to a last one or until further notice."""

    class Interval(models.TextChoices):
        WEEK = "week", _("a week")
        MONTH = "month", _("a month")
        QUARTER = "quarter", _("a quarter")
        HALF_YEAR = "half-year", _("half a year")
        YEAR = "year", _("a year")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="subscriptions")
    plan = models.CharField(max_length=120, blank=True)
    starts_on = models.DateField(help_text=_("Its first day."))
    ends_on = models.DateField(null=True, blank=True, help_text=_("Its last day; none while it goes on."))
    amount_e4 = models.BigIntegerField(
        help_text=_("For each interval, in ten-thousandths of the currency's unit.")
    )
    currency = models.CharField(max_length=3)
    interval = models.CharField(max_length=9, choices=Interval.choices)
    recorded_at = models.DateTimeField(help_text=_("When we learned it."))
    source = models.CharField(max_length=60)
    external_id = models.CharField(max_length=200, help_text=_("The source's id."))
    import_id = models.BigIntegerField(null=True)
    retracted_by = models.BigIntegerField(null=True, help_text=_("The import whose undo took it back."))

    objects = TenantManager.from_queryset(SubscriptionQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "source", "external_id"],
                name="subscription_once",
                condition=Q(retracted_by=None),
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="subscription_ends_after_start",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "customer", "starts_on"], name="subscription_of_customer"),
            models.Index(fields=["organisation", "import_id"], name="subscription_import"),
        ]

    def is_running(self, on: date) -> bool:
        return self.starts_on <= on and (self.ends_on is None or self.ends_on >= on)
