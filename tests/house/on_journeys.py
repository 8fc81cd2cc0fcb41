"""What happens on journeys in the lived-in organisation: pauses, variants, what customers say of wordings."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.utils import timezone

from customers import keeping
from customers.models import Contact, Customer
from milestones import agreeing, designing, pacing, pausing, varying
from milestones.models import Enrolment, Journey
from milestones.outlines import Outline
from organisations.models import Organisation, User
from post import linking

JOURNEY = "from-first-data-to-daily-decisions"
BASE = "from-the-first-lesson-to-teaching-others"


def user(name: str) -> User:
    return User.objects.get(email=f"{name}@harbour.example")


def stand_still(harbour: Organisation) -> None:
    """A journey whose clock stands until somebody says so, and one that stood for a week."""
    now = timezone.now()
    today = timezone.localdate(now, harbour.tzinfo)
    made = {"by": user("mara"), "now": now}
    journey = Journey.objects.get(slug=JOURNEY)
    limits = {"every-site-opens-with-it": 90, "": 400}
    pacing.set_limits(journey=journey, limits=limits, by=user("theo"), now=now)
    rows = Enrolment.objects.select_related("organisation")
    lumen = rows.get(customer__key="lumen-dental")
    pausing.pause(enrolment=lumen, starts_on=today, resumes_on=None, why="Holiday", **made)
    kestrel = rows.get(customer__key="kestrel-freight")
    ago = [today - timedelta(days=days) for days in (9, 2)]
    pausing.pause(enrolment=kestrel, starts_on=ago[0], resumes_on=ago[1], why="Project on hold", **made)


def vary(harbour: Organisation) -> None:
    """A base that was published anew, a variant that says otherwise in places, and one that fits as well."""
    made: dict[str, Any] = {"by": user("theo"), "now": timezone.now()}
    base = designing.new_journey(
        organisation=harbour, name="From the first lesson to teaching others", starter="training", **made
    )
    designing.publish(journey=base, **made)
    freight = varying.begin_variant(
        base=base, name="Teaching freight", segment="Freight", use_case="", **made
    )
    _retarget(freight, 2, "17", name="Drivers plan their own routes", **made)
    varying.begin_variant(base=base, name="Teaching routes", segment="", use_case="Routing", **made)
    designing.publish(journey=base.variants.get(for_use_case="Routing"), **made)
    _retarget(base, 2, "19", **made)
    for key in ("kestrel-freight", "heron"):
        customer = Customer.objects.select_related("organisation").get(key=key)
        keeping.edit_customer(customer=customer, values={"use_case": "Routing"}, **made)


def _retarget(journey: Journey, handle: int, days: str, *, by: User, now: Any, **said: str) -> None:
    """Another target for a milestone, published."""

    def change(outline: Outline) -> Outline:
        one = outline.milestone(handle)
        assert one
        return outline.saying(replace(one, target_days=days, **said))

    designing.save_draft(journey=journey, change=change, by=by, now=now)
    designing.publish(journey=journey, by=by, now=now)


def say_of_wordings(harbour: Organisation) -> None:
    """Milestones whose wording a customer says is no longer right, is right; one that waits for an answer."""
    now = timezone.now()
    rows = Enrolment.objects.open().exclude(current=None).select_related("customer", "current")
    people = Contact.objects.current().exclude(recipient=None).select_related("recipient")
    words = iter(["We want fewer kilometres, not more reports.", "", None])
    for enrolment in rows.order_by("customer__name"):
        contact = people.filter(customer=enrolment.customer_id).first()
        said = next(words, None) if contact else None
        if contact is None:
            continue
        made = {"enrolment": enrolment, "milestone": enrolment.current, "contact": contact, "now": now}
        asked = agreeing.ask(**made)
        if said is None:
            break
        token = linking.make(
            organisation=harbour,
            purpose="agreement",
            subject_id=asked.pk,
            address=contact.address,
            now=now,
            days=30,
        )
        link = linking.find(token)[1]
        agreeing.answer(agreement=asked, link=link, is_right=not said, words=said, now=now)
