"""Write down when a member works, how many minutes of it are for planned calls, and when they are away."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction

from coaching.alone import alone_in
from coaching.models import DayOff, WorkDay
from organisations.models import Organisation, User


@dataclass(frozen=True, slots=True)
class Hours:
    """Of one weekday. `minutes` of them are for planned calls."""

    begins: time
    ends: time
    minutes: int


USUAL_HOURS = Hours(time(9), time(17), 180)
"""What a form begins with; nobody has hours until they are saved."""


def hours_of(user: User) -> dict[int, Hours]:
    """By weekday, 0 is Monday. None of them: they never said."""
    rows = WorkDay.objects.filter(user=user).order_by("weekday")
    return {row.weekday: Hours(row.begins, row.ends, row.minutes) for row in rows}


def set_hours(
    *, organisation: Organisation, user: User, hours: Mapping[int, Hours], by: User, now: datetime
) -> None:
    """These from now on, and no others. What is planned stays planned."""
    with transaction.atomic():
        alone_in(organisation)
        if hours_of(user) == dict(hours):
            return
        WorkDay.objects.filter(user=user).delete()
        WorkDay.objects.bulk_create(
            WorkDay(
                organisation=organisation,
                user=user,
                weekday=weekday,
                begins=each.begins,
                ends=each.ends,
                minutes=each.minutes,
            )
            for weekday, each in hours.items()
        )
        organisation.log("hours_set", by=by, now=now, owner_id=user.pk)


def add_day_off(
    *,
    organisation: Organisation,
    user: User | None,
    first_on: date,
    last_on: date,
    name: str,
    by: User,
    now: datetime,
) -> DayOff:
    """From the first to the last of these days nothing is planned for them; `user` None: for nobody."""
    with transaction.atomic():
        row = DayOff.objects.create(
            organisation=organisation, user=user, first_on=first_on, last_on=last_on, name=name
        )
        organisation.log("day_off_added", by=by, now=now, subject=row, owner_id=user.pk if user else None)
    return row


def drop_day_off(*, day_off: DayOff, by: User, now: datetime) -> None:
    with transaction.atomic():
        day_off.organisation.log("day_off_removed", by=by, now=now, subject=day_off, owner_id=day_off.user_id)
        day_off.delete()
