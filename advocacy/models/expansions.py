"""Growth: rules that name a sign of it, what customers say they need, and what came of both."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coaching.models import Call
from customers.models import Contact, Customer, Metric
from milestones.models import Achievement
from organisations.tenancy import TenantManager, TenantModel


class ExpansionRuleQuerySet(models.QuerySet["ExpansionRule"]):
    def in_force(self) -> "ExpansionRuleQuerySet":
        return self.filter(retired_at=None)


class ExpansionRule(TenantModel):
    """A sign that a customer outgrows what they have: a metric at a threshold."""

    class Operator(models.TextChoices):
        AT_LEAST = "at_least", _("at least")
        AT_MOST = "at_most", _("at most")

    name = models.CharField(max_length=120, help_text=_("What might be offered."))
    metric = models.ForeignKey(Metric, on_delete=models.PROTECT, related_name="+")
    operator = models.CharField(max_length=8, choices=Operator.choices, default=Operator.AT_LEAST)
    threshold = models.FloatField()
    need_days = models.PositiveSmallIntegerField(
        default=180, help_text=_("For so many days what they said they need is taken for true.")
    )
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = TenantManager.from_queryset(ExpansionRuleQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"],
                name="expansion_rule_name_once",
                condition=Q(retired_at=None),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Need(TenantModel):
    """A sentence in which somebody there says what they need next, with who said it."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="needs")
    words = models.TextField(help_text=_("As they said it."))
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    said_by = models.CharField(max_length=120, blank=True, help_text=_("Who said it, if not on file."))
    said_on = models.DateField()
    call = models.ForeignKey(Call, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["organisation", "customer", "-said_on"], name="need_of_customer")]

    @property
    def whose(self) -> str:
        return self.contact.name if self.contact else self.said_by


class ExpansionQuerySet(models.QuerySet["Expansion"]):
    def signals(self) -> "ExpansionQuerySet":
        """Found, and nobody has decided."""
        return self.filter(state=Expansion.State.SIGNAL)

    def pursued(self) -> "ExpansionQuerySet":
        return self.filter(state=Expansion.State.CONFIRMED)

    def with_people(self) -> "ExpansionQuerySet":
        return self.select_related(
            "organisation", "customer__owner", "rule__metric", "need__contact", "need__call",
            "achievement__milestone", "decided_by", "closed_by",
        )  # fmt: skip


class Expansion(TenantModel):
    """A verified outcome, a sign of capacity and a stated need met at one customer; a person decides."""

    class State(models.TextChoices):
        SIGNAL = "signal", _("signal")
        CONFIRMED = "confirmed", _("pursued")
        DISMISSED = "dismissed", _("dismissed")
        WON = "won", _("won")
        LOST = "lost", _("lost")

    OPEN = (State.SIGNAL, State.CONFIRMED)

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="expansions")
    rule = models.ForeignKey(ExpansionRule, on_delete=models.PROTECT, related_name="expansions")
    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="expansions")
    achievement = models.ForeignKey(
        Achievement,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("The verified outcome it grows from."),
    )
    value = models.FloatField(help_text=_("What the metric showed when it was found."))
    found_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.SIGNAL)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    why = models.CharField(max_length=300, blank=True, help_text=_("Why it was dismissed, or lost."))
    amount_e4 = models.BigIntegerField(null=True, blank=True, help_text=_("In ten-thousandths of the unit."))
    currency = models.CharField(max_length=3, blank=True)
    next_step = models.CharField(max_length=200, blank=True)
    next_on = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = TenantManager.from_queryset(ExpansionQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "rule", "need"], name="expansion_of_need_once"),
            models.UniqueConstraint(
                fields=["organisation", "customer", "rule"],
                name="expansion_open_once",
                condition=Q(state__in=["signal", "confirmed"]),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["signal", "confirmed", "won"]) | ~Q(why=""), name="expansion_says_why"
            ),
            models.CheckConstraint(
                condition=Q(amount_e4=None, currency="") | (Q(amount_e4__isnull=False) & ~Q(currency="")),
                name="expansion_amount_has_currency",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "state", "next_on"], name="expansion_state")]

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def said_value(self) -> str:
        return self.rule.metric.said(self.value)
