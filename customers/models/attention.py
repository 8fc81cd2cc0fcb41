"""What asks for somebody: champions who may be lost, requests about data; and after how many days."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models.people import Contact, Customer
from organisations.models import Organisation
from organisations.tenancy import TenantManager, TenantModel

DAYS = [MinValueValidator(1), MaxValueValidator(365)]


class Attention(TenantModel):
    """After how many days something asks for somebody. One row of an organisation that said otherwise."""

    PROMISE_DAYS, SILENT_DAYS = 7, 45

    promise_days = models.PositiveSmallIntegerField(
        default=PROMISE_DAYS, validators=DAYS, help_text=_("Days a promise from the sale may stay undecided.")
    )
    silent_days = models.PositiveSmallIntegerField(
        default=SILENT_DAYS, validators=DAYS, help_text=_("Days without a sign of a champion.")
    )
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation"], name="attention_once")]

    @classmethod
    def of(cls, organisation: Organisation) -> "Attention":
        """What holds: theirs, or what everybody begins with."""
        return cls.objects.filter(organisation=organisation).first() or cls(organisation=organisation)


class ChampionChangeQuerySet(models.QuerySet["ChampionChange"]):
    def open(self) -> "ChampionChangeQuerySet":
        return self.filter(closed_at=None)


class ChampionChange(TenantModel):
    """A sign that a champion is lost, until somebody has said what is so."""

    class Sign(models.TextChoices):
        BOUNCED = "bounced", _("their mails come back")
        SILENT = "silent", _("no sign of them")
        LEFT = "left", _("they left")
        SEEN = "seen", _("somebody saw it")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="champion_changes")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="champion_changes")
    sign = models.CharField(max_length=8, choices=Sign.choices)
    since = models.DateField(null=True, blank=True, help_text=_("Since when there is no sign of them."))
    words = models.TextField(blank=True, help_text=_("What somebody saw."))
    noticed_at = models.DateTimeField()
    noticed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    closed_why = models.CharField(max_length=300, blank=True)

    objects = TenantManager.from_queryset(ChampionChangeQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "contact"],
                name="champion_change_open_once",
                condition=Q(closed_at=None),
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_why="") | (Q(closed_at__isnull=False) & ~Q(closed_why="")),
                name="champion_change_closed_why",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "customer"], name="champion_change_of_customer")]


class DataRequestQuerySet(models.QuerySet["DataRequest"]):
    def open(self) -> "DataRequestQuerySet":
        return self.filter(closed_at=None)


class DataRequest(TenantModel):
    """What a person at a customer asks about their own data. An admin does it, and says so."""

    class Kind(models.TextChoices):
        EXPORT = "export", _("a copy of their data")
        ERASURE = "erasure", _("their data erased")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="data_requests")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="data_requests")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    asked_at = models.DateTimeField()
    is_demo = models.BooleanField(default=False, db_default=False)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    answer = models.TextField(blank=True, help_text=_("What was done, as they are told."))

    objects = TenantManager.from_queryset(DataRequestQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "contact", "kind"],
                name="data_request_open_once",
                condition=Q(closed_at=None, contact__isnull=False),
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, answer="") | (Q(closed_at__isnull=False) & ~Q(answer="")),
                name="data_request_closed_with_an_answer",
            ),
        ]
