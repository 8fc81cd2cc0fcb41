"""Meetings of a circle: planned, moved, called off. Calendars follow by mail."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from advocacy.convening import following
from advocacy.convening.noting import note_meeting
from advocacy.models import Circle, CircleMeeting, MeetingNotice
from advocacy.models.meetings import CircleMeetingQuerySet
from advocacy.recruiting.faults import NotPossible, WordsMissing
from organisations.models import User

FIELDS = MeetingNotice.TOLD


def plan(
    *, circle: Circle, values: dict[str, Any], by: User, now: datetime, simulated: bool = False
) -> CircleMeeting:
    """When and where. Everybody in the circle gets it, and whoever joins later. Planned twice it is one.

    Raises WordsMissing (the time is past), NotPossible (the circle is closed).
    """
    if circle.closed_at is not None:
        raise NotPossible(_("This circle is closed. Nothing was planned."))
    _check(values, now)
    with transaction.atomic():
        Circle.objects.select_for_update(no_key=True).get(pk=circle.pk)  # whoever plans at once waits
        if same := _same(circle, values).first():
            return same
        row = CircleMeeting(organisation=circle.organisation, circle=circle, planned_at=now, planned_by=by)
        for name in FIELDS:
            setattr(row, name, values[name])
        row.save(force_insert=True)
        following.follow(circle=circle, now=now, simulated=simulated)
        note_meeting(row, "circle_meeting_planned", by=by, now=now)
    return row


def change(*, meeting: CircleMeeting, values: dict[str, Any], by: User, now: datetime) -> CircleMeeting:
    """Other words, another time or place: every calendar hears it. Saving the same changes nothing."""
    _check(values, now)
    with transaction.atomic():
        row = _locked(meeting)
        if not row.is_ahead(now):
            raise NotPossible(_("This meeting is off or past. Plan another one."))
        if all(getattr(row, name) == values[name] for name in FIELDS):
            return row
        Circle.objects.select_for_update(no_key=True).get(pk=row.circle_id)
        if _same(row.circle, values).exclude(pk=row.pk).exists():
            raise WordsMissing("title", _("There is a meeting of this name at this time already."))
        for name in FIELDS:
            setattr(row, name, values[name])
        row.save()
        following.follow(circle=row.circle, now=now)
        note_meeting(row, "circle_meeting_changed", by=by, now=now)
    return row


def call_off(*, meeting: CircleMeeting, by: User, now: datetime) -> CircleMeeting:
    """It goes from every calendar. Calling off again changes nothing. Raises NotPossible (it is past)."""
    with transaction.atomic():
        row = _locked(meeting)
        if row.off_at is not None:
            return row
        if row.starts_at <= now:
            raise NotPossible(_("This meeting is past. It cannot be called off."))
        row.off_at, row.off_by = now, by
        row.save(update_fields=["off_at", "off_by"])
        following.follow(circle=row.circle, now=now)
        note_meeting(row, "circle_meeting_off", by=by, now=now)
    return row


def _same(circle: Circle, values: dict[str, Any]) -> CircleMeetingQuerySet:
    about = {"title": values["title"], "starts_at": values["starts_at"]}
    return CircleMeeting.objects.filter(circle=circle, off_at=None, **about)


def _check(values: dict[str, Any], now: datetime) -> None:
    if values["starts_at"] <= now:
        raise WordsMissing("on", _("That is in the past. Choose a time that is still to come."))


def _locked(meeting: CircleMeeting) -> CircleMeeting:
    rows = CircleMeeting.objects.select_related("organisation", "circle__organisation", "circle__host")
    row: CircleMeeting = rows.select_for_update(of=("self",)).get(pk=meeting.pk)
    return row
