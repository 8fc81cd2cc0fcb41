"""The clock of an enrolment: it runs from the start, and stands while there is a pause.

A target is a number of running days. So a target date is the last day by whose beginning no more of them have
gone: each pause that begins by then moves it by its length. Days to a milestone count running days alone.
The same in Python for one customer and in the database for all; both are tested against counting day by day.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import DateField, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.expressions import Combinable, Expression
from django.db.models.functions import Coalesce, Greatest, Least

from milestones.models import Pause
from organisations.models import Organisation

PAUSE = Pause._meta.db_table


def running_days(since: date, until: date, pauses: Iterable[Pause]) -> int:
    """Days from one day to another on which the clock ran."""
    stood = sum(
        max(0, (min(pause.resumes_on or until, until) - max(pause.starts_on, since)).days) for pause in pauses
    )
    return max(0, (until - since).days - stood)


def target_day(started_on: date | None, days: int | None, pauses: Iterable[Pause]) -> date | None:
    """When that many running days have gone. None without a start or a target, and while the clock stands
    before it and nobody knows until when."""
    if started_on is None or days is None:
        return None
    target = started_on + timedelta(days=days)
    for pause in sorted(pauses, key=lambda pause: pause.starts_on):
        if pause.starts_on > target:
            break
        if pause.resumes_on is None:
            return None
        target += max(timedelta(), pause.resumes_on - max(pause.starts_on, started_on))
    return target


class DaysBetween(Func):
    """Whole days from the second date to the first."""

    arity = 2
    output_field = IntegerField()
    template, arg_joiner = "(%(expressions)s)", " - "

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "CAST(julianday(%(expressions)s) AS INTEGER)"
        return super().as_sql(compiler, connection, template=template, arg_joiner=") - julianday(", **extra)


def held_back(day: date, days: int, pauses: QuerySet[Pause]) -> QuerySet[Any]:
    """Ids of enrolments that only by their pauses have not yet run more than `days` days by `day`."""
    begun = pauses.filter(enrolment__started_on__lt=day - timedelta(days=days))
    return held_since(F("enrolment__started_on"), day, days, begun)


def held_since(since: F, day: date, days: int, pauses: QuerySet[Pause]) -> QuerySet[Any]:
    """The same of days from `since`, a date of each of these pauses, on."""
    stood = stood_until(_on(day), pauses, since).annotate(gone=DaysBetween(_on(day), since))
    return stood.filter(gone__lte=F("stood") + days).values("enrolment")


def running(day: date, pauses: QuerySet[Pause] | None) -> Combinable:
    """Running days from the start to `day`, of enrolments that began by then; no pauses: those of nobody."""
    gone = DaysBetween(_on(day), F("started_on"))
    if pauses is None:
        return gone
    stood = stood_until(
        _on(day),
        pauses.filter(enrolment=OuterRef("pk"), enrolment__started_on__lt=day),
        F("enrolment__started_on"),
    )
    return gone - Coalesce(Subquery(stood.values("stood")), 0)


def stood_until(day: Expression, pauses: QuerySet[Pause], since: F) -> QuerySet[Any]:
    """By enrolment, how many days the clock `stood` from `since` to that day, a date of each pause."""
    begins = Greatest(F("starts_on"), since)
    until = Least(Coalesce(F("resumes_on"), day), day)
    touching = pauses.filter(Q(resumes_on=None) | Q(resumes_on__gt=since), starts_on__lt=day)
    return touching.order_by().values("enrolment").annotate(stood=Sum(DaysBetween(until, begins)))


def _on(day: date) -> Value:
    return Value(day, output_field=DateField())


# In statements written by hand. Dates are text on SQLite, and sort as such.


def plus(day: str, days: str) -> str:
    if connection.vendor == "postgresql":
        return f"({day} + CAST({days} AS integer))"
    return f"date({day}, ({days}) || ' days')"


def minus(day: str, other: str) -> str:
    if connection.vendor == "postgresql":
        return f"({day} - {other})"
    return f"CAST(julianday({day}) - julianday({other}) AS INTEGER)"


def earliest(*days: str) -> str:
    return f"{'LEAST' if connection.vendor == 'postgresql' else 'MIN'}({', '.join(days)})"


def latest(*days: str) -> str:
    return f"{'GREATEST' if connection.vendor == 'postgresql' else 'MAX'}({', '.join(days)})"


def days_between(organisation: Organisation) -> str:
    """Running days from the start given to the local day something was reached, of a row `r`."""
    zone = organisation.tzinfo.key  # a known zone name, safe to write into the statement
    day = f"django_datetime_cast_date(r.achieved_at, '{zone}', 'UTC')"
    if connection.vendor == "postgresql":
        day = f"(r.achieved_at AT TIME ZONE '{zone}')::date"
    stood = minus(earliest(f"COALESCE(p.resumes_on, {day})", day), latest("p.starts_on", "r.started_on"))
    return f"""CAST({minus(day, "r.started_on")} - COALESCE((
        SELECT SUM({stood}) FROM {PAUSE} p
        WHERE p.organisation_id = r.organisation_id AND p.enrolment_id = r.enrolment_id
          AND p.withdrawn_at IS NULL AND p.starts_on < {day} AND r.started_on < {day}
          AND (p.resumes_on IS NULL OR p.resumes_on > r.started_on)), 0) AS integer)"""
