"""What keeps customers from their outcome: the catalogue of kinds, and those open somewhere, or over."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coaching.models.calls import Call
from customers.models import Customer
from organisations.tenancy import TenantManager, TenantModel


class ChallengeKindQuerySet(models.QuerySet["ChallengeKind"]):
    def current(self) -> "ChallengeKindQuerySet":
        """In the catalogue now."""
        return self.filter(retired_at=None)

    def in_order(self) -> "ChallengeKindQuerySet":
        return self.order_by("name", "id")

    def not_open_at(self, customer: Customer) -> "ChallengeKindQuerySet":
        """What could be opened there: one of a kind is open at a time."""
        is_open = Challenge.objects.open().filter(customer=customer).values("kind")
        return self.current().exclude(pk__in=is_open)


class ChallengeKind(TenantModel):
    """One common challenge: how one knows it, what to ask, what to do. Texts with several hold one a line."""

    class Lead(models.TextChoices):
        CSM = "csm", _("the customer’s CSM")
        MANAGER = "manager", _("a manager")

    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    signs = models.TextField(blank=True, help_text=_("How one knows it, one sign a line."))
    questions = models.TextField(blank=True, help_text=_("What to ask the customer, one question a line."))
    steps = models.JSONField(
        default=list, help_text=_("What to do, in order: words, and days from its opening.")
    )
    lead = models.CharField(
        max_length=8, choices=Lead.choices, default=Lead.CSM, help_text=_("Who leads it.")
    )
    escalate = models.TextField(blank=True, help_text=_("When others are called in, and who."))
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True, help_text=_("Out of the catalogue since."))

    objects = TenantManager.from_queryset(ChallengeKindQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "key"], name="challenge_kind_key_once"),
            models.UniqueConstraint(
                fields=["organisation", "name"],
                name="challenge_kind_name_once",
                condition=Q(retired_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_current(self) -> bool:
        return self.retired_at is None

    @property
    def sign_lines(self) -> list[str]:
        return lines_of(self.signs)

    @property
    def question_lines(self) -> list[str]:
        return lines_of(self.questions)

    @property
    def step_lines(self) -> list[Mapping[str, Any]]:
        return list(self.steps)


def lines_of(text: str) -> list[str]:
    """The lines that say something, without the marks of a list in front."""
    lines = (line.strip().lstrip("-*•").strip() for line in text.splitlines())
    return [line for line in lines if line]


class ChallengeQuerySet(models.QuerySet["Challenge"]):
    def open(self) -> "ChallengeQuerySet":
        return self.filter(state=Challenge.State.OPEN)

    def closed(self) -> "ChallengeQuerySet":
        return self.exclude(state=Challenge.State.OPEN)

    def newest_first(self) -> "ChallengeQuerySet":
        return self.order_by("-opened_at", "-id")

    def with_steps(self) -> "ChallengeQuerySet":
        """With its kind, who leads it, and its steps in order: everything a page of it shows."""
        steps = ChallengeStep.objects.select_related("done_by").order_by("position")
        return self.select_related("kind", "owner", "opened_by", "closed_by").prefetch_related(
            models.Prefetch("steps", queryset=steps)
        )


class Challenge(TenantModel):
    """One challenge at one customer, from the day somebody saw it until it is resolved or given up."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        RESOLVED = "resolved", _("resolved")
        GIVEN_UP = "given_up", _("given up")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="challenges")
    kind = models.ForeignKey(ChallengeKind, on_delete=models.RESTRICT, related_name="challenges")
    call = models.ForeignKey(
        Call,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="challenges",
        help_text=_("The call in which it came up."),
    )
    words = models.TextField(blank=True, help_text=_("How the customer put it."))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", help_text=_("Who leads it.")
    )
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_why = models.TextField(blank=True, help_text=_("How it was resolved, or why it was given up."))

    objects = TenantManager.from_queryset(ChallengeQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "customer", "kind"],
                name="challenge_open_once",
                condition=Q(state="open"),
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None, closed_by=None, closed_why="")
                | (
                    ~Q(state="open") & Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(closed_why="")
                ),
                name="challenge_closed_why",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "customer", "state"], name="challenge_of_customer"),
            models.Index(fields=["organisation", "kind", "state"], name="challenge_of_kind"),
        ]

    def __str__(self) -> str:
        return self.kind.name

    @property
    def is_open(self) -> bool:
        return self.state == Challenge.State.OPEN

    @property
    def is_resolved(self) -> bool:
        return self.state == Challenge.State.RESOLVED

    @property
    def next_step(self) -> "ChallengeStep | None":
        """The first that is not done. Reads the steps at hand."""
        return next((step for step in self.steps.all() if not step.is_done), None)

    @property
    def open_steps(self) -> "list[ChallengeStep]":
        return [step for step in self.steps.all() if not step.is_done]


class ChallengeStepQuerySet(models.QuerySet["ChallengeStep"]):
    def pending(self) -> "ChallengeStepQuerySet":
        """Not done, of challenges that are open."""
        return self.filter(done_at=None, challenge__state=Challenge.State.OPEN)

    def due_by(self, day: date) -> "ChallengeStepQuerySet":
        return self.filter(due_on__lte=day)

    def first_of_each(self) -> "ChallengeStepQuerySet":
        """Of each challenge the first step that is not done."""
        earlier = ChallengeStep.objects.filter(
            challenge=models.OuterRef("challenge"), position__lt=models.OuterRef("position"), done_at=None
        )
        return self.filter(~models.Exists(earlier))

    def soonest_first(self) -> "ChallengeStepQuerySet":
        return self.order_by(models.F("due_on").asc(nulls_last=True), "id")


class ChallengeStep(TenantModel):
    """One step against an open challenge, as the catalogue had it when it was opened."""

    challenge = models.ForeignKey(Challenge, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=300)
    due_on = models.DateField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = TenantManager.from_queryset(ChallengeStepQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "challenge", "position"], name="challenge_step_once"
            ),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None) | Q(done_at__isnull=False, done_by__isnull=False),
                name="challenge_step_done_by",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "due_on"],
                name="challenge_step_pending",
                condition=Q(done_at=None),
            )
        ]

    @property
    def is_done(self) -> bool:
        return self.done_at is not None

    def is_overdue(self, today: date) -> bool:
        return not self.is_done and self.due_on is not None and self.due_on < today
