"""People whom advocates brought, and how often the address they pass on was opened."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from advocacy.models.people import Advocate
from customers.models import Customer
from milestones.models import Achievement
from organisations.tenancy import TenantManager, TenantModel


class ReferralQuerySet(models.QuerySet["Referral"]):
    def counted(self) -> "ReferralQuerySet":
        """Somebody new: neither a customer's own person nor referred before."""
        return self.exclude(state=Referral.State.KNOWN)

    def waiting(self) -> "ReferralQuerySet":
        """Nobody here has looked at them yet."""
        return self.filter(state=Referral.State.SUBMITTED)

    def with_people(self) -> "ReferralQuerySet":
        return self.select_related(
            "organisation", "advocate__contact__customer__owner", "advocate__contact__recipient",
            "advocate__contact__customer__organisation", "achievement__milestone", "customer",
            "qualified_by", "closed_by",
        )  # fmt: skip

    def newest_first(self) -> "ReferralQuerySet":
        return self.order_by("-submitted_at", "-id")


class Referral(TenantModel):
    """Somebody who wrote to us by an advocate's address, and what became of it."""

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("new")
        QUALIFIED = "qualified", _("qualified")
        WON = "won", _("won")
        LOST = "lost", _("lost")
        KNOWN = "known", _("known before")

    class Known(models.TextChoices):
        REFERRED = "referred", _("referred before, and that one counts")
        CUSTOMER = "customer", _("works at a customer already")

    OPEN = (State.SUBMITTED, State.QUALIFIED)

    advocate = models.ForeignKey(Advocate, null=True, on_delete=models.SET_NULL, related_name="referrals")
    achievement = models.ForeignKey(
        Achievement,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("The celebrated outcome the advocate passes on."),
    )
    state = models.CharField(max_length=9, choices=State.choices, default=State.SUBMITTED)
    known_as = models.CharField(max_length=8, choices=Known.choices, blank=True)
    name = models.CharField(max_length=120, blank=True)
    company = models.CharField(max_length=120, blank=True)
    address = models.EmailField(max_length=254, blank=True)
    words = models.TextField(blank=True, help_text=_("What they wrote."))
    consent = models.TextField(help_text=_("What they agreed to, as they read it."))
    submitted_at = models.DateTimeField()
    qualified_at = models.DateTimeField(null=True, blank=True)
    qualified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    closed_why = models.CharField(max_length=200, blank=True, help_text=_("Why it was lost."))
    amount_e4 = models.BigIntegerField(null=True, blank=True, help_text=_("In ten-thousandths of the unit."))
    currency = models.CharField(max_length=3, blank=True)
    customer = models.ForeignKey(
        Customer, null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        help_text=_("Who they became."),
    )  # fmt: skip
    reward = models.CharField(max_length=200, blank=True, help_text=_("What was given, and to whom; a note."))
    forgotten_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When name, company, address and words were erased.")
    )

    objects = TenantManager.from_queryset(ReferralQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "organisation",
                Lower("address"),
                name="referral_address_once",
                condition=Q(state__in=["submitted", "qualified", "won"]) & ~Q(address=""),
            ),
            models.UniqueConstraint(
                "organisation",
                "advocate",
                Lower("address"),
                name="referral_known_once",
                condition=Q(state="known") & ~Q(address=""),
            ),
            models.CheckConstraint(
                condition=Q(amount_e4=None, currency="") | (Q(amount_e4__isnull=False) & ~Q(currency="")),
                name="referral_amount_has_currency",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(state__in=["won", "lost"]), name="referral_closed_when"
            ),
            models.CheckConstraint(
                condition=Q(known_as="") | Q(state="known"), name="referral_known_as_what"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "state", "-submitted_at"], name="referral_state"),
            models.Index(fields=["organisation", "advocate", "-submitted_at"], name="referral_advocate"),
        ]

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def is_forgotten(self) -> bool:
        return self.forgotten_at is not None

    @property
    def who(self) -> str:
        return self.name or str(_("somebody, erased since"))


class ReferralOpening(TenantModel):
    """How often an advocate's address was opened on a day. Openings, not people: nobody is followed."""

    advocate = models.ForeignKey(Advocate, on_delete=models.CASCADE, related_name="openings")
    on = models.DateField()
    count = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "advocate", "on"], name="referral_opening_once")
        ]
