"""Kestrel Freight reaches its first milestone, and what members and Amara do with the story of it."""

from datetime import date, datetime, timedelta
from typing import Any

from advocacy import storytelling
from advocacy.models import Story, StoryAsk, StoryConsent
from advocacy.storytelling import Terms, Way
from customers.models import Contact, Customer
from milestones.models import Achievement, Enrolment
from organisations.models import Organisation, User
from post import linking
from post.models import Link

EVERYTHING = Terms(True, True, True, False, ("page", "sales"), None)


def begin(enrolment: Enrolment, by: User, now: datetime) -> Story:
    """The draft, with a sentence of Amara's."""
    achievement = Achievement.objects.get(enrolment=enrolment, milestone_key="m1")
    story = storytelling.draft(achievement=achievement, by=by, now=now)
    values = {"quote": "Now I drink my coffee.", "quote_by": amara(enrolment.customer)}
    return storytelling.edit(story=story, values=values, by=by, now=now)


def amara(customer: Customer) -> Contact:
    return customer.contacts.select_related("recipient", "customer__organisation").get(name="Amara Okafor")


def review(story: Story, by: User, now: datetime) -> StoryAsk:
    return storytelling.review(story=story, contact=amara(story.customer), by=by, now=now)


def token_of(ask: StoryAsk, now: datetime, **fields: Any) -> str:
    """As the outbox does when it sends the question."""
    return linking.make(
        organisation=ask.contact.customer.organisation,
        purpose=fields.pop("purpose", "story"),
        subject_id=fields.pop("subject_id", ask.pk),
        address=ask.contact.address,
        now=now,
        days=60,
        **fields,
    )


def link_of(ask: StoryAsk, now: datetime, **fields: Any) -> Link:
    found = linking.find(token_of(ask, now, **fields))
    assert found is not None
    return found[1]


def agree(ask: StoryAsk, now: datetime, terms: Terms = EVERYTHING) -> StoryConsent:
    way = Way(link_of(ask, now))
    return storytelling.agree(ask=ask, edition=ask.edition, terms=terms, way=way, now=now)


def publish(
    enrolment: Enrolment, by: User, now: datetime, terms: Terms = EVERYTHING
) -> tuple[Story, StoryAsk]:
    """All the way to the public page."""
    ask = review(begin(enrolment, by, now), by, now)
    agree(ask, now, terms)
    return storytelling.publish(story=ask.story, by=by, now=now), ask


def address(story: Story, file: str = "") -> str:
    organisation: Organisation = story.organisation
    return f"/s/{organisation.slug}/{story.slug}/{file}"


def until(now: datetime, days: int) -> date:
    return (now + timedelta(days=days)).date()
