"""Kestrel confirmed an outcome; Amara speaks for us, if she wants to."""

from datetime import datetime, timedelta
from typing import Any

from advocacy import recruiting
from advocacy.models import Advocate, Favour
from customers.models import Contact
from milestones.models import Achievement, Enrolment, Milestone
from organisations.models import Organisation, User
from post import linking
from post.models import Link

DAY = timedelta(days=1)


def verify(enrolment: Enrolment, *, at: datetime, key: str = "m1") -> Achievement:
    """Reached and confirmed by the customer."""
    milestone = Milestone.objects.get(version=enrolment.version_id, key=key)
    return Achievement.objects.create(
        organisation_id=enrolment.organisation_id,
        enrolment=enrolment,
        milestone=milestone,
        milestone_key=key,
        achieved_at=at,
        recorded_at=at,
        verified_at=at,
    )


def ask(contact: Contact, kind: str, *, by: User, now: datetime, words: str = "Would you?") -> Favour:
    return recruiting.ask(contact=contact, kind=kind, words=words, by=by, now=now)


def token_of(favour: Favour, *, now: datetime, organisation: Organisation) -> str:
    """The link in the mail that asks."""
    return linking.make(
        organisation=organisation,
        purpose="favour",
        subject_id=favour.pk,
        address=favour.contact.address,
        now=now,
        days=60,
    )


def link_of(favour: Favour, **given: Any) -> Link:
    found = linking.find(token_of(favour, **given))
    assert found is not None
    return found[1]


def willing(contact: Contact, *, by: User, now: datetime) -> Advocate:
    """Invited and yes, on their own link."""
    favour = ask(contact, Favour.Kind.INVITATION, by=by, now=now)
    organisation = contact.customer.organisation
    recruiting.answer(
        favour=favour, link=link_of(favour, now=now, organisation=organisation), is_yes=True, now=now
    )
    found: Advocate = Advocate.objects.with_people().get(contact=contact)
    return found
