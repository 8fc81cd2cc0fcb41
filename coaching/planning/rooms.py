"""How many minutes a member has left for planned calls on which day, and when exactly they are free."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from coaching.inviting import USUAL_MINUTES
from coaching.models import DayOff, Touchpoint
from coaching.models.plans import midnight
from coaching.planning.hours import Hours, hours_of
from coaching.stretches import Stretch, free
from organisations.models import Organisation, User


@dataclass(frozen=True)
class Room:
    """One day of one member, on their own clock."""

    day: date
    minutes: int = 0
    """For planned calls in all."""
    planned: Sequence[Touchpoint] = ()
    """What stands there already, held or still to come."""
    planned_minutes: int = 0
    stretches: Sequence[Stretch] = field(default_factory=list)
    """When they are free and work."""
    is_over: bool = False
    why: str = ""
    """Why nothing is planned here, where that is so."""

    @property
    def left(self) -> int:
        """So many more minutes may be planned."""
        open_minutes = sum(one.minutes for one in self.stretches)
        return max(0, min(self.minutes - self.planned_minutes, open_minutes))

    @property
    def over(self) -> int:
        """Planned by hand beyond what is there."""
        return max(0, self.planned_minutes - self.minutes)


def zone_of(user: User, organisation: Organisation) -> ZoneInfo:
    return ZoneInfo(user.zone or organisation.zone)


def rooms_of(
    user: User,
    days: Sequence[date],
    *,
    organisation: Organisation,
    now: datetime,
    since: datetime | None = None,
) -> list[Room]:
    """Of each of these days, which follow one another; free from `since` on, else from now. Three queries."""
    if not days:
        return []
    zone, hours = zone_of(user, organisation), hours_of(user)
    away = list(DayOff.objects.of(user).until_after(days[0]))
    planned = _planned(user, days, zone)
    today, since = now.astimezone(zone).date(), since or now
    return [_room(day, hours, away, planned[day], zone, today, since) for day in days]


def _planned(user: User, days: Sequence[date], zone: ZoneInfo) -> dict[date, list[Touchpoint]]:
    first, last = midnight(days[0], zone), midnight(days[-1] + timedelta(days=1), zone)
    rows = Touchpoint.objects.exclude(state=Touchpoint.State.SKIPPED).filter(
        owner=user, due_at__gte=first, due_at__lt=last
    )
    found: dict[date, list[Touchpoint]] = defaultdict(list)
    for row in rows.with_usual_minutes().soonest_first():
        found[row.due_at.astimezone(zone).date()].append(row)
    return found


def minutes_of(planned: Touchpoint) -> int:
    """Of one with its usual minutes."""
    return planned.minutes or planned.usual_minutes or USUAL_MINUTES


def _room(
    day: date,
    hours: dict[int, Hours],
    away: Sequence[DayOff],
    planned: Sequence[Touchpoint],
    zone: ZoneInfo,
    today: date,
    since: datetime,
) -> Room:
    taken = sum(minutes_of(row) for row in planned)
    holiday = next((row for row in away if row.covers(day)), None)
    works = hours.get(day.weekday())
    if day < today:
        return Room(
            day, 0 if holiday or not works else works.minutes, planned, taken, is_over=True, why=_("Over")
        )
    if holiday:
        return Room(day, 0, planned, taken, why=holiday.name or _("Away"))
    if works is None:
        return Room(day, 0, planned, taken, why=_("No working hours") if hours else _("Hours not said yet"))
    busy = [_stretch(row) for row in planned]
    stretches = free(day, works.begins, works.ends, zone, taken=busy, since=since)
    return Room(day, works.minutes, planned, taken, stretches)


def _stretch(row: Touchpoint) -> Stretch:
    begins = row.due_at.astimezone(UTC)
    return Stretch(begins, begins + timedelta(minutes=minutes_of(row)))
