"""A journey whose milestones the customer confirms, and the links that customers come in by."""

from datetime import datetime
from typing import Any

from customers.models import Contact, Customer
from milestones.models import Ask, Criterion, Enrolment, Journey, Milestone
from organisations.models import Organisation, User
from post import linking
from post.models import Link
from tests import factories


def make_asking_journey(organisation: Organisation, **milestone_fields: Any) -> Journey:
    """m1 and m2 need a claim and the customer's yes, m3 the claim alone, m4 and m5 a metric of 40."""
    journey = factories.make_journey(organisation, slug="outcomes", **milestone_fields)
    for milestone in journey.current_version().milestones.filter(key__in=["m1", "m2", "m3"]):
        milestone.criteria.all().delete()
        kinds = [Criterion.Kind.CLAIM, Criterion.Kind.CONFIRMATION]
        for position, kind in enumerate(kinds if milestone.key != "m3" else kinds[:1], start=1):
            Criterion.objects.create(
                organisation=organisation, milestone=milestone, position=position, kind=kind
            )
    return journey


def make_asking_enrolment(organisation: Organisation, owner: User | None = None, **fields: Any) -> Enrolment:
    """Kestrel Freight, with Amara (primary) and Tomás, on that journey."""
    customer = factories.make_customer(
        organisation, owner=owner, outcome="Every depot manager sees yesterday’s empty kilometres.", **fields
    )
    factories.make_contact(customer, "Amara Okafor", is_primary=True)
    factories.make_contact(customer, "Tomás Silva", address="tomas@kestrel-freight.example")
    return factories.make_enrolment(customer, make_asking_journey(organisation))


def milestone(enrolment: Enrolment, key: str = "m1") -> Milestone:
    return enrolment.version.milestones.get(key=key)


def person(customer: Customer, first_name: str = "Amara") -> Contact:
    return customer.contacts.select_related("recipient").get(name__startswith=first_name)


def make_token(ask: Ask, *, now: datetime, days: int = 30, **fields: Any) -> str:
    """As the outbox does when it sends the question."""
    return linking.make(
        organisation=ask.organisation,
        purpose="confirm",
        subject_id=ask.pk,
        address=fields.pop("address", ask.contact.address),
        now=now,
        days=days,
        **fields,
    )


def make_link(ask: Ask, *, now: datetime, **fields: Any) -> Link:
    found = linking.find(make_token(ask, now=now, **fields))
    assert found is not None
    return found[1]
