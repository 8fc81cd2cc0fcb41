"""That a person was erased: of who they were a keyed hash stays, so that nobody writes them down again."""

from collections.abc import Mapping

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.models.people import Contact, Customer
from organisations.tenancy import TenantManager, TenantModel

SALT = "customers.erasure"


def hashes(text: str) -> list[str]:
    """Of an address or a key, whatever its capitals: by today's secret first, then by earlier ones.

    Without the secret of the installation, which is in no table, nobody can try addresses out against it.
    """
    said = text.strip().casefold()
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [salted_hmac(SALT, said, secret=one, algorithm="sha256").hexdigest() for one in secrets]


def hash_of(text: str) -> str:
    return hashes(text)[0] if text.strip() else ""


class ErasureQuerySet(models.QuerySet["Erasure"]):
    def standing(self) -> "ErasureQuerySet":
        return self.filter(lifted_at=None)

    def newest_first(self) -> "ErasureQuerySet":
        return self.order_by("-at", "-id")

    def against(self, customer: Customer, *, address: str = "", key: str = "") -> "Erasure | None":
        """The one that says this person must not be written down at this customer. Few rows, two indexes."""
        named = Q()
        if address.strip():
            named |= Q(address_hash__in=hashes(address)) & (Q(is_shared=False) | Q(customer=customer))
        if key.strip():
            named |= Q(key_hash__in=hashes(key), customer=customer)
        return self.standing().filter(named).order_by("at").first() if named else None

    def by_hash(self) -> dict[str, list["Erasure"]]:
        """All that stand, in one query, for whoever asks about thousands of people: see `found_in`."""
        found: dict[str, list[Erasure]] = {}
        for row in self.standing().select_related("organisation"):
            for said in filter(None, (row.address_hash, row.key_hash)):
                found.setdefault(said, []).append(row)
        return found


def found_in(
    known: Mapping[str, list["Erasure"]], customer: Customer, *, address: str = "", key: str = ""
) -> "Erasure | None":
    """As `against`, from what `by_hash` gave."""
    for said in hashes(address) if known and address.strip() else ():
        for row in known.get(said, ()):
            if row.address_hash == said and (not row.is_shared or row.customer_id == customer.pk):
                return row
    for said in hashes(key) if known and key.strip() else ():
        for row in known.get(said, ()):
            if row.key_hash == said and row.customer_id == customer.pk:
                return row
    return None


class Erasure(TenantModel):
    """One person, erased. Their row stays without a name, since what they verified still counts."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="erasures")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=300)
    address_hash = models.CharField(max_length=64, blank=True)
    key_hash = models.CharField(max_length=64, blank=True)
    is_shared = models.BooleanField(
        default=False, help_text=gettext_lazy("Others keep the address: it is refused at this customer only.")
    )
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    lifted_why = models.CharField(max_length=300, blank=True)

    objects = TenantManager.from_queryset(ErasureQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "contact"], name="erasure_once"),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None, lifted_why="")
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lifted_why="")),
                name="erasure_lifted_why",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "address_hash"], name="erasure_address"),
            models.Index(fields=["organisation", "-at", "-id"], name="erasure_newest"),
        ]

    def refusal(self) -> str:
        """Why somebody cannot be written down, in words for whoever tries."""
        day = self.at.astimezone(self.organisation.tzinfo).date()
        words = _("This person was erased on %(day)s at their wish. Only an admin can lift that.")
        return words % {"day": day.isoformat()}
