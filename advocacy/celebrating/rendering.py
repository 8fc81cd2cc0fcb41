"""The celebration mail, exactly as one guest gets it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone, translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from advocacy.models import Celebration, CelebrationGuest
from customers.models import Contact
from milestones.evidence import fact_day
from milestones.models import Verdict
from milestones.telling import for_the_customer
from milestones.walking import Path, paths_of
from organisations.access import colleagues
from organisations.models import User
from post.composing import UNSUBSCRIBE
from post.linking import LinkSpec
from ui.mail import RenderedMail, render_mail

PAGE_LINK, PAGE_DAYS = "[customer page]", 90
REPLY_LINK, REPLY_PURPOSE, REPLY_DAYS = "[reply link]", "reply", 90
SUBJECT_LENGTH = 150


@dataclass(frozen=True)
class Letter:
    """A celebration with everything its mails show, so that many are rendered without further queries."""

    celebration: Celebration
    guests: Sequence[Contact]
    path: Path
    quote: Verdict | None
    """The customer's own words when they confirmed."""
    seats: Mapping[int, int]
    """Of each guest, by contact, the row that says so: what the link to answer is about."""
    signer: User | None
    """Who speaks for us to this customer when the letter is made, not when the hold began."""

    @property
    def reply_to(self) -> str:
        return self.signer.email if self.signer else ""

    @property
    def from_name(self) -> str:
        return self.signer.name if self.signer else ""

    def render(self, guest: Contact, *, now: datetime) -> RenderedMail:
        """In the guest's language and zone."""
        organisation, recipient = self.celebration.organisation, guest.recipient
        assert recipient is not None, "a guest has an address"
        recipient.organisation = organisation
        language = recipient.language or organisation.language
        with timezone.override(recipient.tzinfo()), translation.override(language):
            return render_mail("advocacy/celebration", self._context(guest, now), language)

    def links(self, guest: Contact) -> list[LinkSpec]:
        return [
            LinkSpec(PAGE_LINK, "customer", guest.pk, PAGE_DAYS),
            LinkSpec(REPLY_LINK, REPLY_PURPOSE, self.seats[guest.pk], REPLY_DAYS),
        ]

    def _quote_by(self, guest: Contact, now: datetime) -> str:
        if self.quote is None:
            return ""
        contact, day = self.quote.contact, fact_day(self.quote.at, now=now)
        if contact is None:
            return day
        who = _("you") if contact.pk == guest.pk else contact.name
        return f"{who}, {day}"

    def _context(self, guest: Contact, now: datetime) -> dict[str, Any]:
        celebration = self.celebration
        return {
            "organisation": celebration.organisation,
            "recipient": guest.recipient,
            "guest": guest,
            "customer": celebration.enrolment.customer,
            "celebration": celebration,
            "milestone": celebration.milestone,
            "fact": celebration.fact,
            "subject": Truncator(celebration.fact).chars(SUBJECT_LENGTH),
            "csm": self.signer,
            "path": for_the_customer(self.path, now=now),
            "quote": self.quote,
            "quote_by": self._quote_by(guest, now),
            "link": PAGE_LINK,
            "reply_link": REPLY_LINK,
            "unsubscribe_url": UNSUBSCRIBE,
            "now": now,
        }


def letters(rows: Sequence[Celebration], *, now: datetime) -> dict[int, Letter]:
    """The letters of these celebrations by their id: a handful of queries, however many.

    Give them with organisation, enrolment, customer and owner, milestone and signer loaded.
    """
    guests: dict[int, list[Contact]] = {row.pk: [] for row in rows}
    invited = CelebrationGuest.objects.filter(
        celebration__in=guests, contact__left_on=None, contact__recipient__isnull=False
    )
    seats: dict[int, dict[int, int]] = {row.pk: {} for row in rows}
    for each in invited.select_related("contact__recipient").order_by("id"):
        guests[each.celebration_id].append(each.contact)
        seats[each.celebration_id][each.contact_id] = each.pk
    quotes = _quotes(rows)
    here = _here(rows)
    for row in rows:
        row.enrolment.organisation = row.organisation
    paths = paths_of({row.enrolment_id: row.enrolment for row in rows}.values(), now=now)
    return {
        row.pk: Letter(
            row,
            guests[row.pk],
            paths[row.enrolment_id],
            quotes.get((row.enrolment_id, row.milestone_key)),
            seats[row.pk],
            _signer(row, here),
        )
        for row in rows
    }


def _here(rows: Sequence[Celebration]) -> set[int]:
    """Who of those chosen to sign still works here."""
    chosen = {row.signed_by_id for row in rows if row.enrolment.customer.owner is None and row.signed_by_id}
    if not chosen:
        return set()
    return set(colleagues(rows[0].organisation).filter(pk__in=chosen).values_list("pk", flat=True))


def _signer(row: Celebration, here: set[int]) -> User | None:
    """The customer's CSM; without one whoever was chosen when it was made, if they still work here."""
    owner = row.enrolment.customer.owner
    return owner or (row.signed_by if row.signed_by_id in here else None)


def preview(
    celebration: Celebration, *, guest: Contact | None = None, now: datetime | None = None
) -> RenderedMail | None:
    """The mail as `guest` (default: the first) will get it. None while there is nobody to send it to."""
    now = now or celebration.due_at
    letter = letters([celebration], now=now)[celebration.pk]
    to = next((each for each in letter.guests if guest is None or each.pk == guest.pk), None)
    return letter.render(to, now=now) if to else None


def previews(celebration: Celebration) -> list[tuple[Contact, RenderedMail]]:
    """The mail of every guest, as it will look when its hold has passed: one letter, drawn for each."""
    letter = letters([celebration], now=celebration.due_at)[celebration.pk]
    return [(guest, letter.render(guest, now=celebration.due_at)) for guest in letter.guests]


def _quotes(rows: Sequence[Celebration]) -> dict[tuple[int, str], Verdict]:
    """The newest words of a customer who confirmed."""
    said = Verdict.objects.standing().filter(
        kind=Verdict.Kind.CONFIRMED, enrolment__in={row.enrolment_id for row in rows}
    )
    spoken = said.exclude(words="").select_related("contact").order_by("at", "id")
    return {(verdict.enrolment_id, verdict.milestone_key): verdict for verdict in spoken}
