"""One message, exactly as one person gets it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Prefetch
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from customers.models import Contact, Customer
from milestones import agreeing
from milestones.messaging.planning import Due
from milestones.messaging.wording import Wording, wording_of, wordings
from milestones.models import Enrolment, MessageWritten, Milestone, Occasion
from milestones.models.naming import NAMES, filled
from organisations.models import Organisation, User
from post.composing import UNSUBSCRIBE
from post.linking import LinkSpec
from ui.mail import RenderedMail, render_mail
from ui.markdown import mail_html, plain_text
from ui.moments import full_date

PAGE_LINK, PAGE_DAYS = "[customer page]", 90
ASK_LINK = "[wording link]"


class Lacking(Exception):
    """It cannot be written: something it names is not known, or there is nobody to write to."""


@dataclass(frozen=True)
class Letter:
    """A message to a person, with the rows it speaks of loaded."""

    organisation: Organisation
    enrolment: Enrolment
    milestone: Milestone
    following: Milestone | None
    wording: Wording
    contact: Contact

    @property
    def csm(self) -> User | None:
        return self.enrolment.customer.owner or self.enrolment.enrolled_by

    def values(self) -> dict[str, str]:
        """What stands for each name, in the language in force; empty where it is not known."""
        enrolment, target = self.enrolment, self.milestone.target_days
        begun = enrolment.started_on
        return {
            "person": self.contact.first_name,
            "customer": enrolment.customer.name,
            "outcome": outcome.words if (outcome := enrolment.customer.first_outcome) else "",
            "journey": enrolment.journey.name,
            "milestone": self.milestone.name,
            "meaning": self.milestone.meaning,
            "target": full_date(begun + timedelta(days=target)) if begun and target is not None else "",
            "next": self.following.name if self.following else "",
            "next_meaning": self.following.meaning if self.following else "",
            "csm": self.csm.name if self.csm else "",
        }

    def render(self, *, now: datetime) -> RenderedMail:
        """In the person's language and zone. Raises Lacking."""
        recipient = self.contact.recipient
        assert recipient is not None, "whoever is chosen has an address"
        recipient.organisation = self.organisation
        language = recipient.language or self.organisation.language
        with timezone.override(recipient.tzinfo()), translation.override(language):
            values = self.values()
            mail = render_mail("milestones/message", self._context(values, now), language)
        if missing := self.missing(values):
            raise Lacking(missing)
        return mail

    def missing(self, values: Mapping[str, str] | None = None) -> str:
        """What it names and nobody knows of this customer, in the reader's language; empty: nothing."""
        known = values or self.values()
        names = [name for name in NAMES if name in self.wording.names and not known[name]]
        what = ", ".join(str(NAMES[name]) for name in names)
        return _("Not known of this customer: %(what)s.") % {"what": what} if names else ""

    @property
    def asks_about(self) -> Milestone | None:
        """The milestone of which it asks whether its wording still fits: the one that is still to come."""
        if not self.wording.asks_wording:
            return None
        is_past = self.wording.occasion == Occasion.HANDOVER
        return self.following if is_past else self.milestone

    def asking(self, placeholder: str = ASK_LINK, *, now: datetime) -> list[LinkSpec]:
        """The link that answers, if it asks: the question waits from now on."""
        about = self.asks_about
        if about is None:
            return []
        asked = agreeing.ask(enrolment=self.enrolment, milestone=about, contact=self.contact, now=now)
        return [agreeing.link_to(asked, placeholder=placeholder)]

    def links(self) -> list[LinkSpec]:
        return [LinkSpec(PAGE_LINK, "customer", self.contact.pk, PAGE_DAYS)]

    def _context(self, values: dict[str, str], now: datetime) -> dict[str, object]:
        return {
            "organisation": self.organisation,
            "recipient": self.contact.recipient,
            "contact": self.contact,
            "customer": self.enrolment.customer,
            "milestone": self.milestone,
            "csm": self.csm,
            "subject": filled(self.wording.subject, values),
            "body": filled(plain_text(self.wording.body), values),
            "body_html": mail_html(self.wording.body, values),
            "link": PAGE_LINK,
            "asks_about": self.asks_about,
            "ask_link": ASK_LINK,
            "unsubscribe_url": UNSUBSCRIBE,
            "now": now,
        }


def letters(dues: Collection[Due], *, organisation: Organisation) -> dict[Due, Letter | None]:
    """A letter for each; None where nobody there can be written to. Four queries, however many."""
    enrolments = _enrolments(due.enrolment_id for due in dues)
    people = first_contacts({each.customer_id for each in enrolments.values()})
    return {
        due: Letter(organisation, row, due.milestone, due.following, due.wording, contact)
        if contact
        else None
        for due in dues
        if (row := enrolments.get(due.enrolment_id))
        for contact in [people.get(row.customer_id)]
    }


def letters_again(rows: Iterable[MessageWritten], *, organisation: Organisation) -> dict[int, Letter]:
    """What was written, by row, as it reads now to the same person; not where one of its parts is gone."""
    rows = list(rows)
    enrolments = _enrolments((row.enrolment_id for row in rows), "version__milestones")
    people = Contact.objects.select_related("recipient").exclude(recipient=None)
    contacts = people.in_bulk({row.contact_id for row in rows if row.contact_id})
    spoken: dict[int, Mapping[tuple[str, Occasion], Wording]] = {}
    found = {}
    for row in rows:
        enrolment, contact = enrolments.get(row.enrolment_id), contacts.get(row.contact_id or 0)
        if enrolment is None or contact is None:
            continue
        steps = list(enrolment.version.milestones.all())
        place = next((at for at, one in enumerate(steps) if one.key == row.milestone_key), None)
        if place is None:
            continue
        if enrolment.journey_id not in spoken:
            spoken[enrolment.journey_id] = wordings(enrolment.journey)
        wording = wording_of(spoken[enrolment.journey_id], row.milestone_key, Occasion(row.occasion))
        following = steps[place + 1] if place + 1 < len(steps) else None
        found[row.pk] = Letter(organisation, enrolment, steps[place], following, wording, contact)
    return found


def _enrolments(ids: Iterable[int], *also: str) -> dict[int, Enrolment]:
    """With everything a letter speaks of."""
    customers = Customer.objects.select_related("owner").with_outcomes()
    rows = Enrolment.objects.select_related("journey", "enrolled_by")
    rows = rows.prefetch_related(Prefetch("customer", customers), *also)
    return rows.in_bulk(set(ids))


def first_contacts(customer_ids: Collection[int]) -> dict[int, Contact]:
    """Whom a journey writes to at each customer: the primary contact, else whoever comes first by name."""
    people = Contact.objects.current().filter(customer__in=customer_ids, recipient__isnull=False)
    found: dict[int, Contact] = {}
    for contact in people.select_related("recipient").order_by("-is_primary", "name", "pk"):
        found.setdefault(contact.customer_id, contact)
    return found


def preview(
    *, enrolment: Enrolment, milestone: Milestone, wording: Wording, now: datetime
) -> tuple[Contact, RenderedMail]:
    """How it would read for a customer on the journey, and to whom it would go. Raises Lacking."""
    contact = first_contacts([enrolment.customer_id]).get(enrolment.customer_id)
    if contact is None:
        raise Lacking(_("Nobody at %(customer)s has an e-mail address.") % {"customer": enrolment.customer})
    organisation: Organisation = enrolment.organisation
    following = milestone.version.milestones.filter(position__gt=milestone.position).first()
    letter = Letter(organisation, enrolment, milestone, following, wording, contact)
    return contact, letter.render(now=now)
