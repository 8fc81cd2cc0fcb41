"""Three customers on one journey, and a circle with somebody of each."""

from datetime import datetime, timedelta
from typing import Any

from advocacy import convening
from advocacy.models import Circle, CircleSeat, Introduction
from advocacy.peers import Match, matches
from customers.models import Contact
from milestones.models import Enrolment, Milestone
from organisations.models import Organisation, User
from post import linking
from post.models import Delivery
from tests import factories
from tests.advocacy.advocating import verify

DAY = timedelta(days=1)
PEOPLE = (
    ("Kestrel Freight", "Amara Okafor", "m2", ("m1",)),
    ("Alder Finch", "Ken Osei", "m3", ("m1", "m2")),
    ("Lumen Dental", "Lucía Marín", "m1", ()),
)


def gather(organisation: Organisation, *, by: User, now: datetime) -> Circle:
    """Everybody joined ten days ago, and shows nothing but a first name."""
    journey = factories.make_journey(organisation)
    about = {"name": "Daily data", "about": "You look at your data every day, or want to.", "host": by}
    circle = convening.save(organisation=organisation, values=about, by=by, now=now - 12 * DAY)
    for company, name, current, reached in PEOPLE:
        customer = factories.make_customer(organisation, company, owner=by)
        contact = factories.make_contact(customer, name, is_primary=True, title=f"Planner of {company}")
        enrolment = factories.make_enrolment(customer, journey)
        for key in reached:
            verify(enrolment, at=now - 30 * DAY, key=key)
        milestone = Milestone.objects.get(version=enrolment.version_id, key=current)
        Enrolment.objects.filter(pk=enrolment.pk).update(current=milestone, current_key=current)
        seat = convening.ask(circle=circle, contact=contact, by=by, now=now - 11 * DAY)
        convening.join(seat=seat, now=now - 10 * DAY)
    Delivery.objects.update(state="sent", sent_at=now - 10 * DAY)
    return circle


def seat_of(contact: Contact) -> CircleSeat:
    return CircleSeat.objects.with_people().get(contact=contact)


def pair(circle: Circle) -> Match:
    """Amara and Ken."""
    found = [one for one in matches(circle) if one.seeker.contact.name == "Amara Okafor"]
    assert len(found) == 1
    return found[0]


def asked(circle: Circle, *, by: User, now: datetime) -> Introduction:
    return convening.ask_both(match=pair(circle), by=by, now=now)


def token_of(contact: Contact, *, now: datetime, purpose: str = "own") -> str:
    """By "own" they may do something; by "customer" they look."""
    return linking.make(
        organisation=contact.customer.organisation,
        purpose=purpose,
        subject_id=contact.pk,
        address=contact.address,
        now=now,
        days=7,
    )


def waiting(**about: Any) -> list[Delivery]:
    """Mails that have not left."""
    return list(Delivery.objects.filter(state="pending", **about).order_by("address"))
