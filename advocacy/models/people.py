"""Advocates, everything we ask of a person, and how often we may."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.http import int_to_base36
from django.utils.translation import gettext_lazy as _

from customers.models import Contact
from milestones.models import Achievement
from organisations.models import Organisation
from organisations.tenancy import TenantManager, TenantModel


class AdvocateQuerySet(models.QuerySet["Advocate"]):
    def willing(self) -> "AdvocateQuerySet":
        """They said yes, and are still there to be asked."""
        return self.filter(state=Advocate.State.WILLING, contact__left_on=None)

    def with_people(self) -> "AdvocateQuerySet":
        return self.select_related(
            "organisation", "contact__recipient", "contact__customer__owner", "contact__customer__segment",
            "achievement__milestone", "invited_by",
        )  # fmt: skip


class Advocate(TenantModel):
    """A person at a customer who was asked to speak for us, and what they said."""

    class State(models.TextChoices):
        INVITED = "invited", _("invited")
        WILLING = "willing", _("speaks for us")
        DECLINED = "declined", _("would rather not")
        ENDED = "ended", _("no longer speaks for us")

    contact = models.OneToOneField(Contact, on_delete=models.CASCADE, related_name="advocate")
    achievement = models.ForeignKey(
        Achievement,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("The verified outcome they were invited for."),
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.INVITED)
    code = models.SlugField(max_length=20, help_text=_("Ends the address they pass on: /r/…-code/."))
    invited_at = models.DateTimeField()
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = TenantManager.from_queryset(AdvocateQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "contact"], name="advocate_once"),
            models.UniqueConstraint(fields=["organisation", "code"], name="advocate_code_once"),
        ]
        indexes = [models.Index(fields=["organisation", "state", "-invited_at"], name="advocate_state")]

    @property
    def is_willing(self) -> bool:
        return self.state == self.State.WILLING

    @property
    def full_code(self) -> str:
        """With the organisation it belongs to; what people pass on or type in."""
        return f"{int_to_base36(self.organisation_id)}-{self.code}"

    @property
    def address(self) -> str:
        """The page they pass on, absolute."""
        return f"{settings.BOSAI_URL}/r/{self.full_code}/"


OPEN = Q(state="asked") | (Q(state="accepted") & ~Q(kind="invitation"))


class FavourQuerySet(models.QuerySet["Favour"]):
    def open(self) -> "FavourQuerySet":
        """Asked and not answered, or promised and not done. An invitation is over with the answer."""
        return self.filter(OPEN)

    def promised(self) -> "FavourQuerySet":
        """They said yes, and it is not done yet."""
        return self.filter(state=Favour.State.ACCEPTED).exclude(kind=Favour.Kind.INVITATION)

    def to_thank(self) -> "FavourQuerySet":
        return self.filter(state=Favour.State.DONE)

    def with_people(self) -> "FavourQuerySet":
        return self.select_related(
            "organisation", "contact__recipient", "contact__customer__owner", "contact__advocate",
            "contact__customer__organisation", "achievement__milestone", "asked_by", "answered_by",
            "done_by", "thanked_by",
        )  # fmt: skip

    def newest_first(self) -> "FavourQuerySet":
        return self.order_by("-asked_at", "-id")


class Favour(TenantModel):
    """One thing we asked of one person, with what became of it. A line of the ask ledger."""

    class Kind(models.TextChoices):
        INVITATION = "invitation", _("invitation to speak for us")
        REFERENCE = "reference", _("reference call")
        REVIEW = "review", _("review")
        CASE_STUDY = "case_study", _("case study")
        TALK = "talk", _("talk")
        REFERRAL = "referral", _("referral")

    class State(models.TextChoices):
        ASKED = "asked", _("asked")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("taken back")
        DONE = "done", _("done")
        THANKED = "thanked", _("thanked")

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="favours")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=9, choices=State.choices, default=State.ASKED)
    words = models.TextField(help_text=_("What exactly is asked, as they read it."))
    achievement = models.ForeignKey(Achievement, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Whoever wrote down what they said; empty: they answered themselves."),
    )
    reply = models.TextField(blank=True, help_text=_("What they said with it."))
    is_demo = models.BooleanField(default=False)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    result = models.TextField(blank=True, help_text=_("What came of it."))
    thanked_at = models.DateTimeField(null=True, blank=True)
    thanked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    thanks = models.TextField(blank=True, help_text=_("What we wrote to thank them."))

    objects = TenantManager.from_queryset(FavourQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "contact", "kind"],
                name="favour_open_once",
                condition=OPEN,
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "withdrawn"]) | Q(answered_at__isnull=False),
                name="favour_answered_when",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "accepted", "declined", "withdrawn"])
                | Q(done_at__isnull=False),
                name="favour_done_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="thanked") | Q(thanked_at__isnull=False), name="favour_thanked_when"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "contact", "-asked_at"], name="favour_of_person"),
            models.Index(fields=["organisation", "state", "-asked_at"], name="favour_state"),
        ]

    @property
    def is_open(self) -> bool:
        is_promised = self.state == self.State.ACCEPTED and self.kind != self.Kind.INVITATION
        return self.state == self.State.ASKED or is_promised

    @property
    def is_answerable(self) -> bool:
        """They may say yes or no, also other than before, until it is done."""
        return self.state in (self.State.ASKED, self.State.ACCEPTED, self.State.DECLINED)


REST_DAYS: dict[str, int] = {
    Favour.Kind.INVITATION: 180,
    Favour.Kind.REFERENCE: 60,
    Favour.Kind.REVIEW: 365,
    Favour.Kind.CASE_STUDY: 365,
    Favour.Kind.TALK: 180,
    Favour.Kind.REFERRAL: 90,
}
"""Days until the same may be asked again, unless an organisation says otherwise."""
ASKS, DAYS = 3, 90


class AskTerms(TenantModel):
    """How much may be asked of one person, and what a referral's page promises. One row, or the defaults."""

    asks = models.PositiveSmallIntegerField(default=ASKS, help_text=_("Of one person in any 90 days."))
    rest_days = models.JSONField(default=dict, help_text=_("Kind → days until it may be asked again."))
    welcome = models.TextField(blank=True, help_text=_("Stands on the page an advocate passes on."))
    reward_advocate = models.CharField(max_length=200, blank=True)
    reward_newcomer = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation"], name="ask_terms_once")]

    @classmethod
    def of(cls, organisation: Organisation) -> "AskTerms":
        """As the organisation set them, else the defaults, not stored."""
        found: Any = cls.objects.filter(organisation=organisation).first()
        return found or cls(organisation=organisation)

    def rest_of(self, kind: str) -> timedelta:
        return timedelta(days=self.rest_days.get(kind, REST_DAYS[kind]))

    def since(self, now: datetime) -> datetime:
        return now - timedelta(days=DAYS)
