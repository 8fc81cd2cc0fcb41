"""What somebody does about their seat: join, show more or less of themselves, leave it without a trace."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from advocacy.convening import following, introducing, letters
from advocacy.convening.noting import note_seat
from advocacy.models import CircleSeat, Introduction
from advocacy.recruiting.faults import NotPossible
from organisations.models import User

State = CircleSeat.State


def join(
    *, seat: CircleSeat, shows: Collection[str] = (), now: datetime, is_demo: bool = False
) -> CircleSeat:
    """Their own yes, with what they show. Joining again changes nothing. Raises NotPossible."""
    with transaction.atomic():
        row = locked(seat)
        if row.is_joined:
            return row
        if row.circle.closed_at or not (row.state == State.ASKED or row.has_way_back(now)):
            raise NotPossible(_("You were not asked into this circle, or it is closed. Write to us."))
        row.state, row.joined_at, row.is_demo = State.JOINED, now, is_demo
        row.ended_at = None
        _show(row, shows)
        row.save()
        following.follow(circle=row.circle, now=now)
        note_seat(row, "circle_joined", now=now, demo=is_demo)
    return row


def show(*, seat: CircleSeat, shows: Collection[str], now: datetime) -> CircleSeat:
    """What the others see of them from now on; their first name always. Raises NotPossible (not in it)."""
    with transaction.atomic():
        row = locked(seat)
        if not row.is_joined:
            raise NotPossible(_("You are not in this circle. Nothing is shown of you."))
        before = [getattr(row, name) for name in CircleSeat.SHOWN]
        _show(row, shows)
        if before != [getattr(row, name) for name in CircleSeat.SHOWN]:
            row.save(update_fields=CircleSeat.SHOWN)
            note_seat(row, "circle_shown", now=now)
    return row


def leave(*, seat: CircleSeat, now: datetime) -> CircleSeat:
    """Their own no, before or after they joined."""
    with transaction.atomic():
        row = locked(seat)
        state = State.DECLINED if row.state == State.ASKED else State.LEFT
        return out(row, state, by=None, now=now)


def take_out(*, seat: CircleSeat, by: User, now: datetime) -> CircleSeat:
    """A member takes them out, or takes the question back."""
    with transaction.atomic():
        return out(locked(seat), State.LEFT, by=by, now=now)


def out(seat: CircleSeat, state: State, *, by: User | None, now: datetime) -> CircleSeat:
    """Out of everything: nothing is shown, meetings go from their calendar, no introduction comes about.

    Give it locked, within a transaction. Whoever is out already stays as they are.
    """
    if seat.state not in (State.ASKED, State.JOINED):
        return seat
    was_in = seat.is_joined
    seat.state, seat.ended_at, seat.ended_by = state, now, by
    _show(seat, ())
    seat.save()
    why = _("they left the circle, or would rather not be in it")
    letters.recall_ask(seat, why=why)
    if was_in:
        letters.recall_news(seat.contact, why=why)
        rows = Introduction.objects.filter(circle=seat.circle_id).of(seat.contact)
        for one in rows.with_people().select_for_update(of=("self",)).order_by("pk"):
            introducing.end(one, by=by, now=now)
        following.follow(circle=seat.circle, now=now)
    verb = "circle_left" if was_in else "circle_declined" if by is None else "circle_ask_withdrawn"
    note_seat(seat, verb, by=by, now=now)
    return seat


def _show(seat: CircleSeat, shows: Collection[str]) -> None:
    for name in CircleSeat.SHOWN:
        setattr(seat, name, name in shows)


def locked(seat: CircleSeat) -> CircleSeat:
    row: CircleSeat = CircleSeat.objects.with_people().select_for_update(of=("self",)).get(pk=seat.pk)
    return row
