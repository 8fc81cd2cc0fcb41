"""Ask somebody into a circle. Nobody is in it without their own yes."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from advocacy.convening import letters
from advocacy.convening.noting import note_seat
from advocacy.ledger import Refusal, refusal_of_more, standings
from advocacy.models import AskTerms, Circle, CircleSeat
from advocacy.recruiting.faults import MayNotBeAsked, NotPossible
from customers.models import Contact
from organisations.models import User

REST = timedelta(days=180)
State = CircleSeat.State


def ask(*, circle: Circle, contact: Contact, by: User, now: datetime, simulated: bool = False) -> CircleSeat:
    """By mail, on a link of their own. Whoever was asked, or is in it, is not asked again: twice is once.

    Raises MayNotBeAsked (why, and from when on they may), NotPossible (the circle is closed).
    """
    if circle.closed_at is not None:
        raise NotPossible(_("This circle is closed. Nobody was asked."))
    with transaction.atomic():
        person = alone_with([contact])[0]
        organisation = circle.organisation
        seat = CircleSeat.objects.with_people().filter(circle=circle, contact=person).first()
        if seat and seat.state in (State.ASKED, State.JOINED):
            return seat
        why = _resting(seat, now) or refusal_of_more(
            standings([person], now=now)[person.pk], AskTerms.of(organisation), now=now
        )
        if why:
            raise MayNotBeAsked(why.words, free_at=why.free_at)
        row: CircleSeat = seat or CircleSeat(organisation=organisation, circle=circle)
        row.contact, row.state, row.asked_at, row.asked_by = person, State.ASKED, now, by
        row.joined_at = row.ended_at = row.told_at = None
        row.ended_by = None
        row.save()
        letters.ask_in(row, now=now, simulated=simulated)
        note_seat(row, "circle_asked", by=by, now=now)
    return row


def alone_with(contacts: list[Contact]) -> list[Contact]:
    """Whoever asks the same people at once waits, and then finds what was asked. Always in one order."""
    rows = Contact.objects.select_for_update(of=("self",)).order_by("pk")
    rows = rows.select_related("recipient", "customer__organisation", "customer__owner")
    found = {one.pk: one for one in rows.filter(pk__in=[one.pk for one in contacts])}
    return [found[one.pk] for one in contacts]


def _resting(seat: CircleSeat | None, now: datetime) -> Refusal | None:
    """Whoever said no, or left by themselves, is left in peace for half a year."""
    if seat is None or seat.ended_at is None or seat.ended_by_id or seat.ended_at + REST <= now:
        return None
    words = _("%(name)s left this circle, or would rather not be in it.")
    return Refusal(words % {"name": seat.contact.name}, seat.ended_at + REST)
