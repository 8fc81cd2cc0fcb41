"""What is between a customer and us: what was promised, who carries it there, and how well words are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Count, DateField, F, Q
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _

from coaching.models import ChallengeKind, Commitment
from coaching.noticing import kinds_to_open
from customers.models import ChampionChange, Contact, Customer, Promise
from dashboards.figures.rates import rate
from organisations.models import Organisation
from ui.figures import Rate

Role = Contact.Role


@dataclass(frozen=True)
class Part:
    """One place on the map of people; without anybody it is a gap."""

    role: Role
    people: Sequence[Contact]

    @property
    def is_gap(self) -> bool:
        return not self.people and self.role in (Role.CHAMPION, Role.SPONSOR)


class Accord:
    """Read when it is asked for. `customer` comes from `portrait.customers_for_page`."""

    def __init__(
        self, customer: Customer, people: Sequence[Contact], *, organisation: Organisation, today: date
    ) -> None:
        self.customer, self.people, self.organisation, self.today = customer, people, organisation, today

    @cached_property
    def promises(self) -> list[Promise]:
        if not getattr(self.customer, "has_promise", True):
            return []
        return list(Promise.objects.standing().filter(customer=self.customer).with_names().in_order())

    @cached_property
    def changes(self) -> list[ChampionChange]:
        """Signs that a champion is lost, which nobody has settled."""
        if not getattr(self.customer, "has_champion_change", True):
            return []
        rows = ChampionChange.objects.open().filter(customer=self.customer).select_related("contact")
        return list(rows.order_by("noticed_at", "id"))

    @property
    def map(self) -> list[Part]:
        """Who has which part, gaps included; empty while nobody has one."""
        if not any(person.role for person in self.people):
            return []
        return [Part(role, [one for one in self.people if one.role == role]) for role in Role]

    @property
    def partless(self) -> list[Contact]:
        return [person for person in self.people if not person.role]

    @property
    def champions_unmarked(self) -> list[Contact]:
        """Champions about whom no sign is open."""
        marked = {change.contact_id for change in self.changes}
        return [one for one in self.people if one.role == Role.CHAMPION and one.pk not in marked]

    @property
    def roles(self) -> list[tuple[str, Any]]:
        return Role.choices

    @cached_property
    def kinds(self) -> list[ChallengeKind]:
        """The challenges that could be opened against a sign."""
        return list(kinds_to_open(self.customer)) if self.changes else []

    @cached_property
    def _kept(self) -> dict[str, int]:
        rows = Commitment.objects.filter(customer=self.customer, due_on__isnull=False)
        return kept_by_date(rows, organisation=self.organisation, today=self.today)

    @property
    def kept(self) -> list[tuple[str, Rate]]:
        """Commitments kept by their date, of those that can be judged: theirs, and ours."""
        sides = (("theirs", _("They kept in time:")), ("ours", _("We kept in time:")))
        counts = self._kept
        return [(words, rate(counts[f"{side}_kept"], n)) for side, words in sides if (n := counts[side])]


def kept_by_date(rows: object, *, organisation: Organisation, today: date) -> dict[str, int]:
    """How many commitments with a date were kept by it, and how many can be judged: settled, or past it."""
    settled_on = TruncDate("settled_at", tzinfo=organisation.tzinfo, output_field=DateField())
    theirs, judged = Q(owner_contact__isnull=False), ~Q(state="open") | Q(due_on__lt=today)
    kept = Q(state="kept", settled_on__lte=F("due_on"))
    counts: dict[str, int] = rows.annotate(settled_on=settled_on).aggregate(  # type: ignore[attr-defined]
        theirs=Count("pk", filter=theirs & judged),
        theirs_kept=Count("pk", filter=theirs & kept),
        ours=Count("pk", filter=~theirs & judged),
        ours_kept=Count("pk", filter=~theirs & kept),
    )
    return counts
