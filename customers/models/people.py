"""Customers, the people there, and segments."""

from typing import TYPE_CHECKING

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from organisations.models import User
from organisations.tenancy import TenantManager, TenantModel
from post.models import Recipient

if TYPE_CHECKING:
    from customers.models.outcomes import Outcome


USE_CASE_LENGTH = 80


class Segment(TenantModel):
    """A named group of customers."""

    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "slug"], name="segment_slug_once")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class CustomerQuerySet(models.QuerySet["Customer"]):
    def current(self) -> "CustomerQuerySet":
        """Neither left nor archived."""
        return self.filter(left_on=None, archived_at=None)

    def archived(self) -> "CustomerQuerySet":
        return self.exclude(archived_at=None)

    def with_outcomes(self) -> "CustomerQuerySet":
        """With what they want to reach, in one more query."""
        outcomes = apps.get_model("customers", "Outcome").objects
        rows = outcomes.standing().in_order().select_related("metric", "contact")
        return self.prefetch_related(models.Prefetch("outcomes", rows, to_attr="standing_outcomes"))

    def use_cases(self) -> list[str]:
        """What they use it for, each once, by name."""
        named = self.exclude(use_case="").order_by("use_case").values_list("use_case", flat=True)
        return list(named.distinct())

    def owned_by(self, user: User) -> "CustomerQuerySet":
        return self.filter(owner=user)

    def mine_first(self, user: User) -> "CustomerQuerySet":
        """The reader's own customers, then everyone else's, by name."""
        mine = models.Case(models.When(owner=user, then=0), default=1, output_field=models.IntegerField())
        return self.annotate(not_mine=mine).order_by("not_mine", "name", "id")

    def matching(self, text: str) -> "CustomerQuerySet":
        """Search over the customer's name and key and the people there."""
        found = Q(name__icontains=text) | Q(key__icontains=text)
        people = Contact.objects.filter(
            Q(name__icontains=text) | Q(recipient__address__icontains=text), customer=models.OuterRef("pk")
        )
        return self.filter(found | models.Exists(people))


class Customer(TenantModel):
    """A company (or person) we serve."""

    key = models.CharField(max_length=120, help_text=_("Their id in the system they come from."))
    name = models.CharField(max_length=200)
    about = models.CharField(max_length=200, blank=True, help_text=_("What they do, in a few words."))
    segment = models.ForeignKey(
        Segment, null=True, blank=True, on_delete=models.SET_NULL, related_name="customers"
    )
    use_case = models.CharField(
        max_length=USE_CASE_LENGTH,
        blank=True,
        default="",
        db_default="",
        help_text=_("What they use it for, in a word or two."),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    fields = models.JSONField(default=dict, blank=True, help_text=_("Further columns kept from imports."))
    edited = models.JSONField(
        default=dict, blank=True, help_text=_("Field → when a person last edited it; imports keep those.")
    )
    created_at = models.DateTimeField()
    left_on = models.DateField(null=True, blank=True)
    left_why = models.CharField(max_length=200, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = TenantManager.from_queryset(CustomerQuerySet)()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="customer_key_once")]
        indexes = [
            models.Index(fields=["organisation", "name", "id"], name="customer_by_name"),
            models.Index(fields=["organisation", "owner", "name", "id"], name="customer_by_owner"),
            models.Index(fields=["organisation", "segment", "name", "id"], name="customer_by_segment"),
            models.Index(
                fields=["organisation", "use_case", "name", "id"],
                name="customer_by_use_case",
                condition=~Q(use_case=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def has_left(self) -> bool:
        return self.left_on is not None

    @cached_property
    def standing_outcomes(self) -> list["Outcome"]:
        """What they want to reach, what counts most first. Lists read it with `with_outcomes`."""
        return list(self.outcomes.standing().in_order().select_related("metric", "contact"))

    @property
    def first_outcome(self) -> "Outcome | None":
        return self.standing_outcomes[0] if self.standing_outcomes else None


class ContactQuerySet(models.QuerySet["Contact"]):
    def current(self) -> "ContactQuerySet":
        return self.filter(left_on=None)

    def champions(self) -> "ContactQuerySet":
        """Those there who carry it, at customers who are still here."""
        here = {"customer__left_on": None, "customer__archived_at": None}
        return self.current().filter(role=Contact.Role.CHAMPION, **here)


class Contact(TenantModel):
    """A person at a customer."""

    class Role(models.TextChoices):
        """Their part in this, in the order in which a map of people shows it."""

        CHAMPION = "champion", _("champion")
        SPONSOR = "sponsor", _("sponsor")
        USER = "user", _("user")
        SCEPTIC = "sceptic", _("sceptic")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="contacts")
    key = models.CharField(max_length=120, blank=True)
    name = models.CharField(max_length=200)
    title = models.CharField(max_length=120, blank=True, help_text=_("Their work, or their part in this."))
    role = models.CharField(
        max_length=8,
        choices=Role.choices,
        blank=True,
        default="",
        db_default="",
        help_text=_("Their part in this: who carries it, pays for it, works with it, doubts it."),
    )
    recipient = models.ForeignKey(
        Recipient, null=True, blank=True, on_delete=models.SET_NULL, related_name="contacts"
    )
    phone = models.CharField(max_length=50, blank=True)
    is_primary = models.BooleanField(default=False)
    celebrate_with = models.BooleanField(default=False)
    left_on = models.DateField(null=True, blank=True)
    edited = models.JSONField(
        default=dict, blank=True, help_text=_("Field → when a person last edited it; imports keep those.")
    )

    objects = TenantManager.from_queryset(ContactQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "customer", "key"], name="contact_key_once", condition=~Q(key="")
            ),
            models.UniqueConstraint(
                fields=["organisation", "customer", "recipient"],
                name="contact_address_once",
                condition=Q(recipient__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["organisation", "customer"], name="contact_primary_once", condition=Q(is_primary=True)
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "name"], name="contact_by_name"),
            models.Index(
                fields=["organisation", "customer"],
                name="contact_champion",
                condition=Q(role="champion", left_on=None),
            ),
        ]
        ordering = ["-is_primary", "name", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def first_name(self) -> str:
        return self.name.split(" ")[0]

    @property
    def why_not_asked(self) -> str:
        """What keeps us from asking them anything by mail, in words for a member; empty when nothing does."""
        said = ""
        if self.left_on is not None:
            said = gettext("%(name)s no longer works there. Ask somebody else.")
        elif not self.address:
            said = gettext("%(name)s has no e-mail address. Add one, or ask somebody else.")
        return said % {"name": self.name}

    @property
    def address(self) -> str:
        return self.recipient.address if self.recipient else ""
