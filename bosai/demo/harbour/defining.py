"""What customers want to reach, put into their own words: asked, corrected, confirmed; what a step is for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from bosai.demo.harbour.part import Part
from customers import defining
from customers.models import Outcome, OutcomeAsk
from milestones import aiming
from milestones.models import Enrolment
from post import linking

DAYS = 30


@dataclass(frozen=True)
class Wish:
    """What one customer says of their outcome, so many days ago."""

    asked_ago: int
    said_in: timedelta | None = None
    """How long they took to say that it is right; none: they have not said."""
    experience: str = ""
    required: str = ""
    further: str = ""
    """One more thing that they want to reach."""
    serves: Sequence[str] = ()
    """The milestones that serve the further one."""


WISHES: Mapping[str, Wish] = {
    "kestrel-freight": Wish(
        asked_ago=1,
        required="Every depot plans from yesterday’s numbers, without a call to head office.",
        experience="Short steps, one depot at a time; nobody sits in a training room.",
        further="A new depot manager plans on their own in their first week.",
        serves=("questions-answered-in-house", "runs-without-us"),
    ),
    "lumen-dental": Wish(asked_ago=12, said_in=timedelta(hours=26)),
    "saltmarsh-water": Wish(
        asked_ago=30,
        said_in=timedelta(hours=4),
        experience="The crews decide; we only look when they ask.",
    ),
}


def enter(part: Part, slug: str) -> None:
    """Ask them on the day that is known, after the call in which they said it."""
    wish = WISHES.get(part.row.key)
    if wish is not None:
        part.stage.at(part.stage.calendar.ago(wish.asked_ago, 10, 15), partial(_ask, part, slug, wish))


def _ask(part: Part, slug: str, wish: Wish, now: datetime) -> None:
    first = Outcome.objects.filter(customer=part.customer).select_related("customer").first()
    if first is None:
        return
    values = {"experience": wish.experience, "required": wish.required}
    row = defining.edit(outcome=first, values=values, by=part.owner, now=now)
    if wish.further:
        _further(part, slug, wish, now)
    ask = defining.ask(outcome=row, contact=part.champion, by=part.owner, now=now, simulated=True)
    if wish.said_in is not None:
        part.stage.at(now + wish.said_in, partial(_say, part, ask))


def _further(part: Part, slug: str, wish: Wish, now: datetime) -> None:
    values = {"words": wish.further, "contact": part.champion, "said_on": now.date()}
    outcome = defining.add(customer=part.customer, values=values, by=part.owner, now=now)
    enrolment = Enrolment.objects.select_related("organisation").get(pk=part.enrolments[slug].pk)
    for key in wish.serves:
        milestone = part.stage.milestones[key]
        aiming.aim(enrolment=enrolment, milestone=milestone, outcome=outcome, by=part.owner, now=now)


def _say(part: Part, ask: OutcomeAsk, now: datetime) -> None:
    """Right, on the link they would have got by mail."""
    token = linking.make(
        organisation=part.stage.organisation,
        purpose="outcome",
        subject_id=ask.pk,
        address=ask.contact.address,
        now=now,
        days=DAYS,
    )
    found = linking.find(token)
    assert found is not None, "made a moment ago"
    defining.confirm(ask=ask, link=found[1], edition=ask.outcome.edition, values={}, now=now)
