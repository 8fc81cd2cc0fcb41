"""One person, and which rows of every table are about them or name them. Reads only."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.apps import apps
from django.db.models import Model, Q, QuerySet
from django.db.models.functions import Lower

from customers.models import Contact
from office.erasing.handling import Handling, customer_path
from office.erasing.names import Names
from office.erasing.registry import REGISTRY
from organisations.models import Membership
from post.models import Delivery, Link

SHORTEST_PHONE = 7  # a shorter number may be anything
OF_A_CONTACT = ("customer", "own")
"""Purposes of links whose subject is the contact; of the others it is a row of theirs."""
OF_A_ROW = {
    "confirm": "milestones.Ask",
    "outcome": "customers.OutcomeAsk",
    "agreement": "milestones.Agreement",
    "resource": "coaching.Sending",
    "favour": "advocacy.Favour",
    "story": "advocacy.StoryAsk",
    "reply": "advocacy.CelebrationGuest",
}


@dataclass
class Person:
    contact: Contact
    names: Names = field(init=False)
    first: Names = field(init=False)

    def __post_init__(self) -> None:
        phone = self.contact.phone if len(self.contact.phone) >= SHORTEST_PHONE else ""
        self.names = Names([self.contact.name, phone, *self.addresses])
        self.first = Names.first(self.contact)

    @cached_property
    def sharing(self) -> list[Contact]:
        """Other people on file who are written to at the same address."""
        if self.contact.recipient_id is None:
            return []
        others = Contact.objects.filter(recipient=self.contact.recipient_id).exclude(pk=self.contact.pk)
        return list(others.select_related("customer"))

    @cached_property
    def works_here(self) -> bool:
        """A colleague signs in with the same address."""
        members = Membership.objects.filter(organisation=self.contact.organisation_id)
        address = self.contact.address
        return bool(address) and members.filter(user__email__iexact=address).exists()

    @property
    def is_shared(self) -> bool:
        return bool(self.sharing) or self.works_here

    @cached_property
    def addresses(self) -> list[str]:
        """Where they alone read: today's address, and earlier ones that stand in links of theirs."""
        known = {one.lower() for one in self._own_links().values_list("address", flat=True)}
        known = (known | {self.contact.address.lower()}) - {""}
        others = Contact.objects.exclude(pk=self.contact.pk).alias(low=Lower("recipient__address"))
        taken = set(others.filter(low__in=known).values_list(Lower("recipient__address"), flat=True))
        members = Membership.objects.filter(organisation=self.contact.organisation_id)
        taken |= set(members.values_list(Lower("user__email"), flat=True))
        return sorted(known - taken)

    @cached_property
    def has_namesakes(self) -> bool:
        """Somebody else of this name is on file: then it is replaced in texts about this customer alone."""
        same = Contact.objects.filter(name__iexact=self.contact.name).exclude(pk=self.contact.pk)
        return same.exists()

    def theirs(self, label: str, handling: Handling) -> QuerySet[Model]:
        """The rows about them."""
        leading = Q()
        for way in handling.person.split():
            leading |= Q(**{way: self.contact.pk})
        rows: QuerySet[Model] = apps.get_model(label)._default_manager.all()
        return rows.filter(leading).distinct() if leading else rows.none()

    def naming(self, label: str, handling: Handling, names: Names) -> QuerySet[Model]:
        """Rows in whose texts they may be named."""
        model = apps.get_model(label)
        rows: QuerySet[Model] = model._default_manager.all()
        if self.has_namesakes or names is self.first:
            way = customer_path(model)
            rows = rows.filter(**{way: self.contact.customer_id}) if way else rows.none()
        return names.rows(rows, handling.searched)

    def named_in(self, names: Names) -> Iterator[tuple[str, Model, dict[str, Any]]]:
        """Table, row and the columns in which they are named, with what those say."""
        for label, handling in tables():
            for row in self.naming(label, handling, names).iterator(chunk_size=500):
                said = {name: getattr(row, name) for name in handling.searched}
                found = {name: value for name, value in said.items() if names.are_in(value)}
                if found:
                    yield label, row, found

    def copies(self, label: str, handling: Handling) -> QuerySet[Model]:
        """Machines' copies that name them."""
        model = apps.get_model(label)
        rows: QuerySet[Model] = model._default_manager.all()
        found = self.names.rows(rows, handling.copies.split())
        key = self.contact.key
        if key and "user_key" in handling.copies:
            found = found | rows.filter(user_key=key, customer=self.contact.customer_id)
        if label == "office.ImportTrace":
            traced = Q(model="customers.contact", row=self.contact.pk)
            if not self.is_shared and self.contact.recipient_id:
                traced |= Q(model="post.recipient", row=self.contact.recipient_id)
            return rows.filter(Q(pk__in=found.values("pk")) | traced)
        return found

    def mails(self) -> QuerySet[Delivery]:
        """To them. To a shared address: those about their customer."""
        found = self._at_their_addresses()
        if self.contact.recipient_id is not None:
            about = Q(customer_id=self.contact.customer_id) if self.is_shared else Q()
            found |= Q(recipient=self.contact.recipient_id) & about
        return Delivery.objects.filter(found)

    def links(self) -> QuerySet[Link]:
        """Theirs, which open something of them."""
        return self._own_links() | Link.objects.filter(self._at_their_addresses())

    def _at_their_addresses(self) -> Q:
        found = Q(pk__in=[])
        for address in self.addresses:
            found |= Q(address__iexact=address)
        return found

    def _own_links(self) -> QuerySet[Link]:
        found = Q(purpose__in=OF_A_CONTACT, subject_id=self.contact.pk)
        for purpose, label in OF_A_ROW.items():
            rows = self.theirs(label, REGISTRY[label])
            found |= Q(purpose=purpose, subject_id__in=rows.order_by().values("pk"))
        if self.contact.recipient_id is not None and not self.is_shared:
            found |= Q(purpose="unsubscribe", subject_id=self.contact.recipient_id)
        return Link.objects.filter(found)


def tables() -> Iterator[tuple[str, Handling]]:
    """Those with rows of an organisation's own, which may be about a person at a customer."""
    for label, handling in REGISTRY.items():
        if not label.startswith("organisations."):
            yield label, handling
