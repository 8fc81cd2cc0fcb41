"""Harbour's coaches have hours and days off, customers are spoken with by rules, and a week is proposed."""

from datetime import time, timedelta
from typing import Any

from bosai.demo.harbour.stage import Stage
from coaching import planning
from coaching.models import Channel
from coaching.planning import Hours
from customers.models import Customer, Segment
from dashboards.week import raising
from dashboards.week.needs import needs_of

COACHES = {"mara": 120, "jonas": 120, "priya": 90}  # minutes a day for planned calls
SHORT_DAY = 4  # Friday
RULES = (  # segment's place by name or none, risk, every so many days, minutes, how
    (None, "", 14, 30, Channel.VIDEO),
    (None, "behind", 10, 30, Channel.VIDEO),
    (None, "stuck", 7, 45, Channel.PHONE),
    (0, "stuck", 7, 60, Channel.VISIT),
    (None, "paused", None, 30, Channel.PHONE),
)
WHY_NOT = "They count their stock all week and asked for quiet."


def plan_weeks(stage: Stage) -> None:
    """As of today; what came due is raised, and one of Mara's calls is skipped."""
    organisation, theo, now = stage.organisation, stage.people["theo"], stage.calendar.now
    made: dict[str, Any] = {"organisation": organisation, "now": now}
    segments = list(Segment.objects.order_by("name"))
    for place, risk, every, minutes, channel in RULES:
        planning.set_rule(
            segment=None if place is None else segments[place],
            stage="",
            risk=risk,
            values={"every_days": every, "minutes": minutes, "channel": channel},
            by=theo,
            **made,
        )
    for name, minutes in COACHES.items():
        user = stage.people[name]
        hours = {day: Hours(time(9), time(17), minutes) for day in range(SHORT_DAY)}
        hours[SHORT_DAY] = Hours(time(9), time(13), minutes // 2)
        planning.set_hours(user=user, hours=hours, by=user, **made)
    _take_leave(stage)
    raising.raise_for(organisation=organisation, now=now)
    _skip_one(stage)


def _take_leave(stage: Stage) -> None:
    """Mara has two days at the start of the week after next; everybody meets for a day before."""
    today = stage.calendar.today
    monday = today + timedelta(days=14 - today.weekday())
    made: dict[str, Any] = {"organisation": stage.organisation, "now": stage.calendar.now}
    ada, mara = stage.people["ada"], stage.people["mara"]
    planning.add_day_off(
        user=mara, first_on=monday, last_on=monday + timedelta(days=1), name="Sailing", by=mara, **made
    )
    friday = monday - timedelta(days=3)
    planning.add_day_off(user=None, first_on=friday, last_on=friday, name="Team day", by=ada, **made)


def _skip_one(stage: Stage) -> None:
    mara, now, organisation = stage.people["mara"], stage.calendar.now, stage.organisation
    own = Customer.objects.owned_by(mara).exclude(key="kestrel-freight")
    found = needs_of(own, organisation=organisation, until=stage.calendar.today, now=now)
    if found:
        planning.skip(organisation=organisation, due=found[-1].due, why=WHY_NOT, by=mara, now=now)
