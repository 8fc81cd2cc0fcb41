"""How customers move: what was claimed and answered, what is met, what is achieved."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models import Contact, Reading
from milestones.models.enrolments import Enrolment
from milestones.models.journeys import Criterion, Milestone
from organisations.tenancy import TenantManager, TenantModel

UNDO_FOR = timedelta(hours=24)


class Ask(TenantModel):
    """The question "is it so?" to one contact about one milestone."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="asks")
    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="asks")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True, help_text=_("Answered, or taken back."))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "enrolment", "milestone", "contact"],
                name="ask_open_once",
                condition=Q(closed_at=None),
            )
        ]


class Claim(TenantModel):
    """The CSM says a milestone is reached, and shows why."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="claims")
    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, related_name="+")
    milestone_key = models.SlugField(max_length=60)
    statement = models.TextField(help_text=_("What is so now, as one specific fact."))
    reached_at = models.DateTimeField(help_text=_("Since when it is so."))
    claimed_at = models.DateTimeField()
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    evidence_number = models.FloatField(null=True, blank=True)
    evidence_words = models.TextField(blank=True, help_text=_("A sentence of theirs."))
    evidence_link = models.URLField(max_length=500, blank=True)
    named_contact = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(evidence_number__isnull=False) | ~Q(evidence_words="") | ~Q(evidence_link=""),
                name="claim_has_evidence",
            )
        ]
        indexes = [models.Index(fields=["organisation", "enrolment", "milestone_key"], name="claim_judged")]


class VerdictQuerySet(models.QuerySet["Verdict"]):
    def standing(self) -> "VerdictQuerySet":
        return self.filter(withdrawn_at=None)

    def open_contests(self) -> "VerdictQuerySet":
        """Contests that still hold: neither taken back nor followed by a confirmation."""
        return self.standing().filter(kind=Verdict.Kind.CONTESTED, settled_at=None)


class Verdict(TenantModel):
    """The customer's own answer: confirmed, or contested with a sentence. Only the customer may give it."""

    class Kind(models.TextChoices):
        CONFIRMED = "confirmed", _("confirmed")
        CONTESTED = "contested", _("contested")

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="verdicts")
    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, related_name="+")
    milestone_key = models.SlugField(max_length=60)
    ask = models.ForeignKey(Ask, null=True, on_delete=models.SET_NULL, related_name="verdicts")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="verdicts")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    words = models.TextField(blank=True)
    at = models.DateTimeField()
    from_ip = models.GenericIPAddressField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True, help_text=_("When the link was first opened."))
    is_demo = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(
        null=True, blank=True, help_text=_("Undone by the customer within 24 hours.")
    )
    settled_at = models.DateTimeField(
        null=True, blank=True, help_text=_("A contest: when the customer confirmed after all.")
    )
    answer = models.TextField(blank=True, help_text=_("The CSM's answer to a contest."))
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = TenantManager.from_queryset(VerdictQuerySet)()

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "enrolment", "milestone_key"], name="verdict_judged"),
            models.Index(
                fields=["organisation", "kind", "enrolment", "milestone_key"],
                name="verdict_standing",
                condition=Q(withdrawn_at=None, settled_at=None),
            ),
        ]

    @property
    def is_confirmation(self) -> bool:
        return self.kind == Verdict.Kind.CONFIRMED

    @property
    def is_open_contest(self) -> bool:
        """It still holds the milestone open."""
        return not self.is_confirmation and self.withdrawn_at is None and self.settled_at is None

    def can_be_undone(self, now: datetime) -> bool:
        """Its own giver may take it back for 24 hours."""
        return self.withdrawn_at is None and now <= self.undo_until

    @property
    def undo_until(self) -> datetime:
        return self.at + UNDO_FOR


class CriterionProgress(TenantModel):
    """A criterion that is met, and by what. There is no row while it is not."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="met")
    criterion = models.ForeignKey(Criterion, on_delete=models.CASCADE, related_name="met")
    met_at = models.DateTimeField()
    value = models.FloatField(null=True)
    reading = models.ForeignKey(Reading, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "enrolment", "criterion"], name="criterion_met_once"
            )
        ]


class AchievementQuerySet(models.QuerySet["Achievement"]):
    def standing(self) -> "AchievementQuerySet":
        return self.filter(withdrawn_at=None)

    def to_recall(self) -> "AchievementQuerySet":
        return self.filter(is_to_recall=True)

    def to_celebrate(self) -> "AchievementQuerySet":
        return self.filter(is_to_celebrate=True)


class Achievement(TenantModel):
    """A milestone reached. At most one stands per enrolment and milestone key."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="achievements")
    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, related_name="achievements")
    milestone_key = models.SlugField(max_length=60)
    achieved_at = models.DateTimeField(help_text=_("When it was so, in the evidence's own time."))
    recorded_at = models.DateTimeField(help_text=_("When we learned it."))
    days = models.IntegerField(
        null=True, help_text=_("Whole local days from the start, paused ones left out; none without a start.")
    )
    is_history = models.BooleanField(
        default=False, help_text=_("Came with --history: never cheered by itself.")
    )
    is_to_celebrate = models.BooleanField(default=False, help_text=_("Waits to be gathered by advocacy."))
    is_to_recall = models.BooleanField(
        db_default=False, help_text=_("Withdrawn: advocacy sees what becomes of its celebration.")
    )
    verified_at = models.DateTimeField(null=True, blank=True, help_text=_("When the customer confirmed it."))
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    withdrawn_why = models.CharField(max_length=200, blank=True)

    objects = TenantManager.from_queryset(AchievementQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "enrolment", "milestone_key"],
                name="achievement_once",
                condition=Q(withdrawn_at=None),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_why="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_why="")),
                name="achievement_withdrawn_why",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "id"], name="achievement_uncheered", condition=Q(is_to_celebrate=True)
            ),
            models.Index(
                fields=["organisation", "id"], name="achievement_recalled", condition=Q(is_to_recall=True)
            ),
            models.Index(
                fields=["organisation", "milestone", "achieved_at"],
                name="achievement_figures",
                condition=Q(withdrawn_at=None),
            ),
        ]
