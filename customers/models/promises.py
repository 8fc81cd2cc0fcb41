"""What a customer was promised before they bought, and every decision about it, only ever added."""

from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models.outcomes import Outcome
from customers.models.people import Contact, Customer
from organisations.tenancy import TenantManager, TenantModel


class PromiseQuerySet(models.QuerySet["Promise"]):
    def standing(self) -> "PromiseQuerySet":
        """All but those an undo took back."""
        return self.filter(retracted_by=None)

    def undecided(self) -> "PromiseQuerySet":
        return self.standing().filter(state=Promise.State.UNDECIDED)

    def waiting_since(self, moment: datetime) -> "PromiseQuerySet":
        """Undecided, and known for at least that long."""
        return self.undecided().filter(recorded_at__lte=moment)

    def with_names(self) -> "PromiseQuerySet":
        return self.select_related("customer", "member", "outcome")

    def in_order(self) -> "PromiseQuerySet":
        """What waits for a decision first, then by their date."""
        waits = models.Case(
            models.When(state=Promise.State.UNDECIDED, then=0), default=1, output_field=models.IntegerField()
        )
        return self.order_by(waits, models.F("due_on").asc(nulls_last=True), "id")


class Promise(TenantModel):
    """One promise from the sale: who said what, where, and by when it is to be so."""

    class State(models.TextChoices):
        UNDECIDED = "undecided", _("not decided yet")
        OUTCOME = "outcome", _("an outcome")
        RENEGOTIATED = "renegotiated", _("renegotiated")
        DECLINED = "declined", _("declined")
        KEPT = "kept", _("kept")
        NOT_KEPT = "not_kept", _("not kept")

    AGREED = (State.OUTCOME, State.RENEGOTIATED)
    """It holds, and is not settled yet."""
    SETTLED = (State.KEPT, State.NOT_KEPT)

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="promises")
    words = models.TextField(help_text=_("What was promised, as it was said."))
    message = models.CharField(
        max_length=120,
        blank=True,
        help_text=_("The sales message it belongs to, the same at every customer."),
    )
    seller = models.CharField(max_length=200, blank=True, help_text=_("Who promised it."))
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Who promised it, when they are a member here."),
    )
    said_in = models.CharField(
        max_length=200, blank=True, help_text=_("Where: the proposal, a call, a mail.")
    )
    promised_on = models.DateField(null=True, blank=True, help_text=_("When it was promised."))
    due_on = models.DateField(null=True, blank=True, help_text=_("By when it is to be so."))
    state = models.CharField(max_length=12, choices=State.choices, default=State.UNDECIDED)
    outcome = models.ForeignKey(
        Outcome, null=True, blank=True, on_delete=models.SET_NULL, related_name="promises"
    )
    settled_on = models.DateField(null=True, blank=True, help_text=_("The day it was kept, or clearly not."))
    edition = models.PositiveIntegerField(default=1)
    recorded_at = models.DateTimeField(help_text=_("When we learned it."))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    source = models.CharField(max_length=60, blank=True)
    external_id = models.CharField(max_length=200, blank=True, help_text=_("The source's id."))
    import_id = models.BigIntegerField(null=True)
    retracted_by = models.BigIntegerField(null=True, help_text=_("The import whose undo took it back."))

    objects = TenantManager.from_queryset(PromiseQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "source", "external_id"],
                name="promise_once",
                condition=Q(retracted_by=None) & ~Q(external_id=""),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["kept", "not_kept"], settled_on__isnull=False)
                | (~Q(state__in=["kept", "not_kept"]) & Q(settled_on=None)),
                name="promise_settled_when",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "customer", "state"], name="promise_of_customer"),
            models.Index(
                fields=["organisation", "recorded_at"],
                name="promise_undecided",
                condition=Q(state="undecided", retracted_by=None),
            ),
            models.Index(fields=["organisation", "import_id"], name="promise_import"),
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def who(self) -> str:
        """Who promised it, as far as it is known."""
        return self.member.name if self.member else self.seller

    @property
    def is_undecided(self) -> bool:
        return self.state == Promise.State.UNDECIDED

    @property
    def is_agreed(self) -> bool:
        return self.state in Promise.AGREED

    @property
    def is_kept_in_time(self) -> bool:
        return self.state == Promise.State.KEPT and not self.is_late(self.settled_on)

    def is_late(self, day: date | None) -> bool:
        """Whether that day lies after the one it was promised for."""
        return day is not None and self.due_on is not None and day > self.due_on

    def is_overdue(self, today: date) -> bool:
        """Its day has passed, and nobody has said whether it was kept."""
        return (self.is_undecided or self.is_agreed) and self.is_late(today)


class PromiseDecision(TenantModel):
    """One step in the life of a promise: who decided what, when and why, and how it read until then."""

    class Kind(models.TextChoices):
        OUTCOME = "outcome", _("became an outcome")
        RENEGOTIATED = "renegotiated", _("renegotiated with the customer")
        DECLINED = "declined", _("declined")
        KEPT = "kept", _("kept")
        NOT_KEPT = "not_kept", _("not kept")
        REOPENED = "reopened", _("open again")
        CORRECTED = "corrected", _("corrected")

    promise = models.ForeignKey(Promise, on_delete=models.CASCADE, related_name="decisions")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    why = models.TextField(blank=True)
    was = models.JSONField(default=dict, help_text=_("Field → what stood there before, of what changed."))
    edition = models.PositiveIntegerField(help_text=_("The edition that ended with it."))
    contact = models.ForeignKey(
        Contact,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("With whom it was renegotiated."),
    )
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["organisation", "promise", "id"], name="promise_decision_of")]
