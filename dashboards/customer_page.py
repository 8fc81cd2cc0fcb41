"""What the customer's own page shows first: their goal, what they are asked, where they are."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from customers.models import Contact, Customer, Outcome, OutcomeAsk
from dashboards.paths import Serves, serves_of
from milestones.evidence import evidence_of
from milestones.models import Ask, Enrolment, Milestone, Verdict
from milestones.telling import for_the_customer
from milestones.verifying.visiting import may_answer, question
from milestones.walking import Path, paths_of
from organisations.models import User
from post.models import Link
from ui.stones import Stone


@dataclass(frozen=True)
class Topic:
    """One milestone this person is asked about, or has answered."""

    milestone: Milestone
    place: int
    of: int
    stone: Stone
    ask: Ask | None
    """The question that waits."""
    verdict: Verdict | None
    """Their answer that stands, when nothing waits."""
    can_undo: bool
    can_answer: bool
    """The link was made for this question; another one only shows it."""
    evidence: dict[str, Any]
    own_contest: Verdict | None
    """Their own "not yet" that holds the milestone open: it was answered with the question that waits."""
    colleague: Verdict | None
    """A colleague's "not yet" that holds it open."""


@dataclass(frozen=True)
class CustomerPage:
    customer: Customer
    csm: User | None
    outcomes: Sequence[Outcome]
    """What they want to reach, what counts most first."""
    topics: Sequence[Topic]
    """What the link was sent about first."""
    paths: Sequence[Path]
    serves: Sequence[Serves]
    """Which step serves which of their outcomes."""
    wording_asks: Sequence[OutcomeAsk]
    """Outcomes of theirs they are asked about: whether they are still right."""


def page_for(contact: Contact, link: Link, *, now: datetime) -> CustomerPage:
    customer = contact.customer
    asked = question(link)
    asks = list(_open_asks(contact))
    enrolments = _enrolments(customer, asked, asks)
    known = paths_of(enrolments, now=now)
    paths = [
        for_the_customer(
            path, now=now, asked={ask.milestone.key for ask in asks if ask.enrolment_id == path.enrolment.pk}
        )
        for path in known.values()
    ]
    by_enrolment = {path.enrolment.pk: path for path in paths}
    open_ones = [_topic(ask.enrolment_id, ask.milestone, ask, contact, by_enrolment, now) for ask in asks]
    answered = _answered(contact, asked, asks, by_enrolment, now)
    found = [topic for topic in (*open_ones, *answered) if topic is not None]
    topics = [_by_this_link(topic, link, asked) for topic in found]
    if asked is not None:
        topics.sort(key=lambda topic: topic.milestone.pk != asked.milestone_id)
    return CustomerPage(
        customer=customer,
        csm=customer.owner,
        outcomes=[outcome for outcome in customer.standing_outcomes if outcome.words],
        topics=topics,
        paths=paths,
        serves=serves_of(paths),
        wording_asks=list(_wording_asks(contact)),
    )


def _wording_asks(contact: Contact) -> QuerySet[OutcomeAsk]:
    rows = OutcomeAsk.objects.filter(contact=contact, closed_at=None)
    return rows.select_related("outcome").order_by("outcome__position", "id")


def _by_this_link(topic: Topic, link: Link, asked: Ask | None) -> Topic:
    about = topic.ask or topic.verdict
    assert about is not None, "a topic is a question or an answer"
    return replace(topic, can_answer=may_answer(link, about, asked=asked))


def _open_asks(contact: Contact) -> Any:
    return (
        Ask.objects.filter(contact=contact, closed_at=None)
        .select_related("milestone", "enrolment__journey", "enrolment__organisation")
        .order_by("id")
    )


def _enrolments(customer: Customer, asked: Ask | None, asks: Sequence[Ask]) -> list[Enrolment]:
    """The journeys to show: the one asked about first, then those the customer is on."""
    wanted = {ask.enrolment_id for ask in asks} | ({asked.enrolment_id} if asked else set())
    rows = Enrolment.objects.filter(customer=customer).select_related("journey", "organisation")
    found = [row for row in rows.order_by("-enrolled_at") if row.ended_at is None or row.pk in wanted]
    return sorted(found, key=lambda row: row.pk not in wanted)


def _topic(
    enrolment_id: int,
    milestone: Milestone,
    ask: Ask | None,
    contact: Contact,
    paths: dict[int, Path],
    now: datetime,
    verdict: Verdict | None = None,
) -> Topic | None:
    path = paths[enrolment_id]
    place = next((place for place, step in enumerate(path.steps) if step.key == milestone.key), None)
    if place is None:
        return None  # the journey goes on without this milestone
    held_by = Verdict.objects.open_contests().filter(enrolment=enrolment_id, milestone_key=milestone.key)
    contests = list(held_by.select_related("contact").order_by("at", "id"))
    return Topic(
        milestone=milestone,
        place=place + 1,
        of=len(path.steps),
        stone=path.stones[place],
        ask=ask,
        verdict=verdict,
        can_undo=verdict is not None and verdict.can_be_undone(now),
        can_answer=False,
        evidence=evidence_of(path.enrolment, milestone, now=now),
        own_contest=next((row for row in reversed(contests) if row.contact_id == contact.pk), None),
        colleague=next((row for row in reversed(contests) if row.contact_id != contact.pk), None),
    )


def _answered(
    contact: Contact, asked: Ask | None, asks: Sequence[Ask], paths: dict[int, Path], now: datetime
) -> list[Topic | None]:
    """Answers of theirs that stand: what the link is about, and what can still be undone."""
    waiting = {(ask.enrolment_id, ask.milestone.key) for ask in asks}
    newest: dict[tuple[int, str], Verdict] = {}
    rows = Verdict.objects.standing().filter(contact=contact).select_related("milestone", "answered_by")
    for verdict in rows.order_by("at", "id"):
        newest[verdict.enrolment_id, verdict.milestone_key] = verdict
    linked = (asked.enrolment_id, asked.milestone.key) if asked else None
    return [
        _topic(verdict.enrolment_id, verdict.milestone, None, contact, paths, now, verdict)
        for at, verdict in newest.items()
        if at not in waiting and at[0] in paths and (at == linked or verdict.can_be_undone(now))
    ]
