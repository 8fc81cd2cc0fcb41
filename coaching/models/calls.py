"""Coaching as a record with a method: calls by GROW, commitments, the next touchpoint."""

from datetime import date, datetime

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models import Contact, Customer
from milestones.models import Enrolment
from milestones.models.progress import UNDO_FOR
from organisations.models import User
from organisations.tenancy import TenantManager, TenantModel


class CallQuerySet(models.QuerySet["Call"]):
    def newest_first(self) -> "CallQuerySet":
        return self.order_by("-held_at", "-id")

    def with_people(self) -> "CallQuerySet":
        """With its coach and customer, who was on it, and what was agreed: everything a page of it shows."""
        agreed = Commitment.objects.with_owners().order_by("id")
        return self.select_related("by", "customer").prefetch_related(
            "contacts", models.Prefetch("commitments", queryset=agreed)
        )


class Call(TenantModel):
    """A coaching call that was held. GROW answers and words are the customer's; notes are the coach's own."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="calls")
    enrolment = models.ForeignKey(
        Enrolment, null=True, blank=True, on_delete=models.SET_NULL, related_name="calls"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    held_at = models.DateTimeField()
    minutes = models.PositiveIntegerField(null=True, blank=True)
    contacts = models.ManyToManyField(Contact, through="CallAttendee", related_name="calls")
    goal = models.TextField(blank=True)
    reality = models.TextField(blank=True)
    options = models.TextField(blank=True)
    words = models.TextField(blank=True, help_text=_("The customer's own words worth keeping."))
    notes = models.TextField(blank=True, help_text=_("The coach's notes. Never shown to the customer."))
    importance = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MaxValueValidator(10)],
        help_text=_("How much it matters to the customer, 0 to 10."),
    )
    confidence = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(10)], help_text=_("The customer's, 0 to 10.")
    )
    saved_at = models.DateTimeField()
    guide = models.ForeignKey(
        "coaching.GuideEdition",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="calls",
        help_text=_("The guide it was led by, in the edition of that day."),
    )
    form_token = models.UUIDField(
        null=True, blank=True, help_text=_("The form it was typed in: sent twice, it is still one call.")
    )

    objects = TenantManager.from_queryset(CallQuerySet)()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(importance=None) | Q(importance__lte=10), name="call_importance_to_ten"
            ),
            models.CheckConstraint(
                condition=Q(confidence=None) | Q(confidence__lte=10), name="call_confidence_to_ten"
            ),
            models.UniqueConstraint(
                fields=["organisation", "form_token"],
                name="call_once_per_form",
                condition=Q(form_token__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["organisation", "customer", "-held_at", "-id"], name="call_newest")]

    @property
    def is_scaled(self) -> bool:
        """They said how much it matters to them, or how sure they are."""
        return self.importance is not None or self.confidence is not None


class CallAttendee(TenantModel):
    """Who was on the call."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="attendees")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="attended")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "call", "contact"], name="attendee_once")
        ]


class CallDraft(TenantModel):
    """A call form as it was last typed: one per person and customer, gone when the call is saved."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="call_drafts")
    data = models.JSONField(default=dict)
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "by", "customer"], name="call_draft_once")
        ]


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    def open(self) -> "CommitmentQuerySet":
        return self.filter(state=Commitment.State.OPEN)

    def ours(self, user: User) -> "CommitmentQuerySet":
        return self.filter(owner_user=user)

    def theirs(self) -> "CommitmentQuerySet":
        return self.filter(owner_contact__isnull=False)

    def due_by(self, day: date) -> "CommitmentQuerySet":
        return self.filter(due_on__lte=day)

    def soonest_first(self) -> "CommitmentQuerySet":
        """By due date, those without one last."""
        return self.order_by(models.F("due_on").asc(nulls_last=True), "id")

    def with_owners(self) -> "CommitmentQuerySet":
        return self.select_related("owner_user", "owner_contact")


class Commitment(TenantModel):
    """An if-then plan: when X, I will Y; ours or theirs, by a date."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        KEPT = "kept", _("kept")
        NOT_KEPT = "not_kept", _("not kept")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="commitments")
    call = models.ForeignKey(
        Call, null=True, blank=True, on_delete=models.SET_NULL, related_name="commitments"
    )
    owner_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    owner_contact = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.CASCADE, related_name="commitments"
    )
    when = models.CharField(max_length=200, blank=True, help_text=_("When this happens …"))
    will = models.CharField(max_length=300, help_text=_("… they will do this."))
    due_on = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = TenantManager.from_queryset(CommitmentQuerySet)()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(owner_user=None, owner_contact__isnull=False)
                | Q(owner_user__isnull=False, owner_contact=None),
                name="commitment_one_owner",
            ),
            models.CheckConstraint(
                condition=Q(state="open", settled_at=None) | (~Q(state="open") & Q(settled_at__isnull=False)),
                name="commitment_settled_when",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "customer", "state", "due_on"], name="commitment_customer"),
            models.Index(fields=["organisation", "owner_user", "state", "due_on"], name="commitment_owner"),
        ]

    @property
    def owner_name(self) -> str:
        owner = self.owner_contact or self.owner_user
        return owner.name if owner else ""

    @property
    def owner_first_name(self) -> str:
        """ "Amara"; of "Dr. Priya Iyer" the whole name, since "Dr." is nobody."""
        first = self.owner_name.split(" ")[0]
        return self.owner_name if first.endswith(".") else first

    @property
    def is_open(self) -> bool:
        return self.state == Commitment.State.OPEN

    @property
    def undo_until(self) -> datetime | None:
        return self.settled_at + UNDO_FOR if self.settled_at else None

    def can_be_unticked(self, now: datetime) -> bool:
        """Its owner at the customer may take their tick back for 24 hours."""
        return (
            self.state == Commitment.State.KEPT
            and self.settled_at is not None
            and now <= self.settled_at + UNDO_FOR
        )

    def is_overdue(self, today: date) -> bool:
        return self.is_open and self.due_on is not None and self.due_on < today


class TouchpointQuerySet(models.QuerySet["Touchpoint"]):
    def planned(self) -> "TouchpointQuerySet":
        return self.filter(state=Touchpoint.State.PLANNED)

    def soonest_first(self) -> "TouchpointQuerySet":
        return self.order_by("due_at", "id")

    def due_before(self, moment: datetime) -> "TouchpointQuerySet":
        return self.filter(due_at__lt=moment)

    def with_usual_minutes(self) -> "TouchpointQuerySet":
        """With its customer, and how long the last call with them was whose length is known."""
        timed = Call.objects.filter(customer=models.OuterRef("customer"), minutes__gt=0).newest_first()
        return self.select_related("customer").annotate(
            usual_minutes=models.Subquery(timed.values("minutes")[:1])
        )


class Touchpoint(TenantModel):
    """A planned conversation: the next call."""

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        HELD = "held", _("held")
        SKIPPED = "skipped", _("skipped")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="touchpoints")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    minutes = models.PositiveIntegerField(null=True, blank=True, help_text=_("How long it is to be."))
    place = models.CharField(
        max_length=300, blank=True, db_default="", help_text=_("Where it is: a room, a number or a link.")
    )
    purpose = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PLANNED)
    call = models.OneToOneField(
        Call, null=True, blank=True, on_delete=models.SET_NULL, related_name="touchpoint"
    )

    objects = TenantManager.from_queryset(TouchpointQuerySet)()

    usual_minutes: int | None
    """Of `with_usual_minutes` alone."""

    class Meta:
        indexes = [models.Index(fields=["organisation", "owner", "state", "due_at"], name="touchpoint_owner")]

    @property
    def is_planned(self) -> bool:
        return self.state == Touchpoint.State.PLANNED
