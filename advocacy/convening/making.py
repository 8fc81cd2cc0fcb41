"""Circles themselves: made, changed, closed. Closing one takes everybody out of it."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from advocacy.convening import belonging, following, introducing
from advocacy.convening.noting import note_circle
from advocacy.models import Circle, CircleSeat, Introduction
from advocacy.recruiting.faults import NotPossible, WordsMissing
from organisations.models import Organisation, User

FIELDS = ("name", "about", "talk_url", "host")


def save(
    *,
    organisation: Organisation,
    values: dict[str, Any],
    by: User,
    now: datetime,
    circle: Circle | None = None,
) -> Circle:
    """A new one, or another wording. Raises WordsMissing: no name, nothing in common, a name in use."""
    said = {name: values[name] for name in FIELDS if name in values}
    _check(said)
    row = circle or Circle(organisation=organisation, host=by, made_at=now, made_by=by)
    if row.closed_at is not None:
        raise NotPossible(_("This circle is closed. Make a new one."))
    for name, value in said.items():
        setattr(row, name, value)
    try:
        with transaction.atomic():
            row.save()
            note_circle(row, "circle_changed" if circle else "circle_made", by=by, now=now)
    except IntegrityError as taken:
        words = _("There is a circle “%(name)s” already. Give this one another name.")
        raise WordsMissing("name", words % {"name": row.name}) from taken
    return row


def _check(said: dict[str, Any]) -> None:
    words = {
        "name": _("Give the circle a name."),
        "about": _("Say what they have in common: it is all they read before they join."),
    }
    for name, missing in words.items():
        if name in said and not said[name].strip():
            raise WordsMissing(name, missing)


def close(*, circle: Circle, by: User, now: datetime) -> Circle:
    """For good: meetings are off, introductions that wait end, nobody sees anybody there any more."""
    with transaction.atomic():
        seats = list(CircleSeat.objects.filter(circle=circle).select_for_update(of=("self",)).order_by("pk"))
        for one in Introduction.objects.open().filter(circle=circle).with_people():
            introducing.end(introducing.locked(one), by=by, now=now)
        row: Circle = (
            Circle.objects.select_related("organisation", "host")
            .select_for_update(of=("self",))
            .get(pk=circle.pk)
        )
        if row.closed_at is not None:
            return row
        row.closed_at, row.closed_by = now, by
        row.save(update_fields=["closed_at", "closed_by"])
        for seat in seats:
            if seat.state == CircleSeat.State.ASKED:
                belonging.out(belonging.locked(seat), CircleSeat.State.LEFT, by=by, now=now)
        following.follow(circle=row, now=now)
        note_circle(row, "circle_closed", by=by, now=now)
    return row
