"""Introductions: both are asked by themselves, and nobody learns who the other is before both said yes."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from advocacy.convening import letters
from advocacy.convening.asking import alone_with
from advocacy.convening.noting import note_both, note_introduction
from advocacy.ledger import refusal_of_more, standings
from advocacy.models import AskTerms, Circle, CircleSeat, Introduction
from advocacy.peers import Match, is_match
from advocacy.recruiting.faults import MayNotBeAsked, NotPossible
from customers.models import Contact
from organisations.models import User

State = Introduction.State


def ask_both(*, match: Match, by: User, now: datetime, simulated: bool = False) -> Introduction:
    """Ask both, each on their own link. Once for ever about one milestone: twice gives back what stands.

    Raises MayNotBeAsked (why, and from when on they may), NotPossible (it fits no longer).
    """
    with transaction.atomic():
        seeker, peer = alone_with([match.seeker.contact, match.peer.contact])
        circle: Circle = match.seeker.circle
        same = {"seeker": seeker, "peer": peer, "milestone_key": match.milestone.key}
        if found := Introduction.objects.with_people().filter(**same).first():
            return found
        if not is_match(match):
            raise NotPossible(_("One of them left, or got further since. Nobody was asked."))
        _refuse(seeker, peer, circle, now)
        row = Introduction(circle=circle, milestone=match.milestone, organisation=circle.organisation, **same)
        row.asked_at, row.asked_by = now, by
        row.save(force_insert=True)
        letters.ask_both(row, now=now, simulated=simulated)
        note_both(row, "introduction_asked", by=by, now=now)
    return row


def answer(
    *,
    introduction: Introduction,
    contact: Contact,
    is_yes: bool,
    now: datetime,
    is_demo: bool = False,
    simulated: bool = False,
) -> Introduction:
    """One of the two says yes or no. The second yes makes it, once; a no ends it without saying whose.

    Raises NotPossible: they are not one of the two, it is over, or one of them left the circle.
    """
    with transaction.atomic():
        _hold_seats(introduction)
        row = locked(introduction)
        if contact.pk not in (row.seeker_id, row.peer_id):
            raise NotPossible(_("This was not asked of you."))
        field = "seeker_yes_at" if contact.pk == row.seeker_id else "peer_yes_at"
        if is_yes and getattr(row, field):
            return row
        if not row.is_open:
            raise NotPossible(_("This is over. There is nothing to answer."))
        row.is_demo = row.is_demo or is_demo
        if not is_yes:
            return _close(row, State.DECLINED, of=contact, now=now)
        if not _both_here(row):
            raise NotPossible(_("This cannot come about any more. Nothing was passed on."))
        setattr(row, field, now)
        note_introduction(row, "introduction_agreed", of=contact, now=now)
        if row.yeses == len(("seeker", "peer")):
            row.state, row.closed_at = State.MADE, now
            letters.introduce(row, now=now, simulated=simulated)
            note_both(row, "introduction_made", now=now)
        row.save()
    return row


def withdraw(*, introduction: Introduction, by: User, now: datetime) -> Introduction:
    """A member takes the question back. It still counts as asked. Raises NotPossible when it was made."""
    with transaction.atomic():
        row = locked(introduction)
        if row.state == State.MADE:
            raise NotPossible(_("They are introduced already. That cannot be taken back."))
        end(row, by=by, now=now)
    return row


def end(row: Introduction, *, by: User | None, now: datetime) -> None:
    """It comes about no more; what waits to leave does not. One that was made stays made."""
    letters.recall_introduction(row, why=_("one of them left, or it was taken back"))
    if row.is_open:
        row.state, row.closed_at = State.ENDED, now
        row.save(update_fields=["state", "closed_at"])
        note_both(row, "introduction_ended", by=by, now=now)


def end_impossible(*, now: datetime, at_most: int) -> int:
    """Those that wait, and of which somebody left their company, or their company left."""
    gone = [row for row in Introduction.objects.open().with_people()[:at_most] if not _both_here(row)]
    for row in gone:
        with transaction.atomic():
            end(locked(row), by=None, now=now)
    return len(gone)


def _close(row: Introduction, state: State, *, of: Contact, now: datetime) -> Introduction:
    row.state, row.closed_at = state, now
    row.save()
    letters.recall_introduction(row, why=_("it does not come about"))
    note_introduction(row, "introduction_declined", of=of, now=now)
    return row


def _both_here(row: Introduction) -> bool:
    seats = CircleSeat.objects.here().filter(circle=row.circle_id, contact__in=[row.seeker_id, row.peer_id])
    return seats.count() == len((row.seeker_id, row.peer_id)) and not any(
        one.why_not_asked for one in (row.seeker, row.peer)
    )


def _hold_seats(row: Introduction) -> None:
    """Whoever leaves at the same moment comes before it or after it; as in leaving, seats first."""
    seats = CircleSeat.objects.filter(circle=row.circle_id, contact__in=[row.seeker_id, row.peer_id])
    list(seats.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))


def _refuse(seeker: Contact, peer: Contact, circle: Circle, now: datetime) -> None:
    known, terms = standings([seeker, peer], now=now), AskTerms.of(circle.organisation)
    for one in known.values():
        if why := refusal_of_more(one, terms, now=now):
            raise MayNotBeAsked(why.words, free_at=why.free_at)


def locked(introduction: Introduction) -> Introduction:
    rows = Introduction.objects.with_people().select_for_update(of=("self",))
    row: Introduction = rows.get(pk=introduction.pk)
    return row
