"""What customers want to reach, in their own words; how that was written before; what they say of it."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models.people import Contact, Customer
from customers.models.readings import Metric
from organisations.tenancy import TenantManager, TenantModel

UNDO_FOR = timedelta(hours=24)


class OutcomeQuerySet(models.QuerySet["Outcome"]):
    def standing(self) -> "OutcomeQuerySet":
        """Still wanted."""
        return self.filter(retired_at=None)

    def in_words(self) -> "OutcomeQuerySet":
        """Written down, not only measured."""
        return self.exclude(words="")

    def in_order(self) -> "OutcomeQuerySet":
        """What counts most first."""
        return self.order_by("position", "id")


class Outcome(TenantModel):
    """One thing a customer wants to reach. How it is written is its wording; each change is a new edition."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="outcomes")
    position = models.PositiveSmallIntegerField(default=1, help_text=_("What counts most is 1."))
    words = models.TextField(blank=True, help_text=_("What they want to reach, in their own words."))
    said_by = models.CharField(max_length=200, blank=True, help_text=_("Who said so, and where."))
    contact = models.ForeignKey(
        Contact,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Whose words they are."),
    )
    said_on = models.DateField(null=True, blank=True, help_text=_("Since when they say so."))
    metric = models.ForeignKey(Metric, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    baseline = models.FloatField(null=True, blank=True)
    baseline_on = models.DateField(null=True, blank=True)
    target = models.FloatField(null=True, blank=True)
    target_on = models.DateField(null=True, blank=True)
    required = models.TextField(blank=True, help_text=_("What must be true when it is reached."))
    experience = models.TextField(blank=True, help_text=_("How they want to get there."))
    edition = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    confirmed_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When the customer said that this wording is right.")
    )
    confirmed_by = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_why = models.CharField(max_length=200, blank=True)

    objects = TenantManager.from_queryset(OutcomeQuerySet)()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(retired_at=None, retired_why="")
                | (Q(retired_at__isnull=False) & ~Q(retired_why="")),
                name="outcome_retired_why",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=False) | Q(confirmed_by=None),
                name="outcome_confirmed_when",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "customer", "position"], name="outcome_of_customer")]

    def __str__(self) -> str:
        return self.words or (self.metric.name if self.metric else "")

    @property
    def is_standing(self) -> bool:
        return self.retired_at is None

    @property
    def is_confirmed(self) -> bool:
        """The customer said of this very wording that it is right."""
        return self.confirmed_at is not None

    @property
    def whose(self) -> str:
        """Whose words they are, as far as it is known."""
        return self.contact.name if self.contact else self.said_by


class OutcomeRevision(TenantModel):
    """How an outcome was written until somebody changed it. Rows are only ever added."""

    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, related_name="revisions")
    edition = models.PositiveIntegerField(help_text=_("The edition that ended with this change."))
    was = models.JSONField(help_text=_("Field → what stood there before, of each field that changed."))
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    contact = models.ForeignKey(
        Contact,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("The customer's own change."),
    )
    import_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "outcome", "edition"], name="outcome_revision_once"
            )
        ]


class OutcomeAsk(TenantModel):
    """The question "is this still right, in your words?" to one contact about one outcome."""

    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, related_name="asks")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="outcome_asks")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True, help_text=_("Answered, or taken back."))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "outcome", "contact"],
                name="outcome_ask_open_once",
                condition=Q(closed_at=None),
            )
        ]


class OutcomeReplyQuerySet(models.QuerySet["OutcomeReply"]):
    def standing(self) -> "OutcomeReplyQuerySet":
        return self.filter(withdrawn_at=None)

    def open_objections(self) -> "OutcomeReplyQuerySet":
        """ "It is wrong", and nobody has changed the wording since."""
        return self.standing().filter(kind=OutcomeReply.Kind.WRONG, settled_at=None)


class OutcomeReply(TenantModel):
    """The customer's own word about a wording: right, or wrong with a sentence. Only they may give it."""

    class Kind(models.TextChoices):
        RIGHT = "right", _("right")
        WRONG = "wrong", _("wrong")

    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, related_name="replies")
    ask = models.ForeignKey(OutcomeAsk, on_delete=models.CASCADE, related_name="replies")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="+")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    words = models.TextField(blank=True, help_text=_("What is wrong."))
    edition = models.PositiveIntegerField(help_text=_("The edition it left: what was confirmed."))
    changed = models.JSONField(default=list, help_text=_("What they changed in the wording itself."))
    at = models.DateTimeField()
    from_ip = models.GenericIPAddressField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True, help_text=_("When the link was first opened."))
    is_demo = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(
        null=True, blank=True, help_text=_("Undone by the customer within 24 hours.")
    )
    settled_at = models.DateTimeField(
        null=True, blank=True, help_text=_("An objection: when the wording was changed or confirmed.")
    )

    objects = TenantManager.from_queryset(OutcomeReplyQuerySet)()

    class Meta:
        indexes = [
            models.Index(
                fields=["organisation", "outcome"],
                name="outcome_reply_objection",
                condition=Q(kind="wrong", withdrawn_at=None, settled_at=None),
            ),
        ]

    @property
    def is_right(self) -> bool:
        return self.kind == OutcomeReply.Kind.RIGHT

    @property
    def undo_until(self) -> datetime:
        return self.at + UNDO_FOR

    def can_be_undone(self, now: datetime) -> bool:
        """Its own giver may take it back for 24 hours."""
        return self.withdrawn_at is None and now <= self.undo_until
