"""Erase one person, in one transaction: who they are goes, that somebody verified and answered stays."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from advocacy import convening, recruiting, referring, storytelling
from advocacy.models import Advocate, CircleSeat, Referral
from coaching.models import CallInvitation
from customers.models import Contact, DataRequest, Erasure, hash_of
from milestones import verifying
from office.erasing import blanking, copies
from office.erasing.faults import NotPossible
from office.erasing.person import Person
from organisations.models import User
from post.models import Recipient

LONGEST = 300


def erase(*, contact: Contact, by: User, now: datetime, why: str) -> Erasure:
    """For ever. Raises NotPossible without a reason, twice, or while an import is at work.

    The reason stays, so it must not name them: it loses their name if it does.
    """
    if not why.strip():
        raise NotPossible(_("Say why: it stays beside the date."))
    with transaction.atomic():
        rows = Contact.objects.select_for_update(of=("self",)).select_related(
            "recipient", "customer__organisation", "customer__owner", "organisation"
        )
        row = rows.get(pk=contact.pk)
        if Erasure.objects.filter(contact=row).exists():
            raise NotPossible(_("They are erased already."))
        if copies.running().exists():
            raise NotPossible(_("An import is at work and might bring them back. Wait until it is through."))
        person = Person(row)
        erasure = _keep_the_hash(person, by=by, now=now, why=person.names.replaced(why.strip())[:LONGEST])
        _part(person, by=by, now=now)
        copies.blank_mails(person, why=_("the address was erased"))
        blanking.blank_theirs(person)
        blanking.replace_names(person)
        copies.drop_files(person, now=now)
        copies.drop(person)
        _forget(person)
        organisation = row.organisation
        organisation.log(
            "person_erased", by=by, now=now, subject=row, customer_id=row.customer_id, contact_id=row.pk
        )
    return erasure


def lift(*, erasure: Erasure, by: User, now: datetime, why: str) -> Erasure:
    """They may be written down again, as somebody new; nothing comes back. Raises NotPossible, once only."""
    if not why.strip():
        raise NotPossible(_("Say why they may be written down again."))
    with transaction.atomic():
        row = (
            Erasure.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=erasure.pk)
        )
        if row.lifted_at is None:
            row.lifted_at, row.lifted_by, row.lifted_why = now, by, why.strip()[:LONGEST]
            row.save(update_fields=["lifted_at", "lifted_by", "lifted_why"])
            row.organisation.log(
                "erasure_lifted",
                by=by,
                now=now,
                subject=row,
                customer_id=row.customer_id,
                contact_id=row.contact_id,
            )
    return row


def _keep_the_hash(person: Person, *, by: User, now: datetime, why: str) -> Erasure:
    contact = person.contact
    return Erasure.objects.create(
        organisation=contact.organisation,
        contact=contact,
        customer=contact.customer,
        at=now,
        by=by,
        why=why,
        address_hash=hash_of(contact.address),
        key_hash=hash_of(contact.key),
        is_shared=person.is_shared,
    )


def _part(person: Person, *, by: User, now: datetime) -> None:
    """Nothing is asked of them any more, and nothing rests on their word in public."""
    contact = person.contact
    day = now.astimezone(contact.organisation.tzinfo).date()
    verifying.contact_left(contact=contact, on=day, by=by, now=now)
    CallInvitation.objects.open().filter(contact=contact).update(
        ended_at=now, ended_why=CallInvitation.End.LEFT
    )
    for seat in CircleSeat.objects.filter(contact=contact, ended_at=None).with_people():
        convening.take_out(seat=seat, by=by, now=now)
    advocate = Advocate.objects.filter(contact=contact).first()
    if advocate is not None:
        recruiting.end(advocate=advocate, by=by, now=now)
    for story in storytelling.forget(contact=contact, by=by, now=now):
        storytelling.unname(story=story, by=by, now=now)
    for address in person.addresses:
        for referral in Referral.objects.filter(address__iexact=address):
            referring.forget(referral=referral, by=by, now=now)
    DataRequest.objects.open().filter(contact=contact).update(
        closed_at=now, closed_by=by, answer=person.names.put
    )


def _forget(person: Person) -> None:
    """Their own row, last, and the addresses at which nobody else reads."""
    contact, addresses = person.contact, person.addresses
    Contact.objects.filter(pk=contact.pk).update(
        name=person.names.put, key="", title="", phone="", role="", edited={},
        recipient=None, is_primary=False, celebrate_with=False,
    )  # fmt: skip
    for address in addresses:
        Recipient.objects.filter(address__iexact=address).delete()
