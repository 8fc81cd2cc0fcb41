"""Somebody opens the address an advocate passed on, and leaves a line. They have no account.

Whether somebody is known already is told to members alone: a stranger gets the same answer either way.
"""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Lower
from django.utils.http import base36_to_int
from django.utils.translation import gettext as _

from advocacy.models import Advocate, Favour, Referral, ReferralOpening
from advocacy.referring.faults import Incomplete, SelfReferral
from advocacy.referring.noting import announce, note
from customers.models import Contact
from milestones.models import Achievement
from organisations import tenancy
from organisations.models import Organisation

State, Known = Referral.State, Referral.Known
LENGTHS = {"name": 120, "company": 120, "words": 2000}
EVERYBODYS = {
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "icloud.com",
    "me.com", "gmx.de", "gmx.net", "web.de", "t-online.de", "proton.me", "protonmail.com", "aol.com",
    "mail.com", "orange.fr", "free.fr", "ziggo.nl",
}  # fmt: skip


def find(code: str) -> tuple[Organisation, Advocate] | None:
    """Whose address it is; None for anything that leads nowhere. Use it within that organisation."""
    prefix, _dash, own = code.strip().lower().partition("-")
    try:
        organisation_id = base36_to_int(prefix) if own else 0
    except ValueError:
        organisation_id = 0
    organisation = Organisation.objects.filter(pk=min(organisation_id, 2**63 - 1)).first()
    if organisation is None:
        return None
    with tenancy.within(organisation):
        advocate = Advocate.objects.willing().with_people().filter(code=own[:20]).first()
    return (organisation, advocate) if advocate else None


def opened(*, advocate: Advocate, now: datetime) -> None:
    """A person, not a scanner, saw the page: counted by day, and nothing about them is kept."""
    on = now.astimezone(advocate.organisation.tzinfo).date()
    about: dict[str, Any] = {"advocate": advocate, "on": on}
    with transaction.atomic():
        if ReferralOpening.objects.filter(**about).update(count=F("count") + 1):
            return
        drafts = [ReferralOpening(organisation=advocate.organisation, count=0, **about)]
        ReferralOpening.objects.bulk_create(drafts, ignore_conflicts=True)
        ReferralOpening.objects.filter(**about).update(count=F("count") + 1)


def submit(
    *, advocate: Advocate, name: str, company: str, address: str, words: str, consent: str, now: datetime
) -> Referral:
    """What the newcomer wrote, credited to the advocate. The same once more gives back the row there is.

    `consent`: what they agreed to, in the words they read. Raises SelfReferral, Incomplete.
    """
    given = {"name": name.strip(), "company": company.strip(), "words": words.strip()}
    _check(given, consent)
    address = _checked_address(address)
    with transaction.atomic():
        row: Advocate = Advocate.objects.with_people().select_for_update(of=("self",)).get(pk=advocate.pk)
        _check_other(row, address)
        referral = Referral(organisation=row.organisation, advocate=row, achievement=_told_of(row), **given)
        referral.address, referral.consent, referral.submitted_at = address, consent, now
        if same := _same(row, address):
            return same
        _know(referral)
        try:
            with transaction.atomic():
                referral.save(force_insert=True)
        except IntegrityError:  # they wrote by another advocate's address at this moment: that one counts
            referral.state, referral.known_as = State.KNOWN, Known.REFERRED
            referral.save(force_insert=True)
        note(referral, "referral_submitted", now=now, known=referral.known_as)
        if referral.state == State.SUBMITTED:
            announce(referral, "referral.submitted", now=now)
    return referral


def _check(given: dict[str, str], consent: str) -> None:
    if not given["name"]:
        raise Incomplete("name", _("Say who you are, so that somebody can answer you."))
    if not consent:
        raise Incomplete("consent", _("We may only keep this with your yes. Tick the box, or leave it."))
    for field, most in LENGTHS.items():
        if len(given[field]) > most:
            raise Incomplete(field, _("At most %(most)d characters, please.") % {"most": most})
        if any(ord(letter) < 32 and letter not in "\n\r\t" for letter in given[field]):
            raise Incomplete(field, _("There are characters in it that cannot be kept. Type it anew."))


def _checked_address(address: str) -> str:
    address = address.strip()
    try:
        validate_email(address)
    except ValidationError:
        raise Incomplete("address", _("An address looks like ana@company.example.")) from None
    return address


def _check_other(advocate: Advocate, address: str) -> None:
    """Neither the advocate nor a colleague of theirs."""
    low, customer = address.lower(), advocate.contact.customer
    domain = low.rpartition("@")[2]
    own = advocate.contact.address.lower().rpartition("@")[2]
    same_house = domain == own and domain not in EVERYBODYS
    colleague = Contact.objects.alias(low=Lower("recipient__address")).filter(customer=customer, low=low)
    if same_house or colleague.exists():
        words = _(
            "This address belongs to %(customer)s, who recommend us. The page is for people elsewhere: "
            "nothing was kept."
        )
        raise SelfReferral(words % {"customer": customer.name})


def _same(advocate: Advocate, address: str) -> Referral | None:
    """What they have written by this very address before, unless it was lost since."""
    rows = Referral.objects.alias(low=Lower("address")).filter(low=address.lower(), advocate=advocate)
    found: Referral | None = rows.exclude(state=State.LOST).newest_first().first()
    return found


def _know(referral: Referral) -> None:
    """Somebody who was referred before, or works at a customer: kept, and counted nowhere."""
    low = referral.address.lower()
    same = Referral.objects.alias(low=Lower("address")).filter(low=low)
    people = Contact.objects.current().alias(low=Lower("recipient__address")).filter(low=low)
    if people.exists():
        referral.state, referral.known_as = State.KNOWN, Known.CUSTOMER
    elif same.filter(state__in=[State.SUBMITTED, State.QUALIFIED, State.WON]).exists():
        referral.state, referral.known_as = State.KNOWN, Known.REFERRED


def _told_of(advocate: Advocate) -> Achievement | None:
    """The outcome they pass on: the one their last favour rests on, else that of the invitation."""
    rows = Favour.objects.filter(contact=advocate.contact_id, kind=Favour.Kind.REFERRAL)
    asked = rows.exclude(achievement=None).select_related("achievement").newest_first().first()
    return asked.achievement if asked else advocate.achievement
