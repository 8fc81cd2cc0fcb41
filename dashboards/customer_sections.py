"""The parts of the customer's own page below what they are asked, in order. Each reads for itself.

Whoever adds one writes a reader, a template and a line in `SECTIONS`. A part that has nothing to show is not
there. What a part lets its reader do needs a link that speaks for them: see `visiting.acts`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from advocacy.models import Celebration, StoryAsk
from coaching.models import Commitment, Sending, Touchpoint
from customers.models import Contact, DataRequest
from customers.requesting import WITHIN_DAYS
from dashboards.circle_section import circles
from milestones import choosing
from milestones.models import Achievement, Ask, Pick
from milestones.verifying.visiting import QUESTION, acts, question
from organisations.models import User
from post.models import Link, Recipient

FRESH = timedelta(days=60)  # how long after a win its menu is offered
PICK_DAYS = 14  # the day that is proposed
RESOURCES, CELEBRATIONS = 12, 12


@dataclass(frozen=True)
class Reader:
    """Who reads, by which link, when."""

    contact: Contact
    link: Link
    now: datetime
    may_answer: bool
    """False for a member who looks on."""

    @property
    def may_act(self) -> bool:
        return self.may_answer and acts(self.link)

    @property
    def today(self) -> date:
        return self.now.astimezone(self.contact.customer.organisation.tzinfo).date()


@dataclass(frozen=True)
class Section:
    key: str
    template: str
    read: Callable[[Reader], Any]
    acts: bool = False
    """Something can be done there, with a link for that."""


@dataclass(frozen=True)
class Shown:
    section: Section
    data: Any


@dataclass(frozen=True)
class Win:
    """A milestone that was reached of late, and what may come next."""

    achievement: Achievement
    offers: Sequence[choosing.Offer]
    may_pick: bool


@dataclass(frozen=True)
class Steps:
    wins: Sequence[Win]
    picked: Sequence[tuple[Pick, bool]]
    """With whether its picker may take it back."""
    propose: date


@dataclass(frozen=True)
class Promised:
    """What each side does, and the next call."""

    open: Sequence[Commitment]
    done: Sequence[Commitment]
    """Theirs, ticked in the last 24 hours."""
    next_call: Touchpoint | None
    csm: User | None
    me: Contact


@dataclass(frozen=True)
class Mails:
    wishes: Sequence[tuple[str, Any]]
    weekdays: Sequence[tuple[int, Any]]
    wish: str


@dataclass(frozen=True)
class Data:
    open: dict[str, DataRequest]
    closed: Sequence[DataRequest]
    days: int


def steps(reader: Reader) -> Steps | None:
    """The menu after the newest win, until something is picked, and what was picked of late."""
    since = reader.now - FRESH
    rows = Achievement.objects.standing().filter(
        enrolment__customer=reader.contact.customer, is_history=False, recorded_at__gte=since
    )
    found = list(rows.select_related("milestone", "enrolment").order_by("-achieved_at", "-id"))
    picks = Pick.objects.standing().filter(enrolment__in={row.enrolment_id for row in found})
    picked = list(picks.select_related("milestone", "contact").order_by("-at", "-id"))
    asks = Ask.objects.filter(contact=reader.contact, closed_at=None)
    taken = {(pick.enrolment_id, pick.milestone_key) for pick in picked}
    taken |= set(asks.values_list("enrolment_id", "milestone__key"))  # first they say whether it is so
    newest = [row for row in found[:1] if (row.enrolment_id, row.milestone_key) not in taken]
    wins = [
        Win(row, offers, may_pick(reader, row))
        for row in newest
        if (offers := choosing.offers(row.milestone.stage))
    ]
    own = [
        (
            pick,
            reader.may_act and pick.contact_id == reader.contact.pk and pick.can_be_undone(reader.now),
        )
        for pick in picked
    ]
    return Steps(wins, own, reader.today + timedelta(days=PICK_DAYS)) if wins or own else None


def may_pick(reader: Reader, achievement: Achievement) -> bool:
    """By a link that speaks for them, or the one by which they were asked about this very milestone."""
    if not reader.may_answer:
        return False
    asked = question(reader.link) if reader.link.purpose == QUESTION else None
    about = (achievement.enrolment_id, achievement.milestone_key)
    return acts(reader.link) or (asked is not None and (asked.enrolment_id, asked.milestone.key) == about)


def promised(reader: Reader) -> Promised:
    customer, now = reader.contact.customer, reader.now
    done = customer.commitments.filter(
        owner_contact=reader.contact, state=Commitment.State.KEPT, settled_at__gt=now - timedelta(hours=24)
    )
    return Promised(
        open=list(customer.commitments.open().with_owners().soonest_first()),
        done=list(done.order_by("-settled_at", "-id")),
        next_call=customer.touchpoints.planned().filter(due_at__gte=now).soonest_first().first(),
        csm=customer.owner,
        me=reader.contact,
    )


def sent(reader: Reader) -> list[Sending]:
    """Resources whose mail left: what was stopped in the outbox is not shown behind its back."""
    rows = Sending.objects.left().filter(contact=reader.contact).select_related("edition")
    return list(rows.defer("edition__body").newest_first()[:RESOURCES])


def celebrations(reader: Reader) -> list[Celebration]:
    """What was celebrated with them: mails that left, or would have in a history."""
    rows = Celebration.objects.filter(
        enrolment__customer=reader.contact.customer,
        state__in=[Celebration.State.POSTED, Celebration.State.SIMULATED],
        achievement__withdrawn_at=None,
        guests=reader.contact,
    )
    found = rows.select_related("milestone", "achievement").order_by("-achievement__achieved_at", "-id")
    return list(found[:CELEBRATIONS])


def stories(reader: Reader) -> list[StoryAsk]:
    """What they are asked about a story, and what they agreed to."""
    return list(StoryAsk.objects.for_page_of(reader.contact))


def mails(reader: Reader) -> Mails:
    recipient = reader.contact.recipient
    wish = recipient.wish if recipient and recipient.opted_out_at is None else Recipient.Wish.NOTHING
    return Mails(Recipient.Wish.choices, Recipient.Weekday.choices, wish)


def data(reader: Reader) -> Data:
    rows = list(DataRequest.objects.filter(contact=reader.contact).order_by("-asked_at", "-id"))
    open_ones = {row.kind: row for row in rows if row.closed_at is None}
    return Data(open_ones, [row for row in rows if row.closed_at is not None], WITHIN_DAYS)


SECTIONS = (
    Section("steps", "dashboards/their/steps.html", steps, acts=True),
    Section("promised", "dashboards/their/promised.html", promised, acts=True),
    Section("circles", "dashboards/their/circles.html", circles, acts=True),
    Section("sent", "dashboards/their/sent.html", sent),
    Section("celebrations", "dashboards/their/celebrations.html", celebrations),
    Section("stories", "dashboards/their/stories.html", stories),
    Section("mails", "dashboards/their/mails.html", mails),
    Section("data", "dashboards/their/data.html", data, acts=True),
)


def sections_for(reader: Reader) -> list[Shown]:
    """Those that have something to show."""
    found = [Shown(section, section.read(reader)) for section in SECTIONS]
    return [shown for shown in found if shown.data]
