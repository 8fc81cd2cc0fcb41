"""How celebrating goes: in time, answered, passed on. Shares with n and interval, and the rows behind."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from advocacy.models import Celebration, CelebrationReply
from dashboards.figures.rates import rate
from milestones.models import Achievement, Milestone
from ui.figures import Rate

WORKING_DAYS, SATURDAY = 3, 5
SHOWN = 50

DEFINITIONS: dict[str, Promise] = {
    "reached": _(
        "milestones whose achievement stands and was learned of in the period; without those that came as "
        "history, and milestones that are never celebrated"
    ),
    "in_time": _(
        "the mail was in the post by the end of the third working day (Monday to Friday) after we learned of "
        "it, of all whose third working day has passed or that were in time already"
    ),
    "replied": _("celebrations put in the post in the period that at least one guest answered"),
    "shared": _("the same, of which at least one guest passed the card on"),
    "interval": _("95 %, Wilson’s"),
}


@dataclass(frozen=True)
class Celebrated:
    since: date
    reached: int
    in_time: Rate
    posted: int
    replied: Rate
    shared: Rate
    missed: list[Any]
    """Achievements that were not celebrated in time, the newest first: at most `SHOWN`."""

    @property
    def missed_in_all(self) -> int:
        return self.in_time.of - self.in_time.count


def celebrated(*, days: int, now: datetime) -> Celebrated:
    """Of the last so many days; days are those of the zone in force."""
    today = localtime(now).date()
    since = localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days - 1)
    rows = _reached(since, now)
    in_time, missed = 0, []
    found = list(rows.values_list("pk", "recorded_at", "posted_at"))
    for pk, recorded_at, posted_at in found:
        last = working_day_after(localtime(recorded_at).date(), WORKING_DAYS)
        if posted_at is not None and localtime(posted_at).date() <= last:
            in_time += 1
        elif last < today:
            missed.append(pk)
    posted = _posted(since, now)
    return Celebrated(
        since=since.date(),
        reached=len(found),
        in_time=rate(in_time, in_time + len(missed)),
        posted=posted["n"],
        replied=rate(posted["replied"], posted["n"]),
        shared=rate(posted["shared"], posted["n"]),
        missed=_rows(missed[:SHOWN]),
    )


def working_day_after(day: date, number: int) -> date:
    """The so many-th Monday to Friday after this day."""
    while number:
        day += timedelta(days=1)
        number -= day.weekday() < SATURDAY
    return day


def _reached(since: datetime, now: datetime) -> QuerySet[Any]:
    same = Celebration.objects.filter(
        enrolment=OuterRef("enrolment"), milestone_key=OuterRef("milestone_key")
    )
    rows = Achievement.objects.standing().filter(
        recorded_at__gte=since, recorded_at__lte=now, is_history=False
    )
    return (
        rows.exclude(milestone__celebrate=Milestone.Celebrate.SILENT)
        .annotate(posted_at=Subquery(same.values("posted_at")[:1]))
        .order_by("-recorded_at", "-pk")
    )


def _posted(since: datetime, now: datetime) -> dict[str, int]:
    back = CelebrationReply.objects.filter(celebration=OuterRef("pk"))
    rows = Celebration.objects.filter(posted_at__gte=since, posted_at__lte=now).annotate(
        has_reply=Exists(back.filter(replied_at__isnull=False)),
        was_shared=Exists(back.filter(shared_at__isnull=False)),
    )
    found: dict[str, int] = rows.aggregate(
        n=Count("pk"),
        replied=Count("pk", filter=Q(has_reply=True)),
        shared=Count("pk", filter=Q(was_shared=True)),
    )
    return found


def _rows(pks: list[int]) -> list[Any]:
    same = Celebration.objects.filter(
        enrolment=OuterRef("enrolment"), milestone_key=OuterRef("milestone_key")
    )
    rows = Achievement.objects.filter(pk__in=pks).annotate(
        customer_id=F("enrolment__customer_id"),
        celebration_pk=Subquery(same.values("pk")[:1]),
        celebration_state=Subquery(same.values("state")[:1]),
        celebration_why=Subquery(same.values("state_why")[:1]),
        posted_at=Subquery(same.values("posted_at")[:1]),
    )
    return list(rows.select_related("milestone", "enrolment__customer").order_by("-recorded_at", "-pk"))


def _same() -> QuerySet[Any]:
    """The celebration of an achievement in the query outside."""
    return Celebration.objects.filter(
        enrolment=OuterRef("enrolment"), milestone_key=OuterRef("milestone_key")
    )
